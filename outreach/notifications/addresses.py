"""Addresses that get no mail any more: refused for good by their server, or marked so by somebody who knows."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from structlog import get_logger

from outreach import clock
from outreach.database.absent import insert_absent
from outreach.notifications.models import FAILED, QUEUED, RETRY, OutboxMessage, WrongAddress

log = get_logger()

MARKED = "address_marked_wrong"
"""Why no mail goes there when a person said so; otherwise it is what the server answered."""


def mark_wrong(
    session: Session, *, address: str, error: str = MARKED, code: int | None = None, by: str | None = None
) -> None:
    """No mail to this address from now on; what waits for it fails, visibly. `by` is opaque (`person:4`)."""
    address = address.strip().lower()
    if is_wrong(session, address):
        return
    now = clock.now()
    row = {"address": address, "error": error, "code": code, "at": now, "marked_by": by}
    session.execute(insert_absent(session, WrongAddress), [row])
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.address == address, OutboxMessage.state.in_((QUEUED, RETRY)))
        .values(state=FAILED, failed_at=now, last_error="address_wrong", last_code=code)
        .execution_options(synchronize_session=False)
    )
    log.info("address_marked_wrong", code=code, by=by)


def clear_wrong(session: Session, *, address: str, by: str) -> bool:
    """The address is right after all: whether it was marked. What failed stays failed; it can be sent again."""
    statement = (
        update(WrongAddress)
        .where(WrongAddress.address == address.strip().lower(), WrongAddress.cleared_at.is_(None))
        .values(cleared_at=clock.now(), cleared_by=by)
        .execution_options(synchronize_session=False)
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def is_wrong(session: Session, address: str) -> bool:
    """Whether this address gets no mail."""
    return bool(wrong_among(session, [address]))


def wrong_among(session: Session, addresses: list[str]) -> set[str]:
    """Those of these addresses that get no mail."""
    statement = select(WrongAddress.address).where(
        WrongAddress.address.in_(addresses), WrongAddress.cleared_at.is_(None)
    )
    return set(session.scalars(statement))


def wrong_addresses(session: Session) -> list[WrongAddress]:
    """Every address that gets no mail now, the newest first."""
    statement = select(WrongAddress).where(WrongAddress.cleared_at.is_(None)).order_by(WrongAddress.id.desc())
    return list(session.scalars(statement))
