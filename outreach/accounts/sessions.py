"""Sign-in sessions as rows, so that they can be ended: at sign-out, by time, by leaving, from any node."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from outreach import clock
from outreach.accounts.actors import Actor, actor_for
from outreach.accounts.models import Membership, Person, SignInSession
from outreach.accounts.queries import active, memberships_of
from outreach.errors import Refused
from outreach.partners.models import Organisation
from outreach.partners.queries import living, valid

IDLE = timedelta(hours=4)
"""Signed out after this long without a page: a morning's visits fit in, a forgotten browser does not."""

LONGEST = timedelta(hours=12)
"""Signed out in any case: once each working day the password is asked again (OWASP ASVS 5, level 2)."""

LAST_SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class OpenSession:
    """A session that is still good, read once for the request."""

    session_id: int
    actor: Actor
    last_seen_at: datetime
    organisation_name: str
    places: int
    """How many memberships this person may act for."""
    theme: str | None
    start_page: str | None

    @property
    def seen_long_ago(self) -> bool:
        """Whether last-seen is due to be written again."""
        return clock.now() - self.last_seen_at >= LAST_SEEN_EVERY


def open_session(session: Session, *, membership: Membership) -> str:
    """Begin a session acting for this membership; returns the token that only the browser keeps."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        SignInSession(
            token_digest=_digest(token),
            person_id=membership.person_id,
            membership_id=membership.id,
            created_at=now,
            last_seen_at=now,
        )
    )
    session.flush()
    return token


def find_open_session(session: Session, token: str) -> OpenSession | None:
    """The session of this token, unless it ended, ran out, or its membership no longer gives access."""
    now = clock.now()
    query = (
        select(SignInSession, Membership, _places())
        .join(Membership, Membership.id == SignInSession.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(SignInSession.token_digest == _digest(token), SignInSession.ended_at.is_(None))
        .where(SignInSession.last_seen_at > now - IDLE, SignInSession.created_at > now - LONGEST)
        .where(active(clock.today()), living(clock.today()))
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    row, membership, places = found
    return OpenSession(
        session_id=row.id,
        actor=actor_for(membership),
        last_seen_at=row.last_seen_at,
        organisation_name=membership.organisation.name,
        places=places,
        theme=membership.person.theme,
        start_page=membership.person.start_page,
    )


def _places() -> ScalarSelect[int]:
    """How many memberships the person of the outer query has today."""
    other = aliased(Membership)
    today = clock.today()
    query = select(func.count(other.id)).where(other.person_id == SignInSession.person_id, valid(other, today))
    return query.where(other.ended_at.is_(None)).correlate(SignInSession).scalar_subquery()


def last_membership_id(session: Session, person_id: int) -> int | None:
    """The membership this person acted for last time."""
    query = select(SignInSession.membership_id).where(SignInSession.person_id == person_id)
    return session.scalar(query.order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc()).limit(1))


def note_seen(session: Session, session_id: int) -> None:
    """Write down that this session is in use."""
    session.get_one(SignInSession, session_id).last_seen_at = clock.now()


def switch_membership(session: Session, *, session_id: int, membership: Membership, by: Actor) -> None:
    """Go on acting for another of one's own memberships; raises Refused when it is not, or no longer, one's own."""
    if membership.id not in {own.id for own in memberships_of(session, by.person_id, clock.today())}:
        raise Refused("membership_not_yours")
    row = session.get_one(SignInSession, session_id)
    row.membership_id = membership.id
    row.last_seen_at = clock.now()
    session.flush()


def end_session(session: Session, token: str) -> None:
    """End the session of this token, wherever it is open."""
    end_sessions(session, SignInSession.token_digest == _digest(token))


def end_other_sessions(session: Session, *, session_id: int, by: Actor) -> None:
    """Sign this person out everywhere but here: a lost phone, a desk left open."""
    end_sessions(session, and_(SignInSession.person_id == by.person_id, SignInSession.id != session_id))


def count_other_sessions(session: Session, *, session_id: int, person_id: int) -> int:
    """In how many other browsers this person is signed in now."""
    now = clock.now()
    query = select(func.count(SignInSession.id)).where(
        SignInSession.person_id == person_id,
        SignInSession.id != session_id,
        SignInSession.ended_at.is_(None),
        SignInSession.last_seen_at > now - IDLE,
        SignInSession.created_at > now - LONGEST,
    )
    return session.scalar(query) or 0


def end_sessions(session: Session, which: ColumnElement[bool]) -> None:
    """End every open session of a kind: of a person, of a membership."""
    session.execute(update(SignInSession).where(which, SignInSession.ended_at.is_(None)).values(ended_at=clock.now()))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
