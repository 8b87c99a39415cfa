"""An area where mail goes round, and who gets what."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Person
from outreach.cases.commands.reminding import Swept, remind
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case
from outreach.cases.queries.still_true import dead_lines
from outreach.notifications.models import OutboxLine, OutboxMessage
from outreach.notifications.queries import living_lines
from tests.cases.commands.test_one_child import last_step
from tests.ground.field import Field, make_field

Give = Callable[..., Case]


@pytest.fixture
def field(session: Session) -> Field:
    """An area with its people."""
    field = make_field(session)
    assert field.coordinator
    assert field.worker
    return field


@pytest.fixture
def give(field: Field) -> Give:
    """Lies gives Wim the visit of a four-year-old; aim 12 January 2027, ten outreach days from 15 December."""

    def given(name: str = "Milan", to: Actor | None = None) -> Case:
        case = field.case(name, date(2022, 3, 10))
        facts = {"organisation": field.organisations["de-brug"].id, "person": (to or field.worker).person_id}
        step = last_step(field.session, case)
        report_outcome(field.session, case, step, outcome="assign", facts=facts, by=field.coordinator)
        return case

    return given


def person(session: Session, actor: Actor) -> Person:
    """The row of somebody."""
    return session.get_one(Person, actor.person_id)


def sweep(session: Session, day: date, hour: int = 8, minute: int = 5) -> Swept:
    """A sweep at that moment."""
    with clock.at(clock.moment_of(day, hour, minute)):
        return remind(session)


def mails(session: Session, address: str) -> list[tuple[str, date, list[str]]]:
    """Kind, day and line keys of every mail to an address, in order."""
    statement = select(OutboxMessage).where(OutboxMessage.address == address).order_by(OutboxMessage.id)
    found = []
    for message in session.scalars(statement).all():
        lines = select(OutboxLine.key).where(
            OutboxLine.outbox_message_id == message.id, OutboxLine.withdrawn_at.is_(None)
        )
        day = message.digest_on or message.urgent_on
        assert day is not None
        found.append((message.kind, day, list(session.scalars(lines.order_by(OutboxLine.position)))))
    return found


def dead(session: Session) -> list[str]:
    """The keys of the lines that delivery would leave out now."""
    ids = list(session.scalars(select(OutboxMessage.id)))
    lines = living_lines(session, ids)
    address = {row.id: row.address for row in session.scalars(select(OutboxMessage))}
    gone = dead_lines(session, [(address[id_], lines[id_]) for id_ in ids])
    return [line.key for found in lines.values() for line in found if line.id in gone]
