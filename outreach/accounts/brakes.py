"""Slows down guessing of passwords, on every node alike, without locking anybody out.

Tries are counted per account and address together, per address, and per account. A try made while waiting is not
counted, so every wait ends; somebody who signed in from this address before feels only the first count, so strangers
guessing at an account cannot keep its owner out.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock, crypto
from outreach.accounts.models import SignInAttempt

_WINDOW = timedelta(hours=1)
_REMEMBERED = timedelta(days=60)


@dataclass(frozen=True)
class Brake:
    """After `free` failures each next one doubles the wait, up to `longest` seconds."""

    free: int
    longest: int

    def wait(self, failures: list[datetime], now: datetime) -> float:
        """Seconds still to wait after these failures, in order of time."""
        if len(failures) < self.free:
            return 0
        delay = min(2.0 ** min(len(failures) - self.free, 16), self.longest)
        return max((failures[-1] - now).total_seconds() + delay, 0)


PAIR = Brake(free=5, longest=300)
ADDRESS = Brake(free=30, longest=60)
ACCOUNT = Brake(free=30, longest=60)


@dataclass(frozen=True)
class Caller:
    """Who tries, from where: keyed digests, so that the table tells no one's address."""

    account: str
    address: str


def caller(email: str, address: str) -> Caller:
    """The digests of an e-mail address and a network address (of IPv6 the network, for one has a whole one)."""
    return Caller(
        account=crypto.keys().blind_index(email, "sign-in-account"),
        address=crypto.keys().blind_index(_network(address), "sign-in-address"),
    )


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    prefix = 64 if parsed.version == 6 else 32
    return str(ipaddress.ip_network((parsed, prefix), strict=False))


def seconds_to_wait(session: Session, who: Caller) -> int:
    """How long this caller must wait before the next try; 0 when free to try."""
    _one_at_a_time(session, who)
    now = clock.now()
    query = select(SignInAttempt).where(SignInAttempt.at > now - _WINDOW)
    query = query.where(or_(SignInAttempt.account == who.account, SignInAttempt.address == who.address))
    rows = list(session.scalars(query.order_by(SignInAttempt.at, SignInAttempt.id)))
    waits = [PAIR.wait(_failures_of_pair(rows, who), now)]
    if not _known(session, who):
        failures = [row for row in rows if not row.succeeded]
        waits.append(ADDRESS.wait([row.at for row in failures if row.address == who.address], now))
        waits.append(ACCOUNT.wait([row.at for row in failures if row.account == who.account], now))
    return ceil(max(waits))


def _failures_of_pair(rows: list[SignInAttempt], who: Caller) -> list[datetime]:
    """Failures of this account from this address since it last succeeded there."""
    failures: list[datetime] = []
    for row in rows:
        if (row.account, row.address) == (who.account, who.address):
            failures = [] if row.succeeded else [*failures, row.at]
    return failures


def _known(session: Session, who: Caller) -> bool:
    query = select(SignInAttempt.id).where(
        SignInAttempt.account == who.account, SignInAttempt.address == who.address, SignInAttempt.succeeded
    )
    return session.scalar(query.where(SignInAttempt.at > clock.now() - _REMEMBERED).limit(1)) is not None


def _one_at_a_time(session: Session, who: Caller) -> None:
    """On PostgreSQL two tries of one caller wait for each other; on SQLite every write does."""
    if session.get_bind().dialect.name == "postgresql":
        for digest in sorted((who.account, who.address)):
            session.execute(select(func.pg_advisory_xact_lock(int(digest[:15], 16))))


def begin_attempt(session: Session, who: Caller) -> int:
    """Note a try before the password is looked at: it counts as a failure until `succeed_attempt`."""
    attempt = SignInAttempt(account=who.account, address=who.address, at=clock.now(), succeeded=False)
    session.add(attempt)
    session.flush()
    return attempt.id


def succeed_attempt(session: Session, attempt_id: int) -> None:
    """The password was right; tries too old to count for anything are dropped."""
    session.get_one(SignInAttempt, attempt_id).succeeded = True
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < clock.now() - _REMEMBERED))
