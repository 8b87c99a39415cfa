"""A word of what came of it: true, without names, for who wants it, and only in a mail that goes anyway."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.notifications.models import OutboxLine
from tests.cases.commands.test_one_child import last_step
from tests.cases.reminding.conftest import Give, mails, person, sweep
from tests.ground.field import Field

WIM = "wim@example.test"
VISITED, FRIDAY, MONDAY = date(2026, 12, 17), date(2026, 12, 18), date(2026, 12, 21)


def started(field: Field, give: Give, count: int, outcome: str = "says_goes_to_school") -> None:
    """So many children whom Wim visited turn out to go to school."""
    session = field.session
    for number in range(count):
        case = give(f"Kind{number}")
        with clock.at(clock.moment_of(VISITED, 10)):
            occasion = Occasion("door", clock.moment_of(VISITED, 9))
            step = last_step(session, case)
            record_home_visit(session, [Visited(case, step, outcome, {})], occasion, by=field.worker)
        with clock.at(clock.moment_of(VISITED, 15)):
            check = last_step(session, case)
            facts = {"closure": "enrolled_after_outreach", "enrolled_on": VISITED}
            report_outcome(session, case, check, outcome="enrolled_and_seen", facts=facts, by=field.coordinator)


def praises(session: Session) -> list[dict[str, object]]:
    """What the lines of praise say."""
    return list(session.scalars(select(OutboxLine.data).where(OutboxLine.key == "praise_started")))


def test_three_children_started_after_visits(session: Session, field: Field, give: Give) -> None:
    """The number and a link, once that month, in the next mail that has something to say."""
    started(field, give, 3)
    assert sweep(session, FRIDAY).digests_queued == 0
    give("Noor")
    sweep(session, FRIDAY, 9)
    assert praises(session) == [{"count": 3, "path": "/my-work"}]
    kind, day, keys = mails(session, WIM)[-1]
    assert (kind, day, sorted(keys)) == ("digest", FRIDAY, ["praise_started", "step_new"])
    with clock.at(clock.moment_of(FRIDAY, 15)):
        give("Ilyas")
    sweep(session, MONDAY)
    assert mails(session, WIM)[-1] == ("digest", MONDAY, ["step_new"])


def test_two_are_too_few_to_speak_of(session: Session, field: Field, give: Give) -> None:
    """A number of two would say too much about one child."""
    started(field, give, 2)
    give("Noor")
    sweep(session, FRIDAY)
    assert praises(session) == []


def test_who_does_not_want_it_gets_none(session: Session, field: Field, give: Give) -> None:
    """Wim switched it off."""
    person(session, field.worker).praise = False
    started(field, give, 3)
    give("Noor")
    sweep(session, FRIDAY)
    assert mails(session, WIM)[-1] == ("digest", FRIDAY, ["step_new"])


def test_it_counts_only_children_somebody_spoke_with_at_home(session: Session, field: Field, give: Give) -> None:
    """Wout visited nobody; last month's children do not count either."""
    wout = field.person("Wout", "de-brug", "worker")
    started(field, give, 3)
    give("Noor", wout)
    sweep(session, FRIDAY)
    assert mails(session, "wout@example.test")[-1] == ("digest", FRIDAY, ["step_new"])
    with clock.at(clock.moment_of(date(2027, 1, 5), 10)):
        give("Ilyas")
    sweep(session, date(2027, 1, 6))
    assert praises(session) == []
