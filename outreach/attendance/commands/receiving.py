"""Reports come in: the kleuters of each school, their half days, and what to expect of them by 30 June."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.attendance.commands.following import follow_cases
from outreach.attendance.commands.recognising import recognise
from outreach.attendance.models import PresenceRow, Pupil, SchoolReport
from outreach.attendance.projection import Presence, Standing, possible_between, project
from outreach.attendance.queries.calendars import calendars_of
from outreach.database import seen_by
from outreach.database.many import in_chunks, insert_rows, insert_with_ids
from outreach.schoolyear import SchoolCalendar, school_year_of

RECEIVING = seen_by("attendance: a report is received")
"""Execution options of the reads by which a report is laid beside what is known; they name nobody to a person."""

_MANY = 5_000
_SCHOOLS = 50
"""So many schools at a time: what is held of the thousands of one file has a bound."""


@dataclass(frozen=True, slots=True)
class Attended:
    """A kleuter as a report tells it. `possible` is None where the report does not say: it is counted then, from the
    day of entry or the first school day. Half days."""

    number: str
    first_name: str
    last_name: str
    born_year: int
    born_on: date | None
    class_name: str
    site: str
    entry_on: date | None
    present: int
    possible: int | None
    accepted: int | None = None
    unlawful: int | None = None


@dataclass(frozen=True)
class Received:
    """What a school's report says: how many kleuters, how many marked, how many for whom it never was attainable."""

    school_id: int
    children: int
    at_risk: int
    not_attainable: int

    @property
    def percent(self) -> int:
        """Marked per hundred kleuters, half up."""
        return (200 * self.at_risk + self.children) // (2 * self.children) if self.children else 0


@dataclass(frozen=True)
class Terms:
    """Of which day, for which area, under which agreement; `origin` names the file (`batch:12`). `by_day`: half days
    are counted from absences by day."""

    as_of: date
    area_id: int
    agreement_id: int
    origin: str
    by_day: bool = False


def judge(session: Session, of_school: Mapping[int, Sequence[Attended]], as_of: date) -> list[Received]:
    """What reports of these schools say, without keeping anything; in the order given."""
    calendars = calendars_of(session, of_school)
    return [_judged(school_id, seen, calendars[school_id], as_of) for school_id, seen in of_school.items()]


def receive_reports(
    session: Session, of_school: Mapping[int, Sequence[Attended]], terms: Terms, *, by: Actor
) -> list[Received]:
    """Keep the reports of many schools; one of the same school and day is replaced, and cases that follow presence hear
    of it. No kleuter twice in a school."""
    calendars = calendars_of(session, of_school)
    received = [_judged(school, seen, calendars[school], terms.as_of) for school, seen in of_school.items()]
    _replace(session, list(of_school), terms.as_of)
    reports = insert_with_ids(session, SchoolReport, [_report_row(each, terms, by) for each in received])
    for part in in_chunks(zip(reports, of_school.items(), strict=True), _SCHOOLS):
        pupils = _pupils(session, dict(told for _, told in part))
        rows = (
            _presence_row(report_id, pupils[school_id, seen.number], seen, calendars[school_id], terms)
            for report_id, (school_id, everybody) in part
            for seen in everybody
        )
        for portion in in_chunks(rows, _MANY):
            insert_rows(session, PresenceRow, portion)
    recognise(session, reports, by=by)
    follow_cases(session, reports, calendars, by=by)
    return received


def presence_of(seen: Attended, calendar: SchoolCalendar, as_of: date) -> Presence:
    """A kleuter's half days as a projection needs them."""
    return Presence(seen.born_year, as_of, seen.present, possible_of(seen, calendar, as_of), seen.accepted)


def possible_of(seen: Attended, calendar: SchoolCalendar, as_of: date) -> int:
    """Half days this kleuter could be there so far; never fewer than it was."""
    if seen.possible is not None:
        return seen.possible
    first = seen.entry_on or school_year_of(as_of).first_on
    return max(seen.present, possible_between(first, as_of, calendar))


