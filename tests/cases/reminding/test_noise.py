"""The rules that keep mail quiet: counts, not lists; a new aim once; the steps of the lead; nothing that is over."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.accounts.commands import add_substitution
from outreach.cases.commands.anchoring import write_anchor
from outreach.cases.commands.nudging import nudge_step
from outreach.cases.commands.owning import assign_step, hand_over
from outreach.cases.commands.planning import pause_step, resume_step, set_new_aim
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, Event, Reminder, Step
from outreach.cases.workflow import Anchor
from outreach.database import seen_by
from outreach.notifications.models import OutboxLine, OutboxMessage
from tests.cases.commands.test_one_child import event_kinds, last_step
from tests.cases.reminding.conftest import Give, dead, mails, person, sweep
from tests.ground.field import Field

READ = seen_by("test")
WIM, LIES, TINE = "wim@example.test", "lies@example.test", "tine@example.test"
GIVEN, WEDNESDAY = date(2026, 12, 15), date(2026, 12, 16)
LATE, FIVE_PAST, TEN_PAST = date(2027, 1, 13), date(2027, 1, 19), date(2027, 1, 26)


def lines_to(session: Session, address: str, day: date) -> list[OutboxLine]:
    """The lines of somebody's mail of a day."""
    statement = select(OutboxLine).join(OutboxMessage, OutboxMessage.id == OutboxLine.outbox_message_id)
    return list(session.scalars(statement.where(OutboxMessage.address == address, OutboxMessage.digest_on == day)))


def test_a_team_lead_gets_a_count_and_no_list(session: Session, field: Field, give: Give) -> None:
    """Three of Wim's visits are five days late: one line with a number, and no case in it."""
    field.person("Tine", "de-brug", "team-lead")
    for name in ("Milan", "Ayla", "Noor"):
        give(name)
    sweep(session, FIVE_PAST)
    (line,) = lines_to(session, TINE, FIVE_PAST)
    assert (line.key, line.data) == (
        "team_late",
        {"kind": "inloopteam", "count": 3, "path": "/my-work?whose=team"},
    )
    assert mails(session, LIES) == []


def test_a_coordinator_gets_a_count_of_each_team(session: Session, field: Field, give: Give) -> None:
    """Ten days past the aim."""
    give("Milan")
    give("Ayla")
    sweep(session, FIVE_PAST)
    sweep(session, TEN_PAST)
    (line,) = lines_to(session, LIES, TEN_PAST)
    assert (line.key, line.data["count"], line.data["path"]) == ("team_late", 2, "/areas")


def test_of_several_missed_rungs_the_highest_goes(session: Session, give: Give) -> None:
    """Nothing ran for weeks: one word to Wim, not three; the lower ones do not follow."""
    step = last_step(session, give())
    sweep(session, TEN_PAST)
    sweep(session, TEN_PAST + timedelta(days=1))
    rungs = select(Reminder.rung).where(Reminder.address == WIM, Reminder.rung != "silence")
    assert session.scalars(rungs, execution_options=READ).all() == ["coordinator"]
    step.told_at = clock.moment_of(TEN_PAST, 12)  # given back to him: five past counts again
    sweep(session, TEN_PAST + timedelta(days=2))
    assert [keys for _, _, keys in mails(session, WIM)] == [["step_silent"], ["step_too_late"]]


def test_a_new_aim_is_quiet_until_then_and_starts_a_new_ladder(session: Session, field: Field, give: Give) -> None:
    """Late on 13 January, Wim asks for time until the 22nd: no word beforehand, the day after it is late again."""
    case = give()
    sweep(session, LATE)
    step = last_step(session, case)
    with clock.at(clock.moment_of(LATE, 9)):
        set_new_aim(session, case, step, aim_on=date(2027, 1, 22), reason="Moeder bevalt", by=field.worker)
    told = len(mails(session, WIM))
    for day in range(14, 23):
        sweep(session, date(2027, 1, day))
    assert len(mails(session, WIM)) == told
    sweep(session, date(2027, 1, 25))
    assert mails(session, WIM)[-1] == ("digest", date(2027, 1, 25), ["step_late"])


