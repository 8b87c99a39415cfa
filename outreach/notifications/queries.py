"""What one can ask about the outbox: what went out, what waits, what failed and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.database.among import among
from outreach.notifications.lines import LivingLine
from outreach.notifications.models import OutboxLine, OutboxMessage

PER_PAGE = 50


@dataclass(frozen=True)
class OutboxRow:
    """One mail as the outbox page shows it; `lines` are those nobody took back."""

    id: int
    kind: str
    address: str
    state: str
    queued_at: datetime
    not_before_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    attempts: int
    last_error: str | None
    lines: Sequence[LivingLine]


@dataclass(frozen=True)
class Narrowed:
    """What the outbox page is narrowed to: mails in a state, of a kind, to one address; None is all of them.

    `near`: the addresses whose mail may be seen at all, None for every one.
    """

    near: Collection[str] | None
    state: str | None = None
    kind: str | None = None
    address: str | None = None

    def conditions(self, session: Session, *, whatever_state: bool = False) -> list[ColumnElement[bool]]:
        """As a condition each."""
        asked = {OutboxMessage.kind: self.kind, OutboxMessage.address: self.address}
        if not whatever_state:
            asked[OutboxMessage.state] = self.state
        return [*_near(session, self.near), *(column == value for column, value in asked.items() if value is not None)]


def outbox_rows(session: Session, narrowed: Narrowed, *, page: int = 1) -> Sequence[OutboxRow]:
    """One page of mails, newest first; two statements whatever their number."""
    columns = [getattr(OutboxMessage, name) for name in OutboxRow.__dataclass_fields__ if name != "lines"]
    statement = select(*columns).where(*narrowed.conditions(session)).order_by(OutboxMessage.id.desc())
    found = session.execute(statement.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    lines = living_lines(session, [row.id for row in found])
    return [OutboxRow(**row._mapping, lines=lines.get(row.id, [])) for row in found]


@dataclass(frozen=True)
class SaidLine:
    """One line of a mail as it was written, with its reason, and since when and why it was taken back."""

    id: int
    about: str
    group: str
    key: str
    data: dict[str, Any]
    rule: dict[str, Any] | None
    withdrawn_at: datetime | None
    withdrawn_why: str | None


def said_lines(session: Session, message_id: int) -> list[SaidLine]:
    """Every line of a mail, those taken back too."""
    statement = (
        select(
            OutboxLine.id,
            OutboxLine.about,
            OutboxLine.group_key,
            OutboxLine.key,
            OutboxLine.data,
            OutboxLine.rule,
            OutboxLine.withdrawn_at,
            OutboxLine.withdrawn_why,
        )
        .where(OutboxLine.outbox_message_id == message_id)
        .order_by(OutboxLine.position)
    )
    return [SaidLine(*row) for row in session.execute(statement)]


def last_mails(session: Session, address: str, *, count: int) -> Sequence[OutboxMessage]:
    """The newest mails to an address."""
    statement = select(OutboxMessage).where(OutboxMessage.address == address.strip().lower())
    return session.scalars(statement.order_by(OutboxMessage.id.desc()).limit(count)).all()


def outbox_row(session: Session, message: OutboxMessage) -> OutboxRow:
    """One mail as the outbox page shows it."""
    values = {name: getattr(message, name) for name in OutboxRow.__dataclass_fields__ if name != "lines"}
    return OutboxRow(**values, lines=living_lines(session, [message.id]).get(message.id, []))


def find_message(session: Session, message_id: int, near: Collection[str] | None) -> OutboxMessage | None:
    """That mail if it went to one of these addresses, or None."""
    message = session.get(OutboxMessage, message_id)
    return message if message is not None and (near is None or message.address in near) else None


def kinds_sent(session: Session, near: Collection[str] | None) -> list[str]:
    """The kinds of mail there are in the outbox."""
    statement = select(OutboxMessage.kind).where(*_near(session, near)).distinct().order_by(OutboxMessage.kind)
    return list(session.scalars(statement))


def messages_by_state(session: Session, narrowed: Narrowed) -> dict[str, int]:
    """How many mails are in each state, of those of this kind and to this address."""
    statement = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    statement = statement.where(*narrowed.conditions(session, whatever_state=True))
    return dict(session.execute(statement).all())


def addresses_told(session: Session, key: str, addresses: Sequence[str], *, since: date) -> set[str]:
    """Those of these addresses to whom a line of this kind was written, from a day on."""
    statement = (
        select(OutboxMessage.address)
        .join(OutboxLine, OutboxLine.outbox_message_id == OutboxMessage.id)
        .where(
            OutboxMessage.address.in_(addresses),
            OutboxMessage.queued_at >= clock.moment_of(since, 0),
            OutboxLine.key == key,
        )
    )
    return set(session.scalars(statement))


def living_lines(session: Session, messages: list[int]) -> dict[int, list[LivingLine]]:
    """The lines nobody took back, per mail, in their order."""
    found: dict[int, list[LivingLine]] = {}
    if messages:
        statement = (
            select(
                OutboxLine.outbox_message_id,
                OutboxLine.id,
                OutboxLine.about,
                OutboxLine.group_key,
                OutboxLine.key,
                OutboxLine.data,
                OutboxLine.rule,
            )
            .where(OutboxLine.outbox_message_id.in_(messages), OutboxLine.withdrawn_at.is_(None))
            .order_by(OutboxLine.outbox_message_id, OutboxLine.position)
        )
        for message, *line in session.connection().execute(statement):
            found.setdefault(message, []).append(LivingLine(*line))
    return found


def _near(session: Session, near: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if near is None else [among(session, OutboxMessage.address, near)]
