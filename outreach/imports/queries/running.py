"""A list of running cases beside what is known: where each case would stand, who would have it, what would be added."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.workflow import compulsory_from
from outreach.imports.likely_names import word_key
from outreach.imports.queries.case_history import last_contacts, taken_back
from outreach.imports.queries.comparing import CaseOfChild, Compared, Comparison, compare
from outreach.imports.queries.followers import Words, words_said
from outreach.imports.running import Followed, RunningList
from outreach.imports.targets import Follower, Place, place_for, process
from outreach.partners.models import Area


class Path(StrEnum):
    """What happens to a child of the list."""

    OPEN = "open"
    REOPEN = "reopen"
    """Its case ended only because a list was taken back."""
    ADD = "add"
    """It has a case here: what is newer is added, nothing is overwritten."""
    ENDED = "ended"
    """Its case ended here: it stays so until somebody opens it again on its own page."""
    LEAVE = "leave"
    """Others lead its case, or it ended and the list says so too."""


@dataclass(frozen=True)
class Contact:
    """A contact a row tells of."""

    on: date
    channel: str | None
    reached: bool | None


@dataclass(frozen=True)
class RunningChild:
    """A child of the list and what would become of it.

    `told` is the row that says where it stands: the one with the newest contact; `notes` and `contacts` are those of
    all its rows, as far as they are new. `instead_of`: the closure that cannot be at the child's age.
    """

    compared: Compared
    told: Followed
    path: Path
    place: Place
    follower: Follower | None
    contacts: tuple[Contact, ...]
    notes: tuple[str, ...]
    unassigned: bool
    instead_of: str | None = None

    @property
    def row_number(self) -> int:
        """Its first row in the file."""
        return self.compared.child.row_number

    @property
    def opens(self) -> bool:
        """Whether a case is opened."""
        return self.path in (Path.OPEN, Path.REOPEN)


@dataclass(frozen=True)
class RunningComparison:
    """A list of running cases, compared with the database as it is now by words that were said."""

    comparison: Comparison
    children: list[RunningChild]
    words: Words
    statuses: Counter[str]
    who: Counter[str]

    def counts(self, *, kept: bool) -> dict[str, int]:
        """The account; no case is opened as long as nothing is `kept`."""
        opening = [one for one in self.children if one.opens]
        return self.comparison.counts(len(opening) if kept else 0) | {
            "closed": sum(one.place.closure is not None for one in opening),
            "contacts": sum(len(one.contacts) for one in self.children),
            "unassigned": sum(one.unassigned for one in opening),
        }

    def per_status(self) -> list[dict[str, Any]]:
        """Each word of the list with how many rows have it, and where it leads; the most frequent first."""
        found = []
        for word, count in self.statuses.most_common():
            place = self.words.places.get(word_key(word))
            step, closure = (place.step, place.closure) if place else (None, None)
            found.append({"status": word, "step": step, "closure": closure, "count": count})
        return found

    def per_name(self) -> list[dict[str, Any]]:
        """Each name of the list with how many rows have it, and whether it is known whom it stands for."""
        return [
            {"who": word, "known": self.words.followers.get(word_key(word)) is not None, "count": count}
            for word, count in self.who.most_common()
        ]

    @property
    def untied(self) -> list[str]:
        """The words of which nobody said yet what they mean."""
        return [word for word in self.statuses if word_key(word) not in self.words.places]

    @property
    def unknown(self) -> list[str]:
        """The names nobody was found for, and of which nothing was said yet."""
        return [word for word in self.who if word_key(word) not in self.words.followers]


def compare_running(
    session: Session, running: RunningList, area: Area, as_of: date, organisation_id: int
) -> RunningComparison:
    """Look up every child, and say what would become of each."""
    judged = running.incoming.judged
    statuses, who = _tally(running, "status"), _tally(running, "who")
    words = words_said(session, organisation_id, area, statuses, who)
    comparison = compare(session, judged, area, as_of)
    rows = _rows_by_child(running)
    every = list(comparison.children(session))
    cases = [one.case for one in every if one.case]
    last = last_contacts(session, [case.case_id for case in cases])
    again = taken_back(session, [case.case_id for case in cases if case.ended])
    children = [
        _child(one, rows[one.child.row_number], words, _path(one, area, organisation_id, again), last) for one in every
    ]
    return RunningComparison(comparison, children, words, statuses, who)


def _tally(running: RunningList, field: str) -> Counter[str]:
    """How many rows have each word, in its first spelling."""
    refused = {one.row_number for one in running.incoming.judged.refused}
    first: dict[str, str] = {}
    found: Counter[str] = Counter()
    for number, told in running.followed.items():
        text = getattr(told, field)
        if text and number not in refused:
            found[first.setdefault(word_key(text), text)] += 1
    return found


def _rows_by_child(running: RunningList) -> dict[int, list[Followed]]:
    """What every row of a child notes, under the number of its first row."""
    judged = running.incoming.judged
    found = {one.row_number: [running.followed[one.row_number]] for one in judged.children}
    for double in judged.doubles:
        found[double.first_row].append(running.followed[double.row_number])
    return found


def _path(one: Compared, area: Area, organisation_id: int, again: set[int]) -> Path:
    case = one.case
    if case is None:
        return Path.OPEN
    if case.case_id in again and case.area_id == area.id:
        return Path.REOPEN
    if case.ended:
        return Path.ENDED
    return Path.ADD if is_ours(case, area, organisation_id) else Path.LEAVE


def is_ours(case: CaseOfChild, area: Area, organisation_id: int) -> bool:
    """Whether who keeps the list may write in a case: it leads it, or coordinates the area it is in."""
    return case.lead_id == organisation_id or (case.area_id == area.id and organisation_id == area.coordinator_id)


def _child(one: Compared, rows: Sequence[Followed], words: Words, path: Path, last: Mapping[int, date]) -> RunningChild:
    told = max(rows, key=lambda row: row.contact_on or date.min)
    said = words.places.get(word_key(told.status)) if told.status else None
    who_known = not told.who or words.followers.get(word_key(told.who)) is not None
    follower = words.followers.get(word_key(told.who)) if told.who else None
    first = Place(step=process().first)
    tied = bool(told.status) and word_key(told.status) in words.places
    place = said if said is not None and (who_known or said.closure) else first
    compulsory = clock.today() >= compulsory_from(one.child.born_on)
    possible = place_for(place, compulsory=compulsory)
    if path is Path.ENDED and said is not None and said.closure:
        path = Path.LEAVE
    since = last.get(one.case.case_id) if one.case and path is Path.ADD else None
    return RunningChild(
        compared=one,
        told=told,
        path=path,
        place=possible,
        follower=follower,
        contacts=_contacts(rows, since) if path not in (Path.ENDED, Path.LEAVE) else (),
        notes=tuple(dict.fromkeys(row.note for row in rows if row.note)),
        unassigned=place == first and not (tied and said == first and who_known),
        instead_of=place.closure if possible != place else None,
    )


def _contacts(rows: Sequence[Followed], since: date | None) -> tuple[Contact, ...]:
    """The contacts that are newer than what is known, the oldest first."""
    found = {
        (row.contact_on, row.channel): Contact(row.contact_on, row.channel, row.reached)
        for row in rows
        if row.contact_on and (since is None or row.contact_on > since)
    }
    return tuple(found[key] for key in sorted(found, key=lambda key: key[0]))
