"""Whether the school year before was too short as well: the allowance is lost only after two of them running."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.attendance.models import PresenceRow, Pupil, SchoolReport
from outreach.attendance.projection import Outlook, Presence, Standing, project
from outreach.attendance.queries.calendars import calendars_of
from outreach.attendance.queries.seeing import sees_pupil
from outreach.children.grants import sight
from outreach.children.merging import records_of_all
from outreach.schoolyear import Purpose, SchoolYear, school_year_of

_MISSED = (Standing.NO_LONGER, Standing.NEVER)


@dataclass(frozen=True)
class EarlierYear:
    """What is sure of the year before: half days that count for the allowance, of those asked, on the day of its last
    report. `missed`: the number was out of reach by then; else it was reached."""

    year: SchoolYear
    as_of: date
    counted: int
    wanted: int
    missed: bool


def earlier_year(session: Session, actor: Actor, pupil: Pupil, year: SchoolYear) -> EarlierYear | None:
    """The year before `year`, from its last report by this school that names the kleuter, under this number or another
    of the same child. None when no report tells, or when it could still go either way on its day."""
    before = school_year_of(date(year.start - 1, 9, 1))
    same = [Pupil.id == pupil.id]
    if pupil.child_id is not None:
        same.append(Pupil.child_id.in_(records_of_all(session, [pupil.child_id])))
    statement = (
        select(Pupil, PresenceRow, SchoolReport.as_of)
        .join(PresenceRow, PresenceRow.pupil_id == Pupil.id)
        .join(SchoolReport, SchoolReport.id == PresenceRow.report_id)
        .where(or_(*same), Pupil.school_id == pupil.school_id, sees_pupil(actor), SchoolReport.replaced_at.is_(None))
        .where(SchoolReport.as_of >= before.first_on, SchoolReport.as_of < year.first_on)
        .order_by(SchoolReport.as_of.desc(), PresenceRow.id.desc())
        .limit(1)
    )
    row = session.execute(statement, execution_options=sight(actor)).one_or_none()
    if row is None:
        return None
    told, seen, as_of = row
    presence = Presence(told.born_year, as_of, seen.present, seen.possible, seen.accepted)
    calendar = calendars_of(session, [pupil.school_id])[pupil.school_id]
    outlooks = project(presence, calendar).outlooks
    allowance = next((each for each in outlooks if each.threshold.purpose is Purpose.ALLOWANCE), None)
    return _said(before, as_of, allowance) if allowance else None


def _said(year: SchoolYear, as_of: date, outlook: Outlook) -> EarlierYear | None:
    reached = outlook.standing is Standing.REACHED
    if not reached and (outlook.standing not in _MISSED or not outlook.basis_known):
        return None
    return EarlierYear(year, as_of, outlook.counted, outlook.threshold.half_days, missed=not reached)
