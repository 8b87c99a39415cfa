"""The secret link of somebody's calendar: made and shown once, kept as a digest, dead the moment it is ended."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from outreach import clock
from outreach.accounts.actors import Actor, actor_for
from outreach.accounts.models import CalendarFeed, Membership, Person
from outreach.accounts.queries import active, memberships_of
from outreach.errors import Refused
from outreach.partners.models import Organisation
from outreach.partners.queries import living

FETCHED_EVERY = timedelta(minutes=15)
"""How often at most it is written down that a calendar asked."""


@dataclass(frozen=True)
class Opened:
    """A link that is good: for whom, and what the last fetch found."""

    feed_id: int
    actor: Actor
    fetched_at: datetime | None
    content_digest: str | None
    changed_at: datetime


def make_feed(session: Session, *, membership: Membership, by: Actor) -> str:
    """A link for one of one's own memberships; the one there was stops working. Returns the token, which nobody keeps.

    Raises Refused when the membership is not, or no longer, one's own.
    """
    end_feed(session, membership=membership, by=by)
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        CalendarFeed(
            membership_id=membership.id,
            token_digest=digest_of(token),
            made_at=now,
            fetched_at=None,
            content_digest=None,
            changed_at=now,
            ended_at=None,
        )
    )
    session.flush()
    return token


def end_feed(session: Session, *, membership: Membership, by: Actor) -> None:
    """Let the link of one of one's own memberships stop working, now."""
    if membership.id not in {own.id for own in memberships_of(session, by.person_id, clock.today())}:
        raise Refused("membership_not_yours")
    session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.membership_id == membership.id, CalendarFeed.ended_at.is_(None))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def feeds_of(session: Session, person_id: int) -> dict[int, CalendarFeed]:
    """The links of this person that work, by membership."""
    statement = select(CalendarFeed).join(Membership, Membership.id == CalendarFeed.membership_id)
    rows = session.scalars(statement.where(Membership.person_id == person_id, CalendarFeed.ended_at.is_(None)))
    return {row.membership_id: row for row in rows}


def find_feed(session: Session, token: str) -> Opened | None:
    """Whose calendar this token opens: None once it is ended, or its membership gives no access any more."""
    today = clock.today()
    statement = (
        select(CalendarFeed, Membership)
        .join(Membership, Membership.id == CalendarFeed.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(CalendarFeed.token_digest == digest_of(token), CalendarFeed.ended_at.is_(None))
        .where(active(today), living(today))
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    feed, membership = row
    return Opened(feed.id, actor_for(membership), feed.fetched_at, feed.content_digest, feed.changed_at)


def was_ours(session: Session, token: str) -> bool:
    """Whether we ever gave out this link: a calendar that still asks for it is no stranger trying."""
    found = select(CalendarFeed.id).where(CalendarFeed.token_digest == digest_of(token))
    return session.scalar(found) is not None


def is_due(opened: Opened, content_digest: str) -> bool:
    """Whether this fetch is worth writing down: it found something else, or the last one noted is a while ago."""
    if opened.fetched_at is None or opened.content_digest != content_digest:
        return True
    return clock.now() - opened.fetched_at >= FETCHED_EVERY


def note_fetched(session: Session, opened: Opened, content_digest: str) -> datetime:
    """Write down that a calendar asked and what it found; since when it finds that."""
    now = clock.now()
    changed_at = opened.changed_at if opened.content_digest == content_digest else now
    session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.id == opened.feed_id)
        .values(fetched_at=now, content_digest=content_digest, changed_at=changed_at)
        .execution_options(synchronize_session=False)
    )
    return changed_at


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
