"""`outreach import`: load lists, or see what they would bring."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from outreach.accounts.actors import builtin
from outreach.cli import named
from outreach.cli.asked import SHOWN, Asked, OnlyLooked, lists_in, say, say_day, say_refused
from outreach.cli.console import DAY, LANGUAGE, REFUSED, answer, json_option
from outreach.cli.long_lists import seldom_collected
from outreach.cli.progress import Progress
from outreach.cli.reports import import_absences, import_reports
from outreach.cli.running import import_running
from outreach.database import transaction
from outreach.extensions import db
from outreach.imports.commands import Terms, load_list, look_at_list
from outreach.imports.judging import Incoming, receive
from outreach.imports.models import ABSENCES, NOT_ENROLLED, PARTICIPATION, RUNNING
from outreach.imports.queries.comparing import crowded_addresses
from outreach.imports.words import word


@click.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--kind", required=True, type=click.Choice([NOT_ENROLLED, PARTICIPATION, ABSENCES, RUNNING]))
@click.option("--area", "area_key", required=True, metavar="KEY")
@click.option("--as-of", required=True, type=DAY, help="The day the list was made, as 2026-12-15.")
@click.option("--agreement", "agreement_key", metavar="KEY", help="Left out: the only valid one.")
@click.option("--dry-run", is_flag=True, help="Count what it would bring; write nothing.")
@click.option("--status", "statuses", multiple=True, metavar="WORD=STEP", help="Running: what a status means.")
@click.option("--who", multiple=True, metavar="NAME=ADDRESS", help="Running: whom a name stands for.")
@click.option("--parents-agree", is_flag=True, help="Running: parents know of the partners on the list and agree.")
@json_option
@with_appcontext
def import_lists(
    files: tuple[Path, ...],
    kind: str,
    area_key: str,
    as_of: date,
    agreement_key: str | None,
    dry_run: bool,
    statuses: tuple[str, ...],
    who: tuple[str, ...],
    parents_agree: bool,
    as_json: bool,
) -> None:
    """Load lists: every row is accounted for. A folder stands for the lists in it.

    Not enrolled: new children get a case; several files are loaded one after the other, all or none, and the answer is
    their sum, with "files" beside it. Participation: the reports of schools, all files together; absences: the same,
    told by day and half day. Running: one's own list of running cases is taken over; a status of which nobody said what
    it means leaves its cases at the first step. Without a valid agreement a list is only looked at: the command ends
    with 3.
    """
    if kind != RUNNING and (statuses or who or parents_agree):
        raise click.UsageError(word("console.only_running", LANGUAGE))
    with seldom_collected(), Progress() as progress:
        asked = Asked(
            lists_in(files), area_key, as_of, agreement_key, dry_run, as_json, progress, statuses, who, parents_agree
        )
        covered = _IMPORTS[kind](asked)
    if not covered and not dry_run:
        say("console.preview_only", as_of=as_of.isoformat())
        click.get_current_context().exit(REFUSED)


def _not_enrolled(asked: Asked) -> bool:
    """Load lists of children who are not enrolled: whether an agreement covers them."""
    incoming = [receive(one, asked.as_of) for one in asked.lists(NOT_ENROLLED)]
    answers: list[dict[str, Any]] = []
    with suppress(OnlyLooked), transaction(db.session) as session:
        area = named.area(session, asked.area_key)
        agreement = asked.agreement(session, area, NOT_ENROLLED)
        looked = asked.dry_run or agreement is None
        terms = Terms(area, asked.as_of, area.coordinator_id, agreement.id if agreement else None)
        _say_warnings(session, incoming, asked)
        by = builtin(session, "console")
        if looked and len(incoming) == 1:
            answers = [look_at_list(session, incoming[0], terms).answer()]
        else:  # what the second brings depends on the first
            answers = [load_list(session, one, terms, by=by, told=asked.progress).answer() for one in incoming]
        if looked:
            raise OnlyLooked
    if looked:
        answers = [{**one, "cases_opened": 0, "loaded": False, "batch": None} for one in answers]
    for one in incoming:
        say_refused(one.judged.refused)
    answer(asked.as_json, _together(asked.files, answers), _in_words(asked.files, answers, looked))
    return agreement is not None


_IMPORTS = {
    NOT_ENROLLED: _not_enrolled,
    PARTICIPATION: import_reports,
    ABSENCES: import_absences,
    RUNNING: import_running,
}


def _say_warnings(session: Session, incoming: Sequence[Incoming], asked: Asked) -> None:
    say_day(asked.as_of)
    for one in incoming:
        for there in crowded_addresses(session, one.judged.children).values():
            rows = [child.row_number for child in there]
            say("warning.crowded_address", count=len(rows), rows=rows[:SHOWN])


def _together(files: Sequence[Path], answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The one answer, or the sum of several: same file only if all are, loaded if any is."""
    if len(answers) == 1:
        return answers[0]
    counts = {name: sum(one[name] for one in answers) for name in answers[0] if name not in _NOT_COUNTED}
    told = [one["differences"] for one in answers]
    return {
        **counts,
        "differences": {name: sum(one[name] for one in told) for name in told[0]},
        "same_file": all(one["same_file"] for one in answers),
        "loaded": any(one["loaded"] for one in answers),
        "batch": answers[-1]["batch"],
        "files": [{"file": file.name, **one} for file, one in zip(files, answers, strict=True)],
    }


_NOT_COUNTED = ("same_file", "loaded", "batch", "differences")


def _in_words(files: Sequence[Path], answers: Sequence[dict[str, Any]], dry_run: bool) -> Iterable[str]:
    for file, one in zip(files, answers, strict=True):
        yield f"{file.name}: {word('console.account', LANGUAGE, **one)}"
        if one["same_file"]:
            yield word("console.same_file", LANGUAGE, batch=one["batch"] or "-")
        elif dry_run:
            yield word("console.dry_run", LANGUAGE)
        else:
            yield word("console.loaded", LANGUAGE, **one)
