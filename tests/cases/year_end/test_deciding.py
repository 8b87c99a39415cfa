"""In June somebody decides about each open case; nothing decides by itself, and what was decided can be taken back."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.family import set_companion
from outreach.cases.commands.owning import hand_over
from outreach.cases.commands.planning import pause_step, plan_visit
from outreach.cases.commands.year_end import Plan, decide_at_year_end, plan_decision, take_back_decision
from outreach.cases.models import Case, Closure, Step
from outreach.cases.queries.verify import case_checks
from outreach.cases.queries.year_end import OpenCase, count_undecided, open_cases
from outreach.cases.workflow.year_end import Decision
from outreach.errors import Refused
from tests.cases.commands.test_one_child import READ, event_kinds, last_step
from tests.ground.field import Field

from .conftest import Welcome, morning, say

JUNE = date(2027, 6, 7)


@pytest.fixture(autouse=True)
def june(field: Field) -> Iterator[None]:
    """It is Monday 7 June 2027."""
    with clock.at(clock.moment_of(JUNE, 10)):
        yield


def seen(session: Session, actor: Actor, case: Case) -> OpenCase:
    """The case as this person finds it on the page."""
    session.flush()
    return next(one for one in open_cases(session, actor) if one.case is case)


def decide(session: Session, actor: Actor, case: Case, decision: Decision, closure: str | None = None) -> Plan:
    """Decide, as the page does."""
    plan = plan_decision(session, seen(session, actor, case), decision=decision, closure=closure, by=actor)
    decide_at_year_end(session, plan, by=actor)
    session.flush()
    return plan


def proposal(session: Session, actor: Actor, case: Case) -> tuple[str, str]:
    """What is proposed, and why."""
    found = seen(session, actor, case).proposed
    return found.decision, found.why


def test_each_case_has_a_proposal_with_its_reason(
    session: Session, field: Field, welcome: Welcome, visited: Welcome
) -> None:
    lies = field.coordinator
    assert proposal(session, lies, visited("Vera", date(2021, 12, 31))) == ("primary_age", "turns_six")
    assert proposal(session, lies, visited("Noor", date(2022, 1, 1))) == ("goes_on", "works_on")
    assert proposal(session, lies, welcome("Milan")) == ("september", "school_known")
    paused = visited("Aya")
    until = date(2027, 8, 15)
    step = last_step(session, paused)
    pause_step(session, paused, step, reason="family_away", until_on=until, remark=None, by=field.worker)
    assert proposal(session, lies, paused) == ("goes_on", "rests")
    soon = welcome("Finn", entry_on=date(2027, 6, 21))
    assert proposal(session, lies, soon) == ("goes_on", "loses_first")


def test_a_school_sees_its_own_cases_only_and_never_more_than_its_scope(
    session: Session, field: Field, welcome: Welcome, visited: Welcome
) -> None:
    """A child that De Linde knows by reference alone turns six: its page does not give that away."""
    mine, other = welcome("Milan"), visited("Noor")
    hidden = visited("Vera", date(2021, 5, 1))
    answers = {"parents_know": "no", "parents_agree": "not_asked"}
    step, linde = last_step(session, hidden), field.organisations["de-linde"]
    hand_over(session, hidden, step, organisation=linde, by=field.worker, **answers)
    session.flush()
    found = {one.case: one for one in open_cases(session, field.school)}
    assert found.keys() == {mine, hidden}
    assert other not in found
    assert (found[hidden].child, found[hidden].proposed.why) == (None, "school_sleeps")
    shut = plan_decision(session, found[hidden], decision=Decision.PRIMARY_AGE, by=field.school)
    assert shut.stays == "child_unseen"
    assert open_cases(session, field.worker) == []
    bert = field.person("Bert", "de-wilg", "school-contact")
    assert open_cases(session, bert) == []


def test_september_moves_the_aim_and_asks_the_companion_to_ring(
    session: Session, field: Field, welcome: Welcome
) -> None:
    """Milan goes to De Linde on 1 September; Wim, whom the family trusts, rings them on 25 August."""
    case = welcome()
    wim = field.worker
    set_companion(session, case, person_id=wim.person_id, organisation_id=wim.organisation_id, by=field.coordinator)
    too_late = last_step(session, case).too_late_on
    plan = decide(session, field.coordinator, case, Decision.SEPTEMBER)
    move, ring = _steps(session, case)[-2:]
    assert (move.aim_on, move.too_late_on) == (date(2027, 9, 1), too_late)
    assert plan.ring_on == ring.starts_on == date(2027, 8, 25)
    assert (ring.key, ring.person_id, ring.state) == ("ring_family", field.worker.person_id, "planned")
    assert event_kinds(session, case)[-2:] == ["side_step_asked", "year_end_decided"]
    assert count_undecided(session, field.coordinator) == 0
    morning(session, date(2027, 8, 25))
    assert ring.state == "open"
    assert [each for each in case_checks(session) if not each.ok] == []


def test_a_school_leaves_a_child_that_is_rarely_present_to_its_restart(
    session: Session, field: Field, welcome: Welcome
) -> None:
    """The outcome of the process is reported: the step *restart* opens, planned for the third school day."""
    with clock.at(clock.moment_of(date(2027, 4, 19), 9)):
        case = welcome(entry_on=date(2027, 4, 19))
        say(field, case, "started", field.school, entry_day=date(2027, 4, 19))
        say(field, case, "rarely_present", field.school, half_days_present=3, half_days_possible=40)
        say(field, case, "agreement_made", field.school)
    assert proposal(session, field.school, case) == ("september", "restarts")
    decide(session, field.school, case, Decision.SEPTEMBER)
    step = last_step(session, case)
    assert (step.key, step.state, step.starts_on) == ("restart", "planned", date(2027, 9, 3))
    morning(session, date(2027, 9, 3))
    assert (step.state, step.person_id, step.owner_reason) == ("open", None, "new_year")


def test_primary_age_closes_only_a_child_that_turns_six(session: Session, field: Field, visited: Welcome) -> None:
    lies, six, five = field.coordinator, visited("Vera", date(2021, 12, 31)), visited("Noor", date(2022, 1, 1))
    plan = plan_decision(session, seen(session, lies, five), decision=Decision.PRIMARY_AGE, by=lies)
    assert plan.stays == "not_six"
    with pytest.raises(Refused, match="year_end_not_now"):
        decide_at_year_end(session, plan, by=lies)
    decide(session, lies, six, Decision.PRIMARY_AGE)
    assert six.ended_at is not None
    closures = session.execute(select(Closure.case_id, Closure.key), execution_options=READ).all()
    assert [tuple(row) for row in closures] == [(six.id, "primary_age")]
    assert [each for each in case_checks(session) if not each.ok] == []


def test_closing_needs_a_reason_that_fits(session: Session, field: Field, visited: Welcome) -> None:
    """No child of compulsory school age is closed in bulk as not reached; a younger one is, and is left in peace."""
    lies, young, compulsory = field.coordinator, visited("Noor"), visited("Vera", date(2021, 12, 31))

    def stays(case: Case, closure: str | None) -> str | None:
        one = seen(session, lies, case)
        return plan_decision(session, one, decision=Decision.CLOSE, closure=closure, by=lies).stays

    assert (stays(young, None), stays(young, "handed_to_agodi")) == ("reason_missing", "reason_missing")
    assert (stays(compulsory, "not_reached"), stays(compulsory, "year_ended")) == ("compulsory", "compulsory")
    assert stays(compulsory, "moved_abroad") is None
    plan = decide(session, lies, young, Decision.CLOSE, "not_reached")
    assert plan.peace_until == date(2027, 12, 1)
    assert young.ended_at is not None


def test_a_decision_can_be_taken_back_until_the_step_moves_on(session: Session, field: Field, welcome: Welcome) -> None:
    lies, case = field.coordinator, welcome()
    before = (last_step(session, case).aim_on, last_step(session, case).too_late_on)
    decide(session, lies, case, Decision.SEPTEMBER)
    take_back_decision(session, seen(session, lies, case), by=lies)
    move, ring = _steps(session, case)[-2:]
    assert ((move.aim_on, move.too_late_on), ring.state) == (before, "withdrawn")
    assert event_kinds(session, case)[-1] == "year_end_taken_back"
    assert count_undecided(session, lies) == 1
    decide(session, lies, case, Decision.SEPTEMBER)
    plan_visit(session, case, move, on=date(2027, 6, 10), by=field.school)
    session.flush()
    with pytest.raises(Refused, match="year_end_moved_on"):
        take_back_decision(session, seen(session, lies, case), by=lies)


def test_a_decision_is_made_once_and_only_in_season(session: Session, field: Field, visited: Welcome) -> None:
    lies, case = field.coordinator, visited()
    decide(session, lies, case, Decision.GOES_ON)
    one = seen(session, lies, case)
    assert plan_decision(session, one, decision=Decision.CLOSE, closure="refused", by=lies).stays == "decided"
    take_back_decision(session, one, by=lies)
    session.flush()
    plan = plan_decision(session, seen(session, lies, case), decision=Decision.GOES_ON, by=lies)
    with clock.at(clock.moment_of(date(2027, 9, 1), 10)), pytest.raises(Refused, match="year_end_not_now"):
        decide_at_year_end(session, plan, by=lies)


def test_what_goes_on_is_as_it_was(session: Session, field: Field, visited: Welcome) -> None:
    case = visited()
    step = last_step(session, case)
    before = (step.version, step.aim_on, step.too_late_on, step.state)
    decide(session, field.coordinator, case, Decision.GOES_ON)
    assert (step.version, step.aim_on, step.too_late_on, step.state) == before


def _steps(session: Session, case: Case) -> list[Step]:
    session.flush()
    statement = select(Step).where(Step.case_id == case.id).order_by(Step.number)
    return list(session.scalars(statement, execution_options=READ))
