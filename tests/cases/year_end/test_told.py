"""One line in the digest of June's first working day, once, without a name; and what September's mail says."""

from datetime import date

from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.year_end import decide_at_year_end, plan_decision
from outreach.cases.queries.year_end import open_cases
from tests.cases.reminding.conftest import mails
from tests.ground.field import Field

from .conftest import Welcome, morning

FIRST = date(2027, 6, 1)


def told(session: Session, address: str) -> list[date]:
    """The days on which the line of the year's end was written to an address."""
    return [day for _, day, keys in mails(session, address) if "year_end" in keys]


def test_leads_and_schools_are_told_once_on_the_first_working_day(
    session: Session, field: Field, welcome: Welcome, visited: Welcome
) -> None:
    with clock.at(clock.moment_of(date(2027, 5, 25), 10)):
        welcome()
        visited()
        assert field.school
    for day in range(25, 32):
        morning(session, date(2027, 5, day))
    assert told(session, "lies@example.test") == []
    for day in range(1, 31):
        morning(session, date(2027, 6, day))
    assert told(session, "lies@example.test") == [FIRST]
    assert told(session, "sofie@example.test") == [FIRST]
    assert told(session, "wim@example.test") == []


def test_when_june_begins_in_a_weekend_it_is_the_monday(session: Session, field: Field, visited: Welcome) -> None:
    """1 June 2030 is a Saturday."""
    with clock.at(clock.moment_of(date(2030, 5, 20), 10)):
        visited("Noor", date(2026, 3, 10))
    for day in (1, 2, 3, 4):
        morning(session, date(2030, 6, day))
    assert told(session, "lies@example.test") == [date(2030, 6, 3)]


def test_who_decided_everything_is_not_told(session: Session, field: Field, visited: Welcome) -> None:
    lies = field.coordinator
    with clock.at(clock.moment_of(FIRST, 7)):
        visited()
        session.flush()
        for one in open_cases(session, lies):
            decide_at_year_end(session, plan_decision(session, one, decision=None, by=lies), by=lies)
        session.flush()
    for day in range(1, 10):
        morning(session, date(2027, 6, day))
    assert told(session, "lies@example.test") == []


def test_schools_hear_nothing_all_summer_and_then_at_the_mailbox_of_the_school(
    session: Session, field: Field, welcome: Welcome
) -> None:
    """The step that woke is nobody's yet: not Sofie, who had it last year, but the school is told."""
    with clock.at(clock.moment_of(date(2027, 6, 7), 10)):
        welcome()
    last = date(2027, 6, 30)
    day = date(2027, 7, 1).toordinal()
    while day <= date(2027, 9, 3).toordinal():
        morning(session, date.fromordinal(day))
        day += 1
    assert [on for _, on, _ in mails(session, "sofie@example.test") if on > last] == []
    assert [on for _, on, _ in mails(session, "de-linde@example.test") if on > last] == [date(2027, 9, 3)]
