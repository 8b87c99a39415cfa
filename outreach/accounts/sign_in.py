"""Signing in: brakes first, then the password outside any transaction, then the session."""

from dataclasses import dataclass

from sqlalchemy.orm import Session
from structlog import get_logger

from outreach import clock
from outreach.accounts import brakes, passwords, queries, sessions
from outreach.accounts.models import Membership, Person
from outreach.database import transaction

log = get_logger()


@dataclass(frozen=True)
class Outcome:
    """Signed in when there is a token; else wrong, or `wait_seconds` to wait first. Says nothing about who exists."""

    token: str | None = None
    wait_seconds: int = 0


@dataclass(frozen=True)
class _Candidate:
    attempt_id: int
    person_id: int | None
    password_hash: str | None


def sign_in(session: Session, *, email: str, password: str, address: str, old_token: str | None = None) -> Outcome:
    """Try to sign in from a network address; the browser's earlier session ends.

    Owns its transactions, unlike a command: hashing takes long and must not hold the database. An unknown address, a
    wrong password and a person who left give the same answer after the same time.
    """
    who = brakes.caller(queries.normal_email(email), address)
    with transaction(session):
        wait = brakes.seconds_to_wait(session, who)
        candidate = None if wait else _candidate(session, email, brakes.begin_attempt(session, who))
    if candidate is None:
        log.warning("sign_in_slowed", seconds=wait)
        return Outcome(wait_seconds=wait)
    if not passwords.verify(candidate.password_hash, password) or candidate.person_id is None:
        log.warning("sign_in_failed", person=candidate.person_id)
        return Outcome()
    renewed = _renewed(candidate.password_hash, password)
    with transaction(session):
        token = _admit(session, candidate, renewed)
        if token is not None and old_token is not None:
            sessions.end_session(session, old_token)
    return Outcome(token=token)


def _candidate(session: Session, email: str, attempt_id: int) -> _Candidate:
    person = queries.find_person(session, email)
    if person is None or _place(session, person.id) is None:
        return _Candidate(attempt_id, None, None)
    return _Candidate(attempt_id, person.id, person.password_hash)


def _renewed(stored: str | None, password: str) -> str | None:
    """A hash at today's cost when the stored one is of another."""
    return passwords.hash_password(password) if stored and passwords.outdated(stored) else None


def _admit(session: Session, candidate: _Candidate, renewed: str | None) -> str | None:
    """Open the session, unless password or membership changed while we were hashing."""
    person = session.get_one(Person, candidate.person_id)
    membership = _place(session, person.id)
    if membership is None or person.password_hash != candidate.password_hash:
        return None
    brakes.succeed_attempt(session, candidate.attempt_id)
    if renewed is not None:
        person.password_hash = renewed
    return sessions.open_session(session, membership=membership)


def _place(session: Session, person_id: int) -> Membership | None:
    """The membership to act for: the last one used, else the first."""
    places = queries.memberships_of(session, person_id, clock.today())
    last = sessions.last_membership_id(session, person_id)
    return next((place for place in places if place.id == last), places[0] if places else None)
