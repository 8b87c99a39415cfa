"""What waits at a school without a case: reasons nobody found yet, and kleuters it follows itself."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.attendance.models import Pupil, PupilCare
from outreach.attendance.policy import of_school
from outreach.attendance.queries.caring import rows_to_go_through
from outreach.attendance.queries.school import latest_reports
from outreach.attendance.queries.seeing import sees_pupil
from outreach.attendance.reasons import OPEN_REASONS
from outreach.children.grants import sight


@dataclass(frozen=True)
class Waiting:
    """Kleuters still at risk in the newest report (of `as_of`), without a running case; each is counted once."""

    as_of: date | None = None
    to_find: int = 0
    followed: int = 0


def waiting(session: Session, actor: Actor) -> Waiting:
    """Ended by a reason that is found, by a case, by no longer following, or by a report in which it goes better."""
    if not of_school(actor) or actor.organisation_id is None:
        return Waiting()
    statement = select(PupilCare).join(Pupil, Pupil.id == PupilCare.pupil_id)
    noted = statement.where(PupilCare.replaced_at.is_(None), sees_pupil(actor))
    to_find: dict[int, bool] = {}
    for care in session.scalars(noted, execution_options=sight(actor)):
        if care.followed or care.reason in OPEN_REASONS:
            to_find[care.pupil_id] = care.reason in OPEN_REASONS
    if not to_find:
        return Waiting()
    rows = rows_to_go_through(session, actor, to_find)
    left = [to_find[row.pupil.id] for row in rows if row.one.projection.marked and row.running is None]
    newest = latest_reports(session, actor, actor.organisation_id)
    return Waiting(newest[0].as_of if newest else None, left.count(True), left.count(False))
