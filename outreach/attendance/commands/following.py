"""A new report follows the cases in which presence is followed: what it says, and until when the threshold holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from outreach.accounts.actors import Actor
from outreach.attendance.models import PresenceRow, Pupil, SchoolReport
from outreach.attendance.projection import Presence, project
from outreach.cases.commands.anchoring import drop_anchor, write_anchor
from outreach.cases.commands.events import record
from outreach.cases.commands.rederiving import rederive_case
from outreach.cases.models import Case
from outreach.cases.queries.of_children import ATTENDANCE, cases_followed_by
from outreach.cases.workflow import Anchor
from outreach.children.merging import records_of_all
from outreach.database import seen_by
from outreach.database.many import in_chunks
from outreach.schoolyear import SchoolCalendar, school_year_of

_READ = seen_by("attendance: a new report is laid beside the cases of its kleuters")


@dataclass(frozen=True)
class _Told:
    """A kleuter with a child of its own in the newest report of its school."""

    pupil: Pupil
    row: PresenceRow
    report: SchoolReport
    child_id: int
    """Of the record it was recognised as, which may have become another."""


def follow_cases(
    session: Session,
    report_ids: Collection[int],
    calendars: Mapping[int, SchoolCalendar],
    *,
    only: Collection[int] | None = None,
    by: Actor,
) -> int:
    """Tell each case on an attendance track of the school what these reports say, and derive its dates again; how
    many. A report that is not the newest of its school changes nothing. `only`: of these kleuters."""
    followed = 0
    for part in in_chunks(report_ids):
        of_school: dict[int, list[_Told]] = {}
        for told in _told(session, part):
            if only is None or told.pupil.id in only:
                of_school.setdefault(told.report.school_id, []).append(told)
        for school_id, here in of_school.items():
            became = records_of_all(session, [each.child_id for each in here])
            cases = cases_followed_by(session, became.values(), process=ATTENDANCE, organisation_id=school_id)
            for each in here:
                case = cases.get(became[each.child_id])
                if case is not None:
                    _follow(session, case, each, calendars[school_id], by)
                    followed += 1
    return followed


def _told(session: Session, report_ids: Collection[int]) -> list[_Told]:
    newer = aliased(SchoolReport)
    later = select(newer.id).where(
        newer.school_id == SchoolReport.school_id, newer.replaced_at.is_(None), newer.as_of > SchoolReport.as_of
    )
    statement = (
        select(Pupil, PresenceRow, SchoolReport)
        .join(PresenceRow, PresenceRow.pupil_id == Pupil.id)
        .join(SchoolReport, SchoolReport.id == PresenceRow.report_id)
        .where(SchoolReport.id.in_(report_ids), Pupil.child_id.is_not(None), ~later.exists())
        .order_by(Pupil.id)
    )
    rows = session.execute(statement, execution_options=_READ)
    return [_Told(*row, row[0].child_id) for row in rows if row[0].child_id is not None]


def _follow(session: Session, case: Case, told: _Told, calendar: SchoolCalendar, by: Actor) -> None:
    row, as_of = told.row, told.report.as_of
    presence = Presence(told.pupil.born_year, as_of, row.present, row.possible, row.accepted)
    outlook = project(presence, calendar).marking
    last = outlook.attainable_until if outlook else None
    if last is None:
        drop_anchor(session, case, Anchor.THRESHOLD_LAST_DAY)
    else:
        write_anchor(session, case, Anchor.THRESHOLD_LAST_DAY, last, by=by)
    data: dict[str, Any] = {"report": told.report.id, "as_of": as_of, "present": row.present, "possible": row.possible}
    record(session, case, "presence_reported", by=by, data=data | {"since": _since(session, told)})
    rederive_case(session, case, because="report", by=by)


def _since(session: Session, told: _Told) -> list[int] | None:
    """Present and possible half days since the report before, of the same school year."""
    statement = (
        select(PresenceRow.present, PresenceRow.possible)
        .join(SchoolReport, SchoolReport.id == PresenceRow.report_id)
        .where(
            PresenceRow.pupil_id == told.pupil.id,
            SchoolReport.replaced_at.is_(None),
            SchoolReport.as_of < told.report.as_of,
            SchoolReport.as_of >= school_year_of(told.report.as_of).first_on,
        )
        .order_by(SchoolReport.as_of.desc())
        .limit(1)
    )
    before = session.execute(statement, execution_options=_READ).one_or_none()
    if before is None or told.row.present < before[0] or told.row.possible <= before[1]:
        return None
    return [told.row.present - before[0], told.row.possible - before[1]]
