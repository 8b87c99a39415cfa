"""One child from the list to taking part, by the commands alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.planning import pause_step, resume_step, set_new_aim
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.models import Case, Closure, Event, Step
from outreach.cases.queries.finding import find_case
from outreach.cases.queries.verify import case_checks
from outreach.children.grants import Scope, scope_of
from outreach.database import seen_by
from outreach.errors import Refused
from tests.ground.field import Field, make_field

READ = seen_by("test")


def last_step(session: Session, case: Case) -> Step:
    """The newest step of a case."""
    session.flush()
    statement = select(Step).where(Step.case_id == case.id).order_by(Step.number.desc()).limit(1)
    return session.scalars(statement, execution_options=READ).one()


def event_kinds(session: Session, case: Case) -> list[str]:
    """What happened in a case, in order."""
    statement = select(Event.kind).where(Event.case_id == case.id).order_by(Event.seq)
    return list(session.scalars(statement, execution_options=READ))


def visit(field: Field, case: Case, outcome: str, channel: str = "door", **facts: object) -> None:
    """Wim's visit or attempt."""
    step = last_step(field.session, case)
    occasion = Occasion(channel=channel, at=clock.now() - timedelta(minutes=5))
    record_home_visit(field.session, [Visited(case, step, outcome, facts)], occasion, by=field.worker)


def test_milan_takes_part(session: Session) -> None:
    """Milan is four; the LOP assigns, Wim visits, Hanne finds a school, Sofie welcomes him."""
    field = make_field(session)
    case = field.case("Milan", date(2022, 3, 10))
    linde = field.organisations["de-linde"].id
    facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
    report_outcome(session, case, last_step(session, case), outcome="assign", facts=facts, by=field.coordinator)
    assert last_step(session, case).organisation_id == field.organisations["de-brug"].id

    visit(field, case, "wants_school", parents_know="yes", parents_agree="yes")
    choice = last_step(session, case)
    assert (choice.key, choice.organisation_id) == ("school_choice", field.organisations["hvhk-gent"].id)
    assert scope_of(session, field.guide, case.id) is Scope.FULL

    facts = {"school": linde, "entry_day": date(2027, 1, 4), "parents_know": "yes", "parents_agree": "yes"}
    report_outcome(session, case, choice, outcome="enrolled", facts=facts, by=field.guide)
    welcome = last_step(session, case)
    assert (welcome.key, welcome.organisation_id) == ("warm_welcome", linde)
    assert scope_of(session, field.school, case.id) is Scope.WELCOME

    report_outcome(session, case, welcome, outcome="started", facts={"entry_day": date(2027, 1, 4)}, by=field.school)
    facts = {"half_days_present": 30, "half_days_possible": 36}
    report_outcome(session, case, last_step(session, case), outcome="present", facts=facts, by=field.school)
    session.flush()
    closure = session.scalars(select(Closure).where(Closure.case_id == case.id), execution_options=READ).one()
    assert closure.key == "takes_part"
    assert case.ended_at is not None
    assert event_kinds(session, case) == [
        "case_opened",
        *["outcome_reported"] * 2,
        "home_visit_recorded",
        *["outcome_reported"] * 3,
    ]


def test_nobody_home_four_times_leads_to_a_decision(session: Session) -> None:
    """Three closed doors and an unanswered call, spread over weeks, before anybody may say "not reached"."""
    field = make_field(session)
    case = field.case("Aya", date(2023, 6, 10))
    facts = {"organisation": field.organisations["de-brug"].id}
    report_outcome(session, case, last_step(session, case), outcome="assign", facts=facts, by=field.coordinator)
    for days, channel in ((0, "door"), (8, "phone"), (15, "door")):
        with clock.at(clock.now() + timedelta(days=days)):
            visit(field, case, "nobody_reached", channel)
    with clock.at(clock.now() + timedelta(days=16)), pytest.raises(Refused, match="more_tries"):
        visit(field, case, "not_reached_after_tries")
    with clock.at(clock.now() + timedelta(days=23)):
        visit(field, case, "nobody_reached", "door")
    with clock.at(clock.now() + timedelta(days=24)):
        possible = last_step(session, case)
        report_outcome(session, case, possible, outcome="not_reached_after_tries", facts={}, by=field.worker)
        decision = last_step(session, case)
        assert (decision.key, decision.organisation_id) == ("decision", field.area.coordinator_id)
        report_outcome(session, case, decision, outcome="not_reached", facts={}, by=field.coordinator)
        closure = session.scalars(select(Closure).where(Closure.case_id == case.id), execution_options=READ).one()
        assert (closure.key, closure.leave_in_peace_until) == ("not_reached", date(2027, 12, 1))


def test_without_agreement_the_next_owner_sees_step_and_reference_only(session: Session) -> None:
    """The parents were not asked: Huis van het Kind knows there is work, not for whom."""
    field = make_field(session)
    case = field.case("Noor", date(2022, 5, 1))
    facts = {"organisation": field.organisations["de-brug"].id}
    report_outcome(session, case, last_step(session, case), outcome="assign", facts=facts, by=field.coordinator)
    visit(field, case, "wants_school")
    assert scope_of(session, field.guide, case.id) is Scope.REFERENCE
    assert scope_of(session, field.school, case.id) is None
    assert find_case(session, field.school, case.reference) is None
    assert find_case(session, field.guide, case.reference) is case


def test_a_pause_moves_the_aim_and_gives_back_what_was_not_used(session: Session) -> None:
    """Intake pauses for two weeks; resumed after one, half of the delay is taken back."""
    field = make_field(session)
    case = field.case("Finn", date(2022, 5, 1))
    step = last_step(session, case)
    assert step.aim_on == date(2026, 12, 22)
    pause_step(
        session, case, step, reason="family_away", until_on=date(2026, 12, 29), remark=None, by=field.coordinator
    )
    assert (step.state, step.aim_on) == ("paused", date(2027, 1, 6))
    with clock.at(clock.moment_of(date(2026, 12, 22))):
        resume_step(session, case, step, by=field.coordinator)
    assert (step.state, step.aim_on) == ("open", date(2026, 12, 30))


def test_a_new_aim_is_set_once(session: Session) -> None:
    """The second time the answer is no, and nothing moves."""
    field = make_field(session)
    case = field.case("Finn", date(2022, 5, 1))
    step = last_step(session, case)
    set_new_aim(session, case, step, aim_on=date(2027, 1, 12), reason="Wacht op de stad", by=field.coordinator)
    assert step.aim_on == date(2027, 1, 12)
    with pytest.raises(Refused, match="only_once"):
        set_new_aim(session, case, step, aim_on=date(2027, 1, 20), reason="Nog eens", by=field.coordinator)


def test_every_promise_holds_along_the_way(session: Session) -> None:
    """After each command of these stories the database keeps all its promises."""
    field = make_field(session)
    case = field.case("Milan", date(2022, 3, 10))
    facts = {"organisation": field.organisations["de-brug"].id}
    report_outcome(session, case, last_step(session, case), outcome="assign", facts=facts, by=field.coordinator)
    visit(field, case, "nobody_reached", "phone")
    visit(field, case, "wants_school", parents_know="yes", parents_agree="yes")
    session.flush()
    assert [each for each in case_checks(session) if not each.ok] == []