def test_a_case_that_goes_round_reaches_the_coordinator_once(session: Session, field: Field, give: Give) -> None:
    """The second pause of the same visit; Lies hears of it, once, and Wim does not."""
    case = give()
    step = last_step(session, case)
    for number in range(2):
        with clock.at(clock.moment_of(WEDNESDAY + timedelta(days=number), 9)):
            until = date(2026, 12, 18)
            pause_step(session, case, step, reason="illness", until_on=until, remark=None, by=field.worker)
            if number == 0:
                resume_step(session, case, step, by=field.worker)
                sweep(session, WEDNESDAY, 9, 30)
                assert mails(session, LIES) == []
    for day in (date(2026, 12, 21), date(2026, 12, 22)):
        sweep(session, day)
    assert mails(session, LIES) == [("digest", date(2026, 12, 21), ["step_round"])]


def test_long_silence_reaches_the_coordinator_once(session: Session, field: Field, give: Give) -> None:
    """Wim has no aim in sight, and says nothing for twice the time; Lies is asked whether help is needed."""
    case = give()
    step = last_step(session, case)
    step.aim_on = step.due_on = date(2027, 5, 31)
    step.too_late_on = None
    sweep(session, date(2027, 1, 26))
    sweep(session, date(2027, 3, 1))
    assert mails(session, LIES) == []
    for day in (date(2027, 3, 2), date(2027, 3, 3)):
        sweep(session, day)
    assert mails(session, LIES) == [("digest", date(2027, 3, 2), ["step_help"])]
    assert mails(session, WIM)[-1][2] == ["step_silent"]


@pytest.fixture
def own(field: Field) -> Case:
    """A first look that is the lead's own, Lies by name; aim five working days after 15 December, so 22 December."""
    case = field.case("Milan", date(2022, 3, 10))
    assign_step(
        field.session, case, last_step(field.session, case), person_id=field.coordinator.person_id, by=field.coordinator
    )
    return case


OWN_FIVE_PAST = date(2026, 12, 30)


def test_a_late_step_of_the_lead_goes_to_who_replaces_its_person(session: Session, field: Field, own: Case) -> None:
    """Lies is away and Lore stands in; the team lead is not bothered."""
    lore = field.person("Lore", f"lop-{field.area.key}", "coordinator")
    field.person("Tine", f"lop-{field.area.key}", "team-lead")
    add_substitution(
        session,
        person=person(session, field.coordinator),
        substitute=person(session, lore),
        organisation=field.organisations.get(f"lop-{field.area.key}") or field.area.coordinator,
        from_on=OWN_FIVE_PAST,
        until_on=OWN_FIVE_PAST,
        by=builtin(session, "console"),
    )
    sweep(session, OWN_FIVE_PAST)
    assert own.lead_id == last_step(session, own).organisation_id
    assert mails(session, "lore@example.test") == [("digest", OWN_FIVE_PAST, ["step_late", "team_late"])]
    assert mails(session, TINE) == mails(session, LIES) == []


def test_else_to_the_team_lead(session: Session, field: Field, own: Case) -> None:
    """Nobody replaces Lies; another coordinator of the LOP is not told."""
    field.person("Lore", f"lop-{field.area.key}", "coordinator")
    field.person("Tine", f"lop-{field.area.key}", "team-lead")
    sweep(session, OWN_FIVE_PAST)
    assert mails(session, TINE) == [("digest", OWN_FIVE_PAST, ["team_late"])]
    assert mails(session, "lore@example.test") == []
    assert own.ended_at is None


def test_else_to_the_person_again(session: Session, own: Case) -> None:
    """Lies works alone."""
    sweep(session, OWN_FIVE_PAST)
    assert mails(session, LIES) == [("digest", OWN_FIVE_PAST, ["step_late", "team_late"])]
    assert own.ended_at is None


