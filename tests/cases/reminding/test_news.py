"""What is new for somebody: once, in the next digest, or at once when it cannot wait."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.anchoring import write_anchor
from outreach.cases.commands.nudging import nudge_step
from outreach.cases.commands.owning import assign_step, hand_over, take_step
from outreach.cases.commands.planning import pause_step
from outreach.cases.commands.sides import answer_side_step, ask_side_step
from outreach.cases.workflow import Anchor
from outreach.errors import Refused
from outreach.notifications.models import OutboxLine
from tests.cases.commands.test_one_child import last_step
from tests.cases.reminding.conftest import Give, dead, mails, person, sweep
from tests.ground.field import Field

WIM, HANNE = "wim@example.test", "hvhk-gent@example.test"
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 12, 15), date(2026, 12, 16), date(2026, 12, 17)


def test_a_step_is_news_once(session: Session, give: Give) -> None:
    """Tomorrow it is no news any more."""
    give()
    assert [sweep(session, day).digests_queued for day in (WEDNESDAY, THURSDAY)] == [1, 0]
    assert mails(session, WIM) == [("digest", WEDNESDAY, ["step_new"])]


def test_what_one_takes_oneself_is_no_news(session: Session, field: Field, give: Give) -> None:
    """Wout takes Milan from Wim: he knows."""
    wout = field.person("Wout", "de-brug", "worker")
    case = give()
    take_step(session, case, last_step(session, case), by=wout)
    assert sweep(session, WEDNESDAY).digests_queued == 0


def test_many_new_steps_are_one_line(session: Session, give: Give) -> None:
    """Nine families in one morning."""
    for number in range(9):
        give(f"Kind{number}")
    sweep(session, WEDNESDAY)
    assert mails(session, WIM) == [("digest", WEDNESDAY, ["steps_new"])]
    assert session.scalars(select(OutboxLine.data)).one()["count"] == 9


def test_handed_over_it_is_news_for_who_gets_it(session: Session, field: Field, give: Give) -> None:
    """And none any more for who had it."""
    case = give()
    partner = field.organisations["hvhk-gent"]
    step = last_step(session, case)
    hand_over(session, case, step, organisation=partner, parents_know="yes", parents_agree="yes", by=field.worker)
    sweep(session, WEDNESDAY)
    assert mails(session, WIM) == []
    assert mails(session, HANNE) == [("digest", WEDNESDAY, ["step_new"])]


def test_an_answer_is_told_to_who_asked(session: Session, field: Field, give: Give) -> None:
    """Wim asked for an interpreter; the CLB answered."""
    clara = field.person("Clara", "clb-gent", "clb")
    case = give()
    sweep(session, WEDNESDAY)
    step = last_step(session, case)
    details = {"kind": "clb_advice", "organisation": field.organisations["clb-gent"], "question": "Kan dat?"}
    side = ask_side_step(session, case, step, by=field.worker, **details)  # type: ignore[arg-type]
    with clock.at(clock.moment_of(WEDNESDAY, 11)):
        answer_side_step(session, case, side, outcome="done", answer="Ja.", by=clara)
    assert [sweep(session, day).digests_queued for day in (THURSDAY, date(2026, 12, 18))] == [1, 0]
    assert mails(session, WIM)[-1] == ("digest", THURSDAY, ["step_answered"])


def test_what_cannot_wait_comes_at_once_and_only_once_a_day(session: Session, field: Field, give: Give) -> None:
    """Wim had his digest at eight. At ten he gets a child who may start on Monday, at eleven another one."""
    give("Milan")
    sweep(session, WEDNESDAY)
    for hour, name in ((10, "Ayla"), (11, "Noor")):
        with clock.at(clock.moment_of(WEDNESDAY, hour)):
            case = give(name)
            monday = date(2026, 12, 21)
            write_anchor(session, case, Anchor.ENTRY_DAY, monday, by=field.coordinator)
        sweep(session, WEDNESDAY, hour, 15)
    assert sweep(session, THURSDAY).urgent_queued == 0
    assert mails(session, WIM) == [
        ("digest", WEDNESDAY, ["step_new"]),
        ("urgent", WEDNESDAY, ["step_new"]),
        ("digest", THURSDAY, ["step_new"]),
    ]


def test_what_can_wait_waits(session: Session, field: Field, give: Give) -> None:
    """The child may start in six school days: tomorrow's digest is soon enough."""
    person(session, field.worker).digest_hour = 8
    with clock.at(clock.moment_of(date(2027, 1, 11), 10)):
        case = give()
        write_anchor(session, case, Anchor.ENTRY_DAY, date(2027, 1, 20), by=field.coordinator)
    person(session, field.worker).digest_hour = 14
    assert sweep(session, date(2027, 1, 11), 10, 15).urgent_queued == 0


