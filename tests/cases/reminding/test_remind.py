"""The morning sweep: one digest, late first, up the ladder, and silence when there is nothing new."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.planning import pause_step
from outreach.cases.commands.reminding import remind
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, Reminder
from outreach.database import seen_by
from outreach.notifications.models import OutboxLine, OutboxMessage
from outreach.partners.commands import add_organisation
from tests.cases.commands.test_one_child import last_step
from tests.ground.field import Field, make_field

READ = seen_by("test")


@pytest.fixture
def field(session: Session) -> Field:
    """An area with its people."""
    field = make_field(session)
    assert field.coordinator
    assert field.worker
    return field


def assigned(field: Field, name: str = "Milan") -> Case:
    """A four-year-old whom Wim is to visit; aim 12 January 2027, ten outreach days from 15 December."""
    case = field.case(name, date(2022, 3, 10))
    facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
    step = last_step(field.session, case)
    report_outcome(field.session, case, step, outcome="assign", facts=facts, by=field.coordinator)
    return case


def mornings(first: date, last: date) -> Iterator[date]:
    """Each day from first to last, with the clock at five past eight."""
    day = first
    while day <= last:
        with clock.at(clock.moment_of(day, 8, 5)):
            yield day
        day += timedelta(days=1)


def digests(session: Session, day: date) -> dict[str, list[str]]:
    """The line keys of each address's digest of a day."""
    statement = select(OutboxMessage).where(OutboxMessage.digest_on == day)
    found = {}
    for message in session.scalars(statement).all():
        lines = select(OutboxLine.key).where(
            OutboxLine.outbox_message_id == message.id, OutboxLine.withdrawn_at.is_(None)
        )
        found[message.address] = list(session.scalars(lines.order_by(OutboxLine.position)))
    return found


def test_a_visit_is_reminded_before_its_aim_then_late_then_upward(session: Session, field: Field) -> None:
    """Wim hears that it is his, three days before, the day after, and at five and ten days; Lies only at ten."""
    case = assigned(field)
    aim = last_step(session, case).aim_on
    assert aim == date(2027, 1, 12)
    heard: dict[str, list[date]] = {}
    for day in mornings(date(2026, 12, 16), date(2027, 2, 5)):
        remind(session)
        for address in digests(session, day):
            heard.setdefault(address, []).append(day)
    assert heard["wim@example.test"] == [
        date(2026, 12, 16),
        date(2027, 1, 7),
        date(2027, 1, 13),
        date(2027, 1, 19),
        date(2027, 1, 26),
    ]
    assert heard["lies@example.test"] == [date(2027, 1, 26)]


def test_the_second_run_queues_nothing(session: Session, field: Field) -> None:
    """The rung was sent; a second sweep has nothing new to say."""
    assigned(field)
    with clock.at(clock.moment_of(date(2027, 1, 15), 8, 5)):
        first, second = remind(session), remind(session)
    assert (first.digests_queued, first.steps_due) == (1, 1)
    assert (second.digests_queued, second.steps_due, second.already_queued) == (0, 0, 1)


@pytest.mark.parametrize(
    ("day", "hour"), [(date(2027, 1, 16), 9), (date(2027, 1, 17), 9), (date(2027, 1, 15), 7), (date(2027, 1, 15), 17)]
)
def test_nobody_is_reminded_at_rest(session: Session, field: Field, day: date, hour: int) -> None:
    """Not in the weekend, not before eight, not from five on."""
    assigned(field)
    with clock.at(clock.moment_of(day, hour)):
        assert remind(session).digests_queued == 0


def test_a_paused_step_is_not_reminded_and_its_line_is_taken_back(session: Session, field: Field) -> None:
    """Queued at eight, paused at nine: nothing about it leaves."""
    case = assigned(field)
    with clock.at(clock.moment_of(date(2027, 1, 15), 8, 5)):
        remind(session)
        assert digests(session, date(2027, 1, 15)) == {"wim@example.test": ["step_late"]}
        step = last_step(session, case)
        pause_step(session, case, step, reason="illness", until_on=date(2027, 1, 29), remark=None, by=field.worker)
        assert digests(session, date(2027, 1, 15)) == {"wim@example.test": []}
    with clock.at(clock.moment_of(date(2027, 1, 18), 8, 5)):
        assert remind(session).digests_queued == 0


def test_ten_cases_are_one_digest(session: Session, field: Field) -> None:
    """One mail, ten lines."""
    for number in range(10):
        assigned(field, f"Kind{number}")
    with clock.at(clock.moment_of(date(2027, 1, 15), 8, 5)):
        swept = remind(session)
    assert (swept.steps_considered, swept.steps_due, swept.digests_queued) == (10, 10, 1)
    assert digests(session, date(2027, 1, 15)) == {"wim@example.test": ["step_late"] * 10}


def test_a_team_without_a_mailbox_is_told_through_the_coordinator(session: Session, field: Field) -> None:
    """Nobody can be written to, so the area's coordinator hears of it, marked."""
    case = assigned(field)
    step = last_step(session, case)
    step.person_id = None
    organisation = field.organisations["de-brug"]
    add_organisation(session, key=organisation.key, kind=organisation.kind, name=organisation.name)
    organisation.mailbox = None
    session.flush()
    with clock.at(clock.moment_of(date(2027, 1, 15), 8, 5)):
        remind(session)
    assert digests(session, date(2027, 1, 15)) == {"lies@example.test": ["step_unowned"]}


def test_each_rung_is_kept_once(session: Session, field: Field) -> None:
    """What was said is a row: step, address, rung and aim; silence beside them, on the day of the highest."""
    assigned(field)
    for _ in mornings(date(2027, 1, 6), date(2027, 1, 29)):
        remind(session)
    rows = session.scalars(select(Reminder.rung).order_by(Reminder.id), execution_options=READ).all()
    assert [rung for rung in rows if not rung.endswith("_above")] == [
        "before_aim",
        "late",
        "team_lead",
        "silence",
        "coordinator",
    ]
