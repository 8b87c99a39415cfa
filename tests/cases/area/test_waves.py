"""Families are given to a team in waves: who comes first, from when each step counts, and who may say so."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.cases.commands.planning import pause_step
from outreach.cases.commands.waking import wake_steps
from outreach.cases.commands.waves import plan_waves
from outreach.cases.models import Event
from outreach.cases.queries.verify import case_checks
from outreach.errors import Refused
from tests.cases.area.field_of_many import READ, give, in_order, step_of
from tests.ground.field import make_field

JANUARY = date(2027, 1, 4)


def test_compulsory_first_then_the_nearest_loss_then_who_waits_longest(session: Session) -> None:
    """Five-year-old Vera, then Tim whose entry day is near, then the four-year-olds in the order they came."""
    field = make_field(session)
    late = field.case("Milan", date(2022, 3, 10))
    with clock.at(clock.moment_of(date(2026, 12, 10))):
        early = field.case("Noor", date(2022, 5, 1))
    vera = field.case("Vera", date(2021, 2, 3))
    tim = field.case("Tim", date(2024, 5, 20))
    assert [each.case for each in in_order(field)] == [vera, tim, early, late]


def test_each_step_counts_from_its_start_day_and_is_planned_until_then(session: Session) -> None:
    """Two a week from 4 January: the third family starts a week later, and its dates with it."""
    field = make_field(session)
    cases = [field.case(name, date(2022, 3, 10)) for name in ("Milan", "Noor", "Finn")]
    give(field, in_order(field), per_week=2, first_on=JANUARY)
    steps = [step_of(session, case) for case in cases]
    assert [step.starts_on for step in steps] == [JANUARY, JANUARY, date(2027, 1, 11)]
    assert [(step.key, step.state) for step in steps] == [("home_visit", "planned")] * 3
    assert [step.aim_on for step in steps] == [date(2027, 1, 18), date(2027, 1, 18), date(2027, 1, 25)]
    assert not any(step.late(date(2027, 3, 1)) for step in steps)
    assert [each for each in case_checks(session) if not each.ok] == []


def test_the_clock_opens_a_wave_on_its_day(session: Session) -> None:
    field = make_field(session)
    cases = [field.case(name, date(2022, 3, 10)) for name in ("Milan", "Noor")]
    give(field, in_order(field), per_week=1, first_on=JANUARY)
    session.flush()
    states = []
    for day in (date(2027, 1, 3), JANUARY, date(2027, 1, 11)):
        with clock.at(clock.moment_of(day)):
            wake_steps(session, by=builtin(session, "clock"))
            session.flush()
            states.append([step_of(session, case).state for case in cases])
    assert states == [["planned", "planned"], ["open", "planned"], ["open", "open"]]


def test_children_of_one_household_start_together(session: Session) -> None:
    field = make_field(session)
    milan, noor = field.case("Milan", date(2022, 3, 10)), field.case("Noor", date(2023, 6, 1))
    other = field.case("Finn", date(2022, 3, 11))
    by_case = {each.case.id: each for each in in_order(field)}
    by_case[noor.id].child.household_id = by_case[milan.id].child.household_id
    give(field, in_order(field), per_week=1, first_on=JANUARY)
    assert step_of(session, milan).starts_on == step_of(session, noor).starts_on
    assert step_of(session, other).starts_on != step_of(session, milan).starts_on


def test_a_step_that_is_there_already_gets_another_start_day_and_owner(session: Session) -> None:
    """Given from 4 January to the team; then to Wim, from 18 January: dates are judged anew, the event tells both."""
    field = make_field(session)
    case = field.case("Milan", date(2022, 3, 10))
    give(field, in_order(field), first_on=JANUARY)
    step = step_of(session, case)
    before = step.aim_on
    give(field, in_order(field), first_on=date(2027, 1, 18), person_id=field.worker.person_id)
    assert step_of(session, case) is step
    assert (step.person_id, step.starts_on, step.state) == (field.worker.person_id, date(2027, 1, 18), "planned")
    assert before is not None
    assert step.aim_on == date(2027, 2, 1)
    event = session.scalars(
        select(Event).where(Event.case_id == case.id).order_by(Event.seq.desc()).limit(1), execution_options=READ
    ).one()
    assert event.kind == "step_assigned"
    assert (event.data["before"]["starts_on"], event.data["starts_on"]) == ("2027-01-04", "2027-01-18")
    assert [each for each in case_checks(session) if not each.ok] == []


def test_a_wave_that_starts_today_is_open_today(session: Session) -> None:
    field = make_field(session)
    case = field.case("Milan", date(2022, 3, 10))
    give(field, in_order(field), first_on=clock.today())
    assert step_of(session, case).state == "open"


def test_what_cannot_be_given_stays_and_is_said(session: Session) -> None:
    """Finn's intake is paused; Milan goes."""
    field = make_field(session)
    milan, finn = field.case("Milan", date(2022, 3, 10)), field.case("Finn", date(2022, 3, 11))
    give(field, in_order(field, finn), first_on=clock.today())
    pause_step(
        session,
        finn,
        step_of(session, finn),
        reason="family_away",
        until_on=date(2027, 1, 20),
        remark=None,
        by=field.coordinator,
    )
    waves = give(field, in_order(field), first_on=JANUARY)
    assert [each.waiting.case for each in waves.moves] == [milan]
    assert [(each.waiting.case, each.reason) for each in waves.left_out] == [(finn, "paused")]


def test_who_does_not_lead_the_case_cannot_give_it(session: Session) -> None:
    field = make_field(session)
    field.case("Milan", date(2022, 3, 10))
    waiting = in_order(field)
    with pytest.raises(Refused, match="nothing_to_assign") as refused:
        plan_waves(
            session,
            waiting,
            organisation=field.organisations["de-brug"],
            per_week=1,
            first_on=JANUARY,
            by=field.guide,
        )
    assert refused.value.data["count"] == 1


def test_a_start_in_the_past_or_a_stranger_to_the_team_is_refused(session: Session) -> None:
    field = make_field(session)
    field.case("Milan", date(2022, 3, 10))
    waiting = in_order(field)
    with pytest.raises(Refused, match="wave_in_past"):
        give(field, waiting, first_on=date(2026, 12, 14))
    with pytest.raises(Refused, match="person_not_of_team"):
        give(field, waiting, first_on=JANUARY, person_id=field.guide.person_id)


def test_of_compulsory_age_the_schooling_check_is_asked_about(session: Session) -> None:
    field = make_field(session)
    vera = field.case("Vera", date(2021, 2, 3))
    with pytest.raises(Refused, match="schooling_check"):
        give(field, in_order(field), first_on=JANUARY, schooling_check=None)
    give(field, in_order(field), first_on=JANUARY, schooling_check="unknown")
    assert step_of(session, vera).aim_on == date(2027, 1, 11)