def _judged(school_id: int, everybody: Sequence[Attended], calendar: SchoolCalendar, as_of: date) -> Received:
    at_risk = not_attainable = 0
    for seen in everybody:
        projection = project(presence_of(seen, calendar, as_of), calendar)
        at_risk += projection.marked
        not_attainable += projection.standing is Standing.NEVER
    return Received(school_id, len(everybody), at_risk, not_attainable)


def _replace(session: Session, schools: list[int], as_of: date) -> None:
    for part in in_chunks(schools):
        statement = update(SchoolReport).where(
            SchoolReport.school_id.in_(part), SchoolReport.as_of == as_of, SchoolReport.replaced_at.is_(None)
        )
        session.execute(statement.values(replaced_at=clock.now()).execution_options(synchronize_session=False))


def _report_row(received: Received, terms: Terms, by: Actor) -> dict[str, Any]:
    return {
        "school_id": received.school_id,
        "area_id": terms.area_id,
        "agreement_id": terms.agreement_id,
        "as_of": terms.as_of,
        "origin": terms.origin,
        "by_day": terms.by_day,
        "children": received.children,
        "at_risk": received.at_risk,
        "not_attainable": received.not_attainable,
        "received_at": clock.now(),
        "by_id": by.person_id,
        "replaced_at": None,
    }


def _pupils(session: Session, of_school: Mapping[int, Sequence[Attended]]) -> dict[tuple[int, str], int]:
    """The kleuters by school and number: new ones are written, known ones take the name and birth of this report."""
    found: dict[tuple[int, str], int] = {}
    columns = (Pupil.id, Pupil.school_id, Pupil.number, Pupil.first_name, Pupil.last_name, Pupil.born_year)
    changed: list[dict[str, Any]] = []
    told = {(school_id, seen.number): seen for school_id, everybody in of_school.items() for seen in everybody}
    for part in in_chunks(of_school):
        statement = select(*columns, Pupil.born_on).where(Pupil.school_id.in_(part))
        for pupil_id, school_id, number, *known in session.execute(statement, execution_options=RECEIVING):
            seen = told.get((school_id, number))
            if seen is None:
                continue
            found[school_id, number] = pupil_id
            born_on = seen.born_on or known[3]
            if known != [seen.first_name, seen.last_name, seen.born_year, born_on]:
                changed.append({"pupil": pupil_id, **_named(seen), "born_on": born_on})
    _change(session, changed)
    new = [key for key in told if key not in found]
    for keys in in_chunks(new, _MANY):
        rows = [{"school_id": key[0], "number": key[1], "child_id": None, **_named(told[key])} for key in keys]
        found.update(zip(keys, insert_with_ids(session, Pupil, rows), strict=True))
    return found


def _named(seen: Attended) -> dict[str, Any]:
    return {name: getattr(seen, name) for name in ("first_name", "last_name", "born_year", "born_on")}


def _change(session: Session, changed: list[dict[str, Any]]) -> None:
    if changed:
        statement = update(Pupil.__table__).where(Pupil.id == bindparam("pupil"))  # type: ignore[arg-type]
        values: dict[str, Any] = {name: bindparam(name) for name in ("first_name", "last_name", "born_year", "born_on")}
        session.execute(statement.values(values), changed)


def _presence_row(
    report_id: int, pupil_id: int, seen: Attended, calendar: SchoolCalendar, terms: Terms
) -> dict[str, Any]:
    return {
        "report_id": report_id,
        "pupil_id": pupil_id,
        "class_name": seen.class_name,
        "site": seen.site,
        "entry_on": seen.entry_on,
        "present": seen.present,
        "possible": possible_of(seen, calendar, terms.as_of),
        "possible_told": seen.possible is not None and not terms.by_day,
        "accepted": seen.accepted,
        "unlawful": seen.unlawful,
    }
