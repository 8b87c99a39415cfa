"""Whose letter it is to send: claims with an owner and an end, and marks only where the owner is still the same."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from outreach.notifications.lines import LivingLine
from outreach.notifications.models import (
    CLAIMED,
    FAILED,
    QUEUED,
    RETRY,
    SENT,
    UNSENT,
    WITHDRAWN,
    OutboxLine,
    OutboxMessage,
)
from outreach.notifications.queries import living_lines

RETRY_AFTER = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
"""How long after the first, second and third failed attempt the next one comes; the fourth is the last."""

FAR = timedelta(days=1)
"""Nobody keeps a letter, or puts it off, this long: such a moment was written while a clock was wrong, and counts as
past."""

LAST_CALL = timedelta(minutes=15)
"""A retry that would come after the letter's worth ends is made this long before that instead."""


@dataclass(frozen=True)
class Claimed:
    """A letter this deliverer has to itself until its lease ends."""

    id: int
    kind: str
    address: str
    language: str
    message_id: str
    digest_on: date | None
    attempts: int
    not_after_at: datetime | None
    host: str = ""
    plain: bool = False
    tokens: Mapping[str, Any] = field(default_factory=dict)
    lines: Sequence[LivingLine] = ()


def claim(
    session: Session, *, owner: str, at: datetime, until: datetime, limit: int, without: Collection[str] = ()
) -> list[Claimed]:
    """Take up to `limit` letters that are due, and those whose former owner's lease is over; oldest first.

    Letters to the hosts in `without` are left where they are.
    """
    due = _due(at)
    if without:
        due = due.where(OutboxMessage.host.not_in(sorted(without)))
    taken = due.order_by(OutboxMessage.id).limit(limit).with_for_update(skip_locked=True).cte("due")
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(select(taken.c.id)))
        .values(state=CLAIMED, claimed_by=owner, claimed_until=until)
        .returning(
            OutboxMessage.id,
            OutboxMessage.kind,
            OutboxMessage.address,
            OutboxMessage.language,
            OutboxMessage.message_id,
            OutboxMessage.digest_on,
            OutboxMessage.attempts,
            OutboxMessage.not_after_at,
            OutboxMessage.host,
            OutboxMessage.plain,
            OutboxMessage.tokens,
        )
        .execution_options(synchronize_session=False)
    )
    rows = sorted(session.execute(statement), key=lambda row: row.id)
    lines = living_lines(session, [row.id for row in rows])
    return [_claimed(row, lines.get(row.id, [])) for row in rows]


def _claimed(row: Any, lines: Sequence[LivingLine]) -> Claimed:
    values = dict(row._mapping)
    tokens = json.loads(values.pop("tokens") or "{}")
    return Claimed(**values, tokens=tokens, lines=lines)


def take_back(session: Session, line_ids: Iterable[int], *, why: str, at: datetime) -> None:
    """These lines are not true any more; what is left of their letters goes."""
    session.execute(
        update(OutboxLine)
        .where(OutboxLine.id.in_(sorted(line_ids)))
        .values(withdrawn_at=at, withdrawn_why=why)
        .execution_options(synchronize_session=False)
    )


def _due(at: datetime) -> Select[int]:
    not_before, until = OutboxMessage.not_before_at, OutboxMessage.claimed_until
    come = or_(not_before.is_(None), not_before <= at, not_before > at + FAR)
    waiting = and_(OutboxMessage.state.in_((QUEUED, RETRY)), come)
    abandoned = and_(OutboxMessage.state == CLAIMED, or_(until < at, until > at + FAR))
    return select(OutboxMessage.id).where(OutboxMessage.state.in_(UNSENT), or_(waiting, abandoned))


def mark_sent(session: Session, letter: Claimed, *, owner: str, at: datetime) -> bool:
    """The server has it: whether the letter was still ours to mark."""
    return _mark(session, letter, owner, state=SENT, sent_at=at, last_error=None, last_code=None)


def mark_withdrawn(session: Session, letter: Claimed, *, owner: str) -> bool:
    """Nothing in it is alive any more: whether the letter was still ours to mark."""
    return _mark(session, letter, owner, state=WITHDRAWN)


def mark_failed(session: Session, letter: Claimed, *, owner: str, at: datetime, error: str, code: int | None) -> bool:
    """It will not be tried again unless a person says so."""
    values = {"state": FAILED, "failed_at": at, "attempts": letter.attempts + 1}
    return _mark(session, letter, owner, last_error=error, last_code=code, **values)


def mark_retry(
    session: Session, letter: Claimed, *, owner: str, next_at: datetime, error: str, code: int | None
) -> bool:
    """It is tried again at `next_at`."""
    values = {"state": RETRY, "not_before_at": next_at, "attempts": letter.attempts + 1}
    return _mark(session, letter, owner, last_error=error, last_code=code, **values)


def next_attempt_at(letter: Claimed, at: datetime) -> datetime | None:
    """When to try again after a failure at this moment; None when this was the last attempt."""
    if letter.attempts >= len(RETRY_AFTER):
        return None
    next_at = at + RETRY_AFTER[letter.attempts]
    if letter.not_after_at is None or next_at < letter.not_after_at:
        return next_at
    last_call = letter.not_after_at - LAST_CALL
    return last_call if last_call > at else None


def release(session: Session, letters: Iterable[Claimed], *, owner: str) -> None:
    """Give untried letters back, so that the next pass takes them at once and no attempt is lost."""
    _give_back(session, letters, owner, {})


def put_off(session: Session, letters: Iterable[Claimed], *, owner: str, until: datetime) -> None:
    """Give untried letters back until later; no attempt is lost."""
    _give_back(session, letters, owner, {"not_before_at": until})


def put_off_host(session: Session, host: str, *, until: datetime) -> None:
    """Leave a host in peace: whatever waits for it waits until then, for every deliverer; no attempt is lost."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.host == host,
            OutboxMessage.state.in_((QUEUED, RETRY)),
            or_(OutboxMessage.not_before_at.is_(None), OutboxMessage.not_before_at < until),
        )
        .values(not_before_at=until)
        .execution_options(synchronize_session=False)
    )


def _give_back(session: Session, letters: Iterable[Claimed], owner: str, values: Mapping[str, Any]) -> None:
    for state, ids in _by_former_state(letters).items():
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(ids), OutboxMessage.state == CLAIMED, OutboxMessage.claimed_by == owner)
            .values(state=state, claimed_by=None, claimed_until=None, **values)
            .execution_options(synchronize_session=False)
        )


def _by_former_state(letters: Iterable[Claimed]) -> dict[str, list[int]]:
    former: dict[str, list[int]] = {}
    for letter in letters:
        former.setdefault(RETRY if letter.attempts else QUEUED, []).append(letter.id)
    return former


def _mark(session: Session, letter: Claimed, owner: str, **values: Any) -> bool:
    """Once for every mail: no objects of it are held, and the statement is made once."""
    statement = _marking(tuple(values))
    done = session.connection().execute(statement, {"its_id": letter.id, "its_owner": owner, **values})
    return bool(done.rowcount)


@cache
def _marking(names: tuple[str, ...]) -> Update:
    """An UPDATE of these columns, where the letter is still its owner's."""
    return (
        update(OutboxMessage)
        .where(
            OutboxMessage.id == bindparam("its_id"),
            OutboxMessage.state == CLAIMED,
            OutboxMessage.claimed_by == bindparam("its_owner"),
        )
        .values(claimed_by=None, claimed_until=None, **{name: bindparam(name) for name in names})
    )
