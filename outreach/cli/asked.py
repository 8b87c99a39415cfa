"""What every kind of list has in common on the console: what was asked, the agreement, what is said on the way."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cli import named
from outreach.cli.console import LANGUAGE, unknown
from outreach.cli.progress import Progress
from outreach.errors import Unreadable
from outreach.extensions import db
from outreach.imports.checking import RefusedRow
from outreach.imports.queries.agreeing import only_agreement, require_valid
from outreach.imports.queries.known_lists import read_known_list
from outreach.imports.reading import ListFile
from outreach.imports.words import word
from outreach.partners.models import Agreement, Area
from outreach.partners.queries import agreements, find_agreement

SHOWN = 20
"""How many refused rows are said on the console; all of them are in the receipt."""

_ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm")


class OnlyLooked(Exception):
    """Takes everything back that was only looked at."""


@dataclass(frozen=True)
class Asked:
    """One call of `outreach import`."""

    files: tuple[Path, ...]
    area_key: str
    as_of: date
    agreement_key: str | None
    dry_run: bool
    as_json: bool
    progress: Progress
    statuses: tuple[str, ...] = ()
    """What words of a list of running cases mean, each as "word=step" or "word=closure"."""
    who: tuple[str, ...] = ()
    """Whom names stand for, each as "name=address" or "name=organisation"."""
    parents_agree: bool = False

    def lists(self, kind: str) -> list[ListFile]:
        """The files as lists of this kind, by our words and what the area's coordinating organisation said of them.

        Reading them is told to who waits. Raises Unreadable.
        """
        receives = named.area(db.session, self.area_key).coordinator_id
        return [read_known_list(db.session, receives, kind, file).followed(self.progress) for file in self.files]

    def agreement(self, session: Session, area: Area, source: str) -> Agreement | None:
        """The one named, which must be valid (else Refused); without a name the only valid one."""
        if self.agreement_key is None:
            return only_agreement(session, area, self.as_of, source)
        found = find_agreement(session, self.agreement_key)
        if found is None:
            raise unknown(
                "Overeenkomst", self.agreement_key, [one.key for one in agreements(session)], "agreements add"
            )
        require_valid(found, area, self.as_of, source)
        return found


def lists_in(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files, and for a folder the lists in it by name. Raises Unreadable for a folder without any."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(one for one in path.iterdir() if one.suffix.lower() in _ENDINGS and one.name[0] not in "~.")
        if not inside:
            raise Unreadable("folder_without_lists", folder=path.name)
        found += inside
    return tuple(found)


def say(key: str, **data: object) -> None:
    """Something to know, on stderr."""
    print(word(key, LANGUAGE, **data), file=sys.stderr)


def say_day(as_of: date) -> None:
    """That the list is of a day still to come, if it is."""
    if as_of > clock.today():
        say("warning.as_of_ahead", as_of=as_of.isoformat())


def say_refused(refused: Sequence[RefusedRow]) -> None:
    """The first refused rows, each with what is wrong and what to do."""
    for row in refused[:SHOWN]:
        for fault in row.faults:
            where = word("console.place", LANGUAGE, row=row.row_number, column=fault.column or "-")
            click.echo(f"{where}: {fault.wrong(LANGUAGE)} {fault.todo(LANGUAGE)}", err=True)
    rest = len(refused) - SHOWN
    if rest > 0:
        say("console.more_refused", count=rest)
