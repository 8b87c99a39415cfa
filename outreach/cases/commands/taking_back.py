"""A step that ends, rests or changes hands takes its signed links back, and the letters that have not left."""

from collections.abc import Iterable

from sqlalchemy import update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import SignedLink
from outreach.cases.queries.inside import INSIDE
from outreach.notifications.commands import withdraw_letter


def take_back_links(session: Session, step_ids: Iterable[int]) -> None:
    """Withdraw what is still out about these steps; nobody in particular does it, the change itself does."""
    statement = (
        update(SignedLink)
        .where(
            SignedLink.step_id.in_(list(step_ids)),
            SignedLink.answered_at.is_(None),
            SignedLink.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=clock.now())
        .returning(SignedLink.outbox_message_id)
        .execution_options(synchronize_session=False, **INSIDE)
    )
    for message_id in session.scalars(statement).all():
        if message_id is not None:
            withdraw_letter(session, message_id)
