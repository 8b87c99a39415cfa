"""Absences by day come in: laid over what is known of each kleuter, and received as the report of that day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.attendance.commands.receiving import RECEIVING, Attended, Received, Terms, judge, receive_reports
from outreach.attendance.day_by_day import Counted, HalfDay, count, day_after, first_day
from outreach.attendance.models import AbsentHalfDay, PresenceRow, Pupil, SchoolReport
from outreach.attendance.queries.calendars import calendars_of
from outreach.database.many import in_chunks, insert_rows
from outreach.schoolyear import SchoolCalendar, school_year_of

_MANY = 5_000

Key = tuple[int, str]
"""A kleuter: its school, and its number there."""


@dataclass(slots=True)
class DayPupil:
    """A kleuter as a file of absences tells it: half days with their code, empty where it was there."""

    number: str
    first_name: str
    last_name: str
    born_year: int
    born_on: date | None
    class_name: str
    site: str
    entry_on: date | None
    half_days: dict[HalfDay, str]


@dataclass(slots=True)
class _Known:
    """What stands of a kleuter: its half days as the newest report tells them, and as each report of totals does."""

    pupil: DayPupil
    totals: list[tuple[date, Counted]] = field(default_factory=list)
    in_newest: bool = False


OfSchool = Mapping[int, Sequence[DayPupil]]


def judge_days(session: Session, of_school: OfSchool, as_of: date) -> list[Received]:
    """What absences of these schools say, without keeping anything; in the order given."""
    return judge(session, _attended(session, of_school, as_of), as_of)


def receive_absences(session: Session, of_school: OfSchool, terms: Terms, *, by: Actor) -> list[Received]:
    """Keep the absences of many schools, and what they make of each kleuter as the report of this day.

    Every kleuter of the school's newest report counts: one of whom no absence is told was there. A half day told again
    takes the place of the one before.
    """
    received = receive_reports(session, _attended(session, of_school, terms.as_of), terms, by=by)
    _keep(session, of_school, terms)
    return received


def _attended(session: Session, of_school: OfSchool, as_of: date) -> dict[int, list[Attended]]:
    calendars = calendars_of(session, of_school)
    stored = _stored(session, of_school, as_of)
    known = _known(session, of_school, as_of)
    found: dict[int, list[Attended]] = {}
    for school_id, told in of_school.items():
        here = known.get(school_id, {})
        pupils = {number: each.pupil for number, each in here.items() if each.in_newest}
        for pupil in told:
            pupils[pupil.number] = _laid_over(pupil, here.get(pupil.number))
        days = {number: stored.get((school_id, number), {}) | pupils[number].half_days for number in pupils}
        first = min((on for each in days.values() for on, _ in each), default=None)
        found[school_id] = [
            _counted(pupil, days[number], here.get(number), first, as_of, calendars[school_id])
            for number, pupil in pupils.items()
        ]
    return found


def _laid_over(told: DayPupil, known: _Known | None) -> DayPupil:
    """A file of absences need not repeat class and entry."""
    if known is None:
        return told
    old = known.pupil
    return DayPupil(
        number=told.number,
        first_name=told.first_name or old.first_name,
        last_name=told.last_name,
        born_year=told.born_year,
        born_on=told.born_on or old.born_on,
        class_name=told.class_name or old.class_name,
        site=told.site or old.site,
        entry_on=told.entry_on or old.entry_on,
        half_days=told.half_days,
    )


def _counted(
    pupil: DayPupil,
    days: Mapping[HalfDay, str],
    known: _Known | None,
    first: date | None,
    as_of: date,
    calendar: SchoolCalendar,
) -> Attended:
    """Half days counted on from the last totals told before the school began to tell days; without any, from entry."""
    totals = known.totals if known else []
    before = [each for each in totals if not days or first is None or each[0] < first]
    since, counted = first_day(pupil.entry_on, pupil.born_on, as_of, calendar), Counted()
    if before:
        told_on, counted = before[-1]
        since = day_after(told_on)
    counted = count(since, as_of, {key: code for key, code in days.items() if code}, calendar, counted)
    return Attended(
        number=pupil.number,
        first_name=pupil.first_name,
        last_name=pupil.last_name,
        born_year=pupil.born_year,
        born_on=pupil.born_on,
        class_name=pupil.class_name,
        site=pupil.site,
        entry_on=pupil.entry_on,
        present=counted.present,
        possible=counted.possible,
        accepted=counted.accepted,
        unlawful=counted.unlawful,
    )


def _stored(session: Session, of_school: OfSchool, as_of: date) -> dict[Key, dict[HalfDay, str]]:
    found: dict[Key, dict[HalfDay, str]] = defaultdict(dict)
    for _, key, half_day, code in _stored_rows(session, of_school, as_of):
        found[key][half_day] = code
    return found


def _stored_rows(session: Session, of_school: OfSchool, as_of: date) -> Iterator[tuple[int, Key, HalfDay, str]]:
    """Absences of that school year up to the day: id, kleuter, half day, code."""
    columns = (AbsentHalfDay.id, Pupil.school_id, Pupil.number, AbsentHalfDay.on, AbsentHalfDay.half)
    for part in in_chunks(of_school):
        statement = (
            select(*columns, AbsentHalfDay.code)
            .join(Pupil, Pupil.id == AbsentHalfDay.pupil_id)
            .where(Pupil.school_id.in_(part), AbsentHalfDay.on.between(school_year_of(as_of).first_on, as_of))
        )
        for row_id, school_id, number, on, half, code in session.execute(statement, execution_options=RECEIVING):
            yield row_id, (school_id, number), (on, half), code


def _known(session: Session, of_school: OfSchool, as_of: date) -> dict[int, dict[str, _Known]]:
    """Of each school what its reports of this school year say, the oldest first."""
    found: dict[int, dict[str, _Known]] = defaultdict(dict)
    newest: dict[int, int] = {}
    for part in in_chunks(of_school):
        statement = (
            select(Pupil, PresenceRow, SchoolReport)
            .join(PresenceRow, PresenceRow.pupil_id == Pupil.id)
            .join(SchoolReport, SchoolReport.id == PresenceRow.report_id)
            .where(
                SchoolReport.school_id.in_(part),
                SchoolReport.replaced_at.is_(None),
                SchoolReport.as_of.between(school_year_of(as_of).first_on, as_of),
            )
            .order_by(SchoolReport.as_of, SchoolReport.id)
        )
        last: dict[Key, int] = {}
        for pupil, row, report in session.execute(statement, execution_options=RECEIVING):
            newest[report.school_id] = report.id
            last[report.school_id, pupil.number] = report.id
            _add(found[report.school_id], pupil, row, report)
        for (school_id, number), report_id in last.items():
            found[school_id][number].in_newest = report_id == newest[school_id]
    return found


def _add(here: dict[str, _Known], pupil: Pupil, row: PresenceRow, report: SchoolReport) -> None:
    told = DayPupil(
        number=pupil.number,
        first_name=pupil.first_name,
        last_name=pupil.last_name,
        born_year=pupil.born_year,
        born_on=pupil.born_on,
        class_name=row.class_name,
        site=row.site,
        entry_on=row.entry_on,
        half_days={},
    )
    known = here.setdefault(pupil.number, _Known(told))
    known.pupil = told
    if not report.by_day:
        known.totals.append((report.as_of, Counted(row.present, row.possible, row.accepted, row.unlawful)))


def _keep(session: Session, of_school: OfSchool, terms: Terms) -> None:
    """Write what is told otherwise than it stands; a half day of presence takes an absence away."""
    told = {
        (school_id, pupil.number): pupil.half_days for school_id, everybody in of_school.items() for pupil in everybody
    }
    gone: list[int] = []
    same: set[tuple[Key, HalfDay]] = set()
    for row_id, key, half_day, code in _stored_rows(session, of_school, terms.as_of):
        if told.get(key, {}).get(half_day, code) != code:
            gone.append(row_id)
        else:
            same.add((key, half_day))
    for ids in in_chunks(gone):
        statement = delete(AbsentHalfDay).where(AbsentHalfDay.id.in_(ids))
        session.execute(statement.execution_options(synchronize_session=False))
    pupils = _pupil_ids(session, of_school)
    rows = (
        _row(pupils[key], half_day, code, terms)
        for key, half_days in told.items()
        for half_day, code in half_days.items()
        if code and (key, half_day) not in same
    )
    for portion in in_chunks(rows, _MANY):
        insert_rows(session, AbsentHalfDay, portion)


def _row(pupil_id: int, half_day: HalfDay, code: str, terms: Terms) -> dict[str, Any]:
    return {"pupil_id": pupil_id, "on": half_day[0], "half": half_day[1], "code": code, "origin": terms.origin}


def _pupil_ids(session: Session, of_school: OfSchool) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for part in in_chunks(of_school):
        statement = select(Pupil.school_id, Pupil.number, Pupil.id).where(Pupil.school_id.in_(part))
        for school_id, number, pupil_id in session.execute(statement, execution_options=RECEIVING):
            found[school_id, number] = pupil_id
    return found
