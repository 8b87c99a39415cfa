"""`outreach import`: load lists, or see what they would bring."""

import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.cli import named
from outreach.cli.console import DAY, LANGUAGE, answer, json_option, unknown
from outreach.database import transaction
from outreach.extensions import db
from outreach.imports.commands import Terms, load_list
from outreach.imports.judging import Incoming, receive
from outreach.imports.models import NOT_ENROLLED
from outreach.imports.queries.agreeing import agreements_valid, only_agreement, require_valid
from outreach.imports.queries.comparing import crowded_addresses
from outreach.imports.reading import read_list
from outreach.imports.words import word
from outreach.partners.models import Agreement, Area
from outreach.partners.queries import agreements, find_agreement

_SHOWN = 20
"""How many refused rows are said on the console; all of them are in the receipt."""


class _OnlyLooked(Exception):
    """Takes everything back that a dry run did."""


@click.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--kind", required=True, type=click.Choice([NOT_ENROLLED]), expose_value=False)
@click.option("--area", "area_key", required=True, metavar="KEY")
@click.option("--as-of", required=True, type=DAY, help="The day the list was made, as 2026-12-15.")
@click.option("--agreement", "agreement_key", metavar="KEY", help="Left out: the only valid one.")
@click.option("--dry-run", is_flag=True, help="Count what it would bring; write nothing.")
@json_option
@with_appcontext
def import_lists(
    files: tuple[Path, ...],
    area_key: str,
    as_of: date,
    agreement_key: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Load lists of children who are not enrolled: new children get a case, every row is accounted for.

    Several files are loaded one after the other, all or none; then the answer is their sum, with "files" beside it.
    """
    incoming = [receive(read_list(file), as_of) for file in files]
    answers: list[dict[str, Any]] = []
    with suppress(_OnlyLooked), transaction(db.session) as session:
        area = named.area(session, area_key)
        agreement = _agreement(session, area, as_of, agreement_key)
        terms = Terms(area, as_of, area.coordinator_id, agreement.id if agreement else None)
        _say_warnings(session, incoming, area, as_of, agreement)
        by = builtin(session, "console")
        answers = [load_list(session, one, terms, by=by).answer() for one in incoming]
        if dry_run:
            raise _OnlyLooked
    if dry_run:
        answers = [{**one, "cases_opened": 0, "loaded": False, "batch": None} for one in answers]
    for one in incoming:
        _say_refused(one)
    answer(as_json, _together(files, answers), _in_words(files, answers, dry_run))


def _agreement(session: Session, area: Area, as_of: date, key: str | None) -> Agreement | None:
    """The one named, which must be valid; else the only valid one."""
    if key is None:
        return only_agreement(session, area, as_of)
    found = find_agreement(session, key)
    if found is None:
        raise unknown("Overeenkomst", key, [one.key for one in agreements(session)], "agreements add")
    require_valid(found, area, as_of)
    return found


def _say_warnings(
    session: Session, incoming: Sequence[Incoming], area: Area, as_of: date, agreement: Agreement | None
) -> None:
    if as_of > clock.today():
        _say("warning.as_of_ahead", as_of=as_of.isoformat())
    if agreement is None:
        several = len(agreements_valid(session, area, as_of)) > 1
        _say("warning.agreement_several" if several else "warning.agreement_none", as_of=as_of.isoformat())
    for one in incoming:
        for there in crowded_addresses(session, one.judged.children).values():
            rows = [child.row_number for child in there]
            _say("warning.crowded_address", count=len(rows), rows=rows[:_SHOWN])


def _say_refused(one: Incoming) -> None:
    for refused in one.judged.refused[:_SHOWN]:
        for fault in refused.faults:
            where = word("console.place", LANGUAGE, row=refused.row_number, column=fault.column or "-")
            click.echo(f"{where}: {fault.wrong(LANGUAGE)} {fault.todo(LANGUAGE)}", err=True)
    rest = len(one.judged.refused) - _SHOWN
    if rest > 0:
        _say("console.more_refused", count=rest)


def _say(key: str, **data: Any) -> None:
    print(word(key, LANGUAGE, **data), file=sys.stderr)


def _together(files: Sequence[Path], answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The one answer, or the sum of several: same file only if all are, loaded if any is."""
    if len(answers) == 1:
        return answers[0]
    counts = {name: sum(one[name] for one in answers) for name in answers[0] if name not in _NOT_COUNTED}
    return {
        **counts,
        "same_file": all(one["same_file"] for one in answers),
        "loaded": any(one["loaded"] for one in answers),
        "batch": answers[-1]["batch"],
        "files": [{"file": file.name, **one} for file, one in zip(files, answers, strict=True)],
    }


_NOT_COUNTED = ("same_file", "loaded", "batch")


def _in_words(files: Sequence[Path], answers: Sequence[dict[str, Any]], dry_run: bool) -> Iterable[str]:
    for file, one in zip(files, answers, strict=True):
        yield f"{file.name}: {word('console.account', LANGUAGE, **one)}"
        if one["same_file"]:
            yield word("console.same_file", LANGUAGE, batch=one["batch"] or "-")
        elif dry_run:
            yield word("console.dry_run", LANGUAGE)
        else:
            yield word("console.loaded", LANGUAGE, **one)
