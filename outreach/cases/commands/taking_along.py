"""A worker takes the visits of today along on a phone: who, which step, when."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Step, TakenAlong
from outreach.errors import Refused

LAST_HOUR = 22
"""Brussels time at which a phone wipes what it took along: evening visits are the ones that succeed."""


def take_along(session: Session, steps: Iterable[Step], *, by: Actor) -> None:
    """Write down that these visits went along. Raises Refused after 22:00, when a phone would wipe them at once."""
    if clock.now() >= clock.moment_of(clock.today(), LAST_HOUR):
        raise Refused("too_late_to_take_along", hour=LAST_HOUR)
    if by.membership_id is None:
        raise LookupError("only people take visits along")
    now = clock.now()
    session.add_all(
        TakenAlong(
            case_id=step.case_id, step_id=step.id, person_id=by.person_id, membership_id=by.membership_id, at=now
        )
        for step in steps
    )
    session.flush()
