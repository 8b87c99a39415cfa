"""A school goes through its kleuters at risk: the reason, who rings, or that it follows the child itself."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.queries import is_member
from outreach.attendance.models import Pupil, PupilCare
from outreach.attendance.queries.caring import present_care
from outreach.attendance.reasons import reasons
from outreach.errors import Conflict, Refused


@dataclass(frozen=True)
class Care:
    """What is noted for one kleuter."""

    reason: str | None = None
    rings_id: int | None = None
    followed: bool = False


def note_care(session: Session, pupil: Pupil, care: Care, *, seen_id: int | None, by: Actor) -> bool:
    """Note this for a kleuter; False when it stands there already. `seen_id` is the row the writer looked at.

    Raises Conflict when somebody noted something else meanwhile, Refused for an unknown reason or for somebody who
    does not belong to the school.
    """
    standing = present_care(session, by, [pupil.id]).get(pupil.id)
    if care == as_care(standing):
        return False
    if standing is not None and standing.id != seen_id:
        raise Conflict("care_changed", pupil=pupil.id)
    if care.reason is not None and care.reason not in reasons():
        raise Refused("reason_unknown")
    if care.rings_id is not None and not is_member(session, care.rings_id, pupil.school_id, clock.today()):
        raise Refused("person_not_of_team")
    now = clock.now()
    if standing is not None:
        standing.replaced_at = now
        session.flush()
    session.add(PupilCare(pupil_id=pupil.id, **vars(care), at=now, by_id=by.person_id, replaced_at=None))
    session.flush()
    return True


def as_care(row: PupilCare | None) -> Care:
    """What a row notes; nothing, when there is none."""
    return Care(row.reason, row.rings_id, row.followed) if row else Care()