def test_an_urgent_mail_keeps_the_hours_of_its_reader(session: Session, field: Field, give: Give) -> None:
    """The team begins at ten."""
    field.organisations["de-brug"].opens_hour = 10
    person(session, field.worker).digest_hour = 16
    with clock.at(clock.moment_of(TUESDAY, 19)):
        case = give()
        write_anchor(session, case, Anchor.ENTRY_DAY, date(2026, 12, 18), by=field.coordinator)
    assert [sweep(session, WEDNESDAY, hour).urgent_queued for hour in (8, 9, 10)] == [0, 0, 1]


def test_a_line_is_judged_when_it_is_sent(session: Session, field: Field, give: Give) -> None:
    """Somebody else has the step by now, though nobody told the post room."""
    wout = field.person("Wout", "de-brug", "worker")
    case = give()
    sweep(session, WEDNESDAY)
    step = last_step(session, case)
    with clock.at(clock.moment_of(WEDNESDAY, 8, 6)):
        assert dead(session) == []
        step.person_id = wout.person_id
        session.flush()
        assert dead(session) == ["step_new"]


def test_a_batch_is_alive_while_one_of_its_steps_is(session: Session, field: Field, give: Give) -> None:
    """Of nine new families eight are paused; with the ninth the line goes too."""
    cases = [give(f"Kind{number}") for number in range(9)]
    sweep(session, WEDNESDAY)
    with clock.at(clock.moment_of(WEDNESDAY, 8, 6)):
        for number, case in enumerate(cases):
            assert dead(session) == []
            step = last_step(session, case)
            until = TUESDAY + timedelta(days=30 + number)
            pause_step(session, case, step, reason="illness", until_on=until, remark=None, by=field.worker)
        assert dead(session) == ["steps_new"]


def test_given_back_to_the_tray_it_is_news_for_the_team(session: Session, field: Field, give: Give) -> None:
    """The team's mailbox hears of it."""
    case = give()
    assign_step(session, case, last_step(session, case), person_id=None, by=field.coordinator)
    sweep(session, WEDNESDAY)
    assert mails(session, "de-brug@example.test") == [("digest", WEDNESDAY, ["step_new"])]


def test_a_nudge_is_one_line_in_the_owners_next_mail(session: Session, field: Field, give: Give) -> None:
    """Lies asks for attention; once that day, and gone when Wim passes the step on."""
    case = give()
    sweep(session, WEDNESDAY)
    step = last_step(session, case)
    with clock.at(clock.moment_of(WEDNESDAY, 11)):
        nudge_step(session, case, step, by=field.coordinator)
        with pytest.raises(Refused, match="nudged_today"):
            nudge_step(session, case, step, by=field.coordinator)
    assert [sweep(session, day).digests_queued for day in (THURSDAY, date(2026, 12, 18))] == [1, 0]
    assert mails(session, WIM)[-1] == ("digest", THURSDAY, ["step_nudged"])


def test_a_step_at_rest_is_not_nudged(session: Session, field: Field, give: Give) -> None:
    case = give()
    step = last_step(session, case)
    until = TUESDAY + timedelta(days=9)
    pause_step(session, case, step, reason="illness", until_on=until, remark=None, by=field.worker)
    with pytest.raises(Refused, match="step_not_open"):
        nudge_step(session, case, step, by=field.coordinator)
