"""What the rooms above can ask of the post room: queue, withdraw, send again. Nobody here talks to a mail server."""

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.database.absent import insert_absent, insert_many_absent
from outreach.database.many import insert_rows
from outreach.errors import Refused
from outreach.labels import LANGUAGES
from outreach.notifications.addresses import is_wrong, wrong_among
from outreach.notifications.lines import Line, check_letter
from outreach.notifications.models import (
    DIGEST,
    FAILED,
    QUEUED,
    RESENDABLE,
    RETRY,
    UNSENT,
    WITHDRAWN,
    OutboxLine,
    OutboxMessage,
)

T = TypeVar("T")

_CHUNK = 1000
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True)
class Digest:
    """The day's one mail to an address, or its one urgent mail beside it; `plain` sends text alone.

    `not_after_at` is when it stops being worth sending (end of working hours).
    """

    address: str
    language: str
    on: date
    lines: Sequence[Line]
    plain: bool = False
    not_before_at: datetime | None = None
    not_after_at: datetime | None = None


@dataclass(frozen=True)
class Queued:
    """What became of the digests offered: addresses with a new outbox row (its id), and those that had one that day."""

    messages: dict[str, int] = field(default_factory=dict)
    already: frozenset[str] = frozenset()


@lru_cache(maxsize=1 << 15)  # a morning asks for the same few thousand, over and over
def normalised(address: str) -> str:
    """The address as the outbox knows it: without spaces around it, in lower case."""
    return address.strip().lower()


def is_usable(address: str) -> bool:
    """Whether a mail server could accept this address at all."""
    return len(address) <= 254 and _ADDRESS.fullmatch(address) is not None


def queue_digests(session: Session, digests: Iterable[Digest], *, kind: str = DIGEST) -> Queued:
    """Queue many digests (or urgent mails); an address that already has one for that day gets nothing more.

    The database decides, so several processes may offer the same day at once. Digests without lines are left out; an
    address no server could accept, or known to be wrong, is kept as failed, where a coordinator sees it. Two digests
    of one address and day in one call become one with the lines of both.
    """
    offered = _merged(digests)
    messages: dict[tuple[str, date], int] = {}
    for chunk in _chunks(sorted(offered), _CHUNK):
        messages.update(_queue_chunk(session, [offered[key] for key in chunk], kind))
    return Queued(
        {address: id_ for (address, _), id_ in messages.items()},
        frozenset(address for address, _ in offered.keys() - messages.keys()),
    )


def queue_letter(
    session: Session,
    *,
    kind: str,
    address: str,
    language: str,
    dedupe_key: str,
    tokens: Mapping[str, Any],
    plain: bool = False,
    not_after_at: datetime | None = None,
) -> int | None:
    """Queue one letter that is no reminder (a signed link, an invitation): its row; None when the key is known.

    Raises ForbiddenTokenError for any token but those of its kind.
    """
    check_letter(kind, tokens)
    address = normalised(address)
    row = _row(
        wrong_among(session, [address]),
        kind=kind,
        address=address,
        language=language,
        dedupe_key=dedupe_key,
        plain=plain,
        not_after_at=not_after_at,
        tokens=json.dumps(dict(tokens)),
    )
    statement = insert_absent(session, OutboxMessage).returning(OutboxMessage.id)
    return session.scalars(statement, [row]).one_or_none()


def withdraw_letter(session: Session, message_id: int) -> bool:
    """Take back a letter that has not left yet: whether it could be."""
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state.in_((QUEUED, RETRY)))
        .values(state=WITHDRAWN)
        .execution_options(synchronize_session=False)
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def withdraw_lines(session: Session, *, about: Iterable[str], why: str = "changed") -> int:
    """Take back the unsent lines about these things (`step:812`), in the transaction of the change: how many."""
    withdrawn = 0
    unsent = select(OutboxMessage.id).where(OutboxMessage.state.in_(UNSENT))
    for chunk in _chunks(sorted(set(about)), _CHUNK):
        statement = (
            update(OutboxLine)
            .where(
                OutboxLine.about.in_(chunk),
                OutboxLine.withdrawn_at.is_(None),
                OutboxLine.outbox_message_id.in_(unsent),
            )
            .values(withdrawn_at=clock.now(), withdrawn_why=why)
            .execution_options(synchronize_session=False)
        )
        withdrawn += session.execute(statement).rowcount  # type: ignore[attr-defined]
    return withdrawn


def resend(session: Session, message_id: int, *, by: str) -> None:
    """Queue a failed or waiting mail again, from the first attempt and at once; `by` is opaque (`person:4`).

    Raises Refused: `not_resendable` for a mail that was sent, withdrawn, purged or is being sent now;
    `address_wrong` while its address gets no mail.
    """
    address = session.scalar(select(OutboxMessage.address).where(OutboxMessage.id == message_id))
    if address is not None and is_wrong(session, address):
        raise Refused("address_wrong")
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state.in_(RESENDABLE), OutboxMessage.purged_at.is_(None))
        .values(
            state=QUEUED,
            attempts=0,
            not_before_at=None,
            not_after_at=None,
            failed_at=None,
            resent_by=by,
            resent_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise Refused("not_resendable")


def _merged(digests: Iterable[Digest]) -> dict[tuple[str, date], Digest]:
    """By address and day, in one spelling; always offered in the same order, so that two sweeps cannot deadlock."""
    found: dict[tuple[str, date], Digest] = {}
    for digest in digests:
        key = (normalised(digest.address), digest.on)
        if key in found:
            found[key] = replace(found[key], lines=[*found[key].lines, *digest.lines])
        elif digest.lines:
            found[key] = replace(digest, address=key[0])
    return found


def _queue_chunk(session: Session, digests: list[Digest], kind: str) -> dict[tuple[str, date], int]:
    day = OutboxMessage.digest_on if kind == DIGEST else OutboxMessage.urgent_on
    wrong = wrong_among(session, [digest.address for digest in digests])
    rows = [
        _row(
            wrong,
            kind=kind,
            address=digest.address,
            language=digest.language,
            dedupe_key=f"{kind}:{digest.address}:{digest.on.isoformat()}",
            plain=digest.plain,
            not_before_at=digest.not_before_at,
            not_after_at=digest.not_after_at,
            **{day.key: digest.on},
        )
        for digest in digests
    ]
    written = insert_many_absent(session, OutboxMessage, rows, (OutboxMessage.id, OutboxMessage.address, day))
    messages = {(address, on): id_ for id_, address, on in written}
    lines = [
        line
        for digest in digests
        if (digest.address, digest.on) in messages
        for line in _line_rows(messages[digest.address, digest.on], digest.lines)
    ]
    insert_rows(session, OutboxLine, lines)
    return messages


def _line_rows(message: int, lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    for position, line in enumerate(lines):
        yield {
            "outbox_message_id": message,
            "position": position,
            "group_key": line.group,
            "subject": line.subject,
            "about": line.about,
            "key": line.key,
            "data": line.stored(),
            "rule": None if line.rule is None else dict(line.rule),
        }


def _row(wrong: set[str], *, address: str, language: str, **values: Any) -> dict[str, Any]:
    if language not in LANGUAGES:
        raise ValueError(f"no mail in language {language!r}")
    fault = "address_wrong" if address in wrong else None if is_usable(address) else "address_malformed"
    return {
        "address": address,
        "host": address.rpartition("@")[2],
        "language": language,
        "message_id": uuid.uuid4().hex,
        "queued_at": clock.now(),
        "state": FAILED if fault else QUEUED,
        "failed_at": clock.now() if fault else None,
        "last_error": fault,
        **values,
    }


def _chunks(items: Sequence[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
