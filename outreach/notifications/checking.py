"""The promises of the post room, checked over the whole outbox."""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.database.checks import Check, check
from outreach.notifications.claims import FAR
from outreach.notifications.models import CLAIMED, REMINDERS, UNSENT, OutboxLine, OutboxMessage


def mail_checks(session: Session) -> list[Check]:
    """Nothing half written, nothing twice, nothing kept for ever by a deliverer that died."""
    lines = exists().where(OutboxLine.outbox_message_id == OutboxMessage.id)
    empty = select(OutboxMessage.id).where(OutboxMessage.kind.in_(REMINDERS), OutboxMessage.purged_at.is_(None), ~lines)
    on = func.coalesce(OutboxMessage.digest_on, OutboxMessage.urgent_on)
    twice = (
        select(func.min(OutboxMessage.id))
        .where(OutboxMessage.kind.in_(REMINDERS))
        .group_by(OutboxMessage.kind, OutboxMessage.address, on)
        .having(func.count() > 1)
    )
    held = select(OutboxMessage.id).where(
        OutboxMessage.state.in_(UNSENT),
        OutboxMessage.state == CLAIMED,
        OutboxMessage.claimed_until > clock.now() + FAR,
    )
    found = {
        "reminders_say_something": empty,
        "one_digest_and_one_urgent_mail_a_day": twice,
        "no_mail_is_held_for_days": held,
    }
    return [check(key, session.scalars(statement)) for key, statement in found.items()]