def done(session: Session, field: Field, case: Case, step: Step) -> None:
    """Reported."""
    facts = {"parents_know": "yes", "parents_agree": "yes"}
    report_outcome(session, case, step, outcome="wants_school", facts=facts, by=field.worker)


def paused(session: Session, field: Field, case: Case, step: Step) -> None:
    """At rest."""
    until = LATE + timedelta(days=9)
    pause_step(session, case, step, reason="illness", until_on=until, remark=None, by=field.worker)


def passed_on(session: Session, field: Field, case: Case, step: Step) -> None:
    """Of another organisation."""
    partner = field.organisations["hvhk-gent"]
    hand_over(session, case, step, organisation=partner, parents_know="yes", parents_agree="yes", by=field.worker)


def given(session: Session, field: Field, case: Case, step: Step) -> None:
    """Of a colleague."""
    wout = field.person("Wout", "de-brug", "worker")
    assign_step(session, case, step, person_id=wout.person_id, by=field.worker)


def away(session: Session, field: Field, _case: Case, _step: Step) -> None:
    """Wim is away from today."""
    add_substitution(
        session,
        person=person(session, field.worker),
        substitute=person(session, field.person("Wout", "de-brug", "worker")),
        organisation=field.organisations["de-brug"],
        from_on=LATE,
        until_on=LATE,
        by=builtin(session, "console"),
    )


Change = Callable[[Session, Field, Case, Step], None]


@pytest.mark.parametrize("change", [done, paused, passed_on, given, away])
def test_what_is_over_does_not_leave(session: Session, field: Field, give: Give, change: Change) -> None:
    """Queued at five past eight; by the time it is sent it is no longer Wim's, though the line was not taken back."""
    case = give()
    sweep(session, LATE)
    with clock.at(clock.moment_of(LATE, 8, 6)):
        assert dead(session) == []
        change(session, field, case, last_step(session, case))
        for line in session.scalars(select(OutboxLine)):
            line.withdrawn_at = line.withdrawn_why = None
        session.flush()
        assert dead(session) == ["step_late"]


@pytest.mark.parametrize(("entry_on", "urgent"), [(date(2027, 1, 18), 1), (date(2027, 1, 19), 0)])
def test_five_school_days_before_the_entry_day_it_cannot_wait(
    session: Session, field: Field, give: Give, entry_on: date, urgent: int
) -> None:
    """Given on Monday 11 January: the Monday after is five school days away, the Tuesday six."""
    person(session, field.worker).digest_hour = 16
    with clock.at(clock.moment_of(date(2027, 1, 11), 10)):
        write_anchor(session, give(), Anchor.ENTRY_DAY, entry_on, by=field.coordinator)
    assert sweep(session, date(2027, 1, 11), 10, 15).urgent_queued == urgent


def test_a_nudge_stands_on_the_timeline_and_goes_with_the_step(session: Session, field: Field, give: Give) -> None:
    """Lies asks; Wim hands it over before his next mail: neither he nor the next owner reads the nudge."""
    case = give()
    sweep(session, WEDNESDAY)
    step = last_step(session, case)
    with clock.at(clock.moment_of(WEDNESDAY, 11)):
        nudge_step(session, case, step, by=field.coordinator)
    assert event_kinds(session, case)[-1] == "step_nudged"
    event = session.scalars(select(Event).where(Event.kind == "step_nudged"), execution_options=READ).one()
    assert (event.by_id, event.step_id) == (field.coordinator.person_id, step.id)
    with clock.at(clock.moment_of(WEDNESDAY, 12)):
        passed_on(session, field, case, step)
    sweep(session, date(2026, 12, 17))
    assert [day for _, day, _ in mails(session, WIM)] == [WEDNESDAY]
    assert [keys for _, _, keys in mails(session, "hvhk-gent@example.test")] == [["step_new"]]
