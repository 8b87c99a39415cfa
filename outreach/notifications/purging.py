"""What a mail said goes after a time; that it was sent, to whom and when, stays."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.notifications.models import FAILED, SENT, WITHDRAWN, OutboxLine, OutboxMessage

KEPT = timedelta(days=90)
"""Long enough to answer who was told of what this term; a reference tells nothing to who has no account."""

_MANY = 5_000
_OVER = (SENT, FAILED, WITHDRAWN)


def purge_bodies(session: Session) -> int:
    """Take lines and tokens out of mails that are over since long, some thousands a night: how many mails."""
    due = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.state.in_(_OVER),
            OutboxMessage.purged_at.is_(None),
            OutboxMessage.queued_at < clock.now() - KEPT,
        )
        .order_by(OutboxMessage.id)
        .limit(_MANY)
    )
    ids = list(session.scalars(due))
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        session.execute(
            delete(OutboxLine)
            .where(OutboxLine.outbox_message_id.in_(part))
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(part))
            .values(tokens=None, purged_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    return len(ids)
