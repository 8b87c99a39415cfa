"""A school says whether who coordinates its area sees its counts."""

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.attendance.models import CountsShared
from outreach.attendance.queries.area import present_sharing


def share_counts(session: Session, school_id: int, *, shares: bool, by: Actor) -> None:
    """Show the counts of a school to who coordinates its area, or keep them inside; what was said before stays."""
    standing = present_sharing(session, [school_id]).get(school_id)
    if standing is not None and standing.shares == shares:
        return
    now = clock.now()
    if standing is not None:
        standing.replaced_at = now
        session.flush()
    session.add(CountsShared(school_id=school_id, shares=shares, at=now, by_id=by.person_id, replaced_at=None))
    session.flush()
