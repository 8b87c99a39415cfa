"""One kleuter: what the reports of its newest school year say, and the half days it missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.attendance.day_by_day import HalfDay, day_after, first_day
from outreach.attendance.models import AbsentHalfDay, PresenceRow, Pupil, SchoolReport
from outreach.attendance.picture import Known, Total
from outreach.attendance.projection import Presence, Projection, project
from outreach.attendance.queries.calendars import calendars_of
from outreach.attendance.queries.seeing import sees_pupil
from outreach.children.grants import sight
from outreach.schoolyear import SchoolCalendar, SchoolYear, school_year_of

Row = tuple[SchoolReport, PresenceRow]


@dataclass(frozen=True)
class PupilYear:
    """A kleuter in its newest school year; `rows` are the reports that name it, the oldest first, at least one.

    `still_there` is False when the school's newest report does not name it any more.
    """

    pupil: Pupil
    rows: Sequence[Row]
    known: Known
    projection: Projection
    calendar: SchoolCalendar
    still_there: bool

    @property
    def report(self) -> SchoolReport:
        """The newest report."""
        return self.rows[-1][0]

    @property
    def presence(self) -> PresenceRow:
        """What it says."""
        return self.rows[-1][1]

    @property
    def year(self) -> SchoolYear:
        """The school year all this is about."""
        return school_year_of(self.report.as_of)


def find_pupil(session: Session, actor: Actor, pupil_id: int) -> Pupil | None:
    """A kleuter this actor may see by name."""
    statement = select(Pupil).where(Pupil.id == pupil_id, sees_pupil(actor))
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


def year_of(session: Session, actor: Actor, pupil: Pupil) -> PupilYear | None:
    """What is known of its newest school year; None when no report names it any more."""
    rows = _rows(session, actor, pupil)
    if not rows:
        return None
    report, presence = rows[-1]
    calendar = calendars_of(session, [pupil.school_id])[pupil.school_id]
    told = Presence(pupil.born_year, report.as_of, presence.present, presence.possible, presence.accepted)
    newest = select(func.max(SchoolReport.as_of)).where(
        SchoolReport.school_id == pupil.school_id, SchoolReport.replaced_at.is_(None)
    )
    return PupilYear(
        pupil=pupil,
        rows=rows,
        known=_known(session, actor, pupil, rows, calendar),
        projection=project(told, calendar),
        calendar=calendar,
        still_there=session.scalar(newest, execution_options=sight(actor)) == report.as_of,
    )


def _rows(session: Session, actor: Actor, pupil: Pupil) -> list[Row]:
    statement = (
        select(SchoolReport, PresenceRow)
        .join(PresenceRow, PresenceRow.report_id == SchoolReport.id)
        .where(PresenceRow.pupil_id == pupil.id, SchoolReport.replaced_at.is_(None))
        .order_by(SchoolReport.as_of, SchoolReport.id)
    )
    found = [(report, row) for report, row in session.execute(statement, execution_options=sight(actor))]
    return [each for each in found if school_year_of(each[0].as_of) == school_year_of(found[-1][0].as_of)]


def _known(session: Session, actor: Actor, pupil: Pupil, rows: Sequence[Row], calendar: SchoolCalendar) -> Known:
    """Half days are told from the day after the last totals before the school's first day told, as they are counted."""
    as_of = rows[-1][0].as_of
    entry_on = max(rows[-1][1].entry_on or date.min, school_year_of(as_of).first_on)
    totals = [Total(report.as_of, row.present, row.possible) for report, row in rows if not report.by_day]
    by_day = [report.as_of for report, _ in rows if report.by_day]
    if not by_day:
        return Known(entry_on, as_of, totals)
    if not totals:
        entry_on = first_day(rows[-1][1].entry_on, pupil.born_on, as_of, calendar)
    absent = _absent(session, actor, pupil, as_of)
    first = _first_told(session, actor, pupil, as_of) if absent else None
    before = [each for each in totals if first is None or each.as_of < first]
    since = day_after(before[-1].as_of) if before else entry_on
    return Known(entry_on, as_of, totals, since, max(by_day), absent)


def _absent(session: Session, actor: Actor, pupil: Pupil, as_of: date) -> dict[HalfDay, str]:
    statement = select(AbsentHalfDay.on, AbsentHalfDay.half, AbsentHalfDay.code).where(
        AbsentHalfDay.pupil_id == pupil.id, AbsentHalfDay.on.between(school_year_of(as_of).first_on, as_of)
    )
    return {(on, half): code for on, half, code in session.execute(statement, execution_options=sight(actor))}


def _first_told(session: Session, actor: Actor, pupil: Pupil, as_of: date) -> date | None:
    statement = (
        select(func.min(AbsentHalfDay.on))
        .join(Pupil, Pupil.id == AbsentHalfDay.pupil_id)
        .where(Pupil.school_id == pupil.school_id, AbsentHalfDay.on.between(school_year_of(as_of).first_on, as_of))
    )
    return session.scalar(statement, execution_options=sight(actor))
