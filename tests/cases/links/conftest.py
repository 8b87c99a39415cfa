"""A child whose welcome is at a school that has no account, and links about it."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.linking import Asking, send_link
from outreach.cases.models import Case, Event, SignedLink, Step
from outreach.notifications.models import OutboxMessage
from tests.cases.routes.conftest import READ, at_welcome, enter, field
from tests.ground.field import Field

__all__ = ["READ", "at_welcome", "enter", "field"]

ADDRESS = "onthaal@dewilg.example"

Send = Callable[..., SignedLink]


def asking(**other: object) -> Asking:
    """What a sender fills in: the school has the reference from a talk on the phone yesterday."""
    given = {
        "address": ADDRESS,
        "language": "nl",
        "offers": ["settling_in_held", "started"],
        "known_how": "phone",
        "known_on": date(2026, 12, 14),
        "days": 14,
    }
    return Asking(**{**given, **other})  # type: ignore[arg-type]


def step_of(session: Session, case: Case, key: str) -> Step:
    """The newest step of a case of one kind."""
    session.flush()
    statement = select(Step).where(Step.case_id == case.id, Step.key == key).order_by(Step.number.desc()).limit(1)
    return session.scalars(statement, execution_options=READ).one()


def kinds(session: Session, case: Case) -> list[str]:
    """What happened in a case."""
    statement = select(Event.kind).where(Event.case_id == case.id).order_by(Event.seq)
    return list(session.scalars(statement, execution_options=READ))


def letter_of(session: Session, link: SignedLink) -> OutboxMessage:
    """The letter a link leaves in."""
    session.flush()
    return session.scalars(select(OutboxMessage).where(OutboxMessage.id == link.outbox_message_id)).one()


def token_in(letter: OutboxMessage) -> str:
    """The token, which stands in the letter alone."""
    assert letter.tokens is not None
    return letter.tokens.partition("/answer/")[2].partition("?")[0]


@pytest.fixture
def case(field: Field) -> Case:
    """Milan's welcome at De Linde, from the fourth of January."""
    return at_welcome(field)


@pytest.fixture
def send(session: Session, field: Field, case: Case) -> Send:
    """Send a link about the welcome; committed, with its token beside it."""

    def sent(by: Actor | None = None, **other: object) -> SignedLink:
        step = step_of(session, case, "warm_welcome")
        link = send_link(session, case, step, asking(**other), by=by or field.coordinator)
        session.flush()
        return link

    return sent


EARLY = clock.moment_of(date(2027, 1, 4), 9)
"""The child's first day."""
