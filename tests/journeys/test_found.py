"""What random years found once, told as stories of their own."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.commands import TRAY
from outreach.accounts.models import Membership
from outreach.cases.commands.family import become_companion
from outreach.cases.commands.leaving import leave_team
from outreach.cases.commands.opening import reopen_case
from outreach.cases.commands.planning import pause_step, resume_step
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.models import Case, Step
from outreach.children.grants import Scope, scope_of
from outreach.errors import Refused
from tests.ground.field import Field, make_field
from tests.journeys.promises import READ


def last_step(session: Session, case: Case) -> Step:
    """The newest step of a case."""
    statement = select(Step).where(Step.case_id == case.id).order_by(Step.number.desc()).limit(1)
    return session.scalars(statement, execution_options=READ).one()


def closed(field: Field, case: Case) -> None:
    """The list was wrong: the child is enrolled already."""
    step = last_step(field.session, case)
    report_outcome(field.session, case, step, outcome="already_enrolled", facts={}, by=field.coordinator)


def test_a_report_on_a_paused_step_ends_its_pause(session: Session) -> None:
    """Nobody was home, although the visit was paused until 29 January: it goes on, and can be paused again."""
    field = make_field(session)
    case = field.case("Finn", date(2022, 5, 1))
    facts = {"organisation": field.organisations["de-brug"].id}
    report_outcome(session, case, last_step(session, case), outcome="assign", facts=facts, by=field.coordinator)
    step = last_step(session, case)
    aim_on, too_late_on = step.aim_on, step.too_late_on
    details = {"reason": "family_away", "remark": None, "by": field.worker}
    pause_step(session, case, step, until_on=date(2027, 1, 29), **details)
    assert step.too_late_on > too_late_on
    report_outcome(session, case, step, outcome="nobody_reached", facts={"channel": "door"}, by=field.worker)
    assert (step.state, step.aim_on, step.too_late_on) == ("open", date(2026, 12, 22), too_late_on)
    assert aim_on is not None
    pause_step(session, case, step, until_on=date(2027, 1, 15), **details)
    resume_step(session, case, step, by=field.worker)
    assert step.state == "open"


def test_a_companion_follows_the_family_again_when_its_case_begins_again(session: Session) -> None:
    """Wim, whom the family trusts, sees the reopened case for as long as it lasts."""
    field = make_field(session)
    case = field.case("Noor", date(2022, 5, 1))
    become_companion(session, case, by=field.worker)
    closed(field, case)
    with clock.at(clock.moment_of(date(2027, 1, 15))):
        reopen_case(session, case, by=field.coordinator)
    with clock.at(clock.moment_of(date(2027, 5, 1))):
        assert scope_of(session, field.worker, case.id) is Scope.FULL


def test_a_companion_who_left_meanwhile_does_not_come_back(session: Session) -> None:
    """The family needs somebody else to trust."""
    field = make_field(session)
    case = field.case("Noor", date(2022, 5, 1))
    become_companion(session, case, by=field.worker)
    closed(field, case)
    membership = session.get_one(Membership, field.worker.membership_id)
    leave_team(session, membership, handed_to=TRAY, by=field.coordinator)
    reopen_case(session, case, by=field.coordinator)
    assert case.companion_id is None


def test_a_family_may_ask_for_later_in_september(session: Session) -> None:
    """On 15 September "not beyond the next 1 September" is that of next year."""
    field = make_field(session)
    with clock.at(clock.moment_of(date(2026, 9, 15))):
        case = field.case("Noor", date(2023, 10, 1))
        facts = {"organisation": field.organisations["de-brug"].id}
        report_outcome(session, case, last_step(session, case), outcome="assign", facts=facts, by=field.coordinator)
        step, later = last_step(session, case), {"family_day": date(2027, 1, 11)}
        report_outcome(session, case, step, outcome="wants_later", facts=later, by=field.worker)
        beyond = {"family_day": date(2027, 9, 2)}
        with pytest.raises(Refused, match="family_day_too_far"):
            report_outcome(session, case, step, outcome="wants_later", facts=beyond, by=field.worker)


def test_a_case_that_begins_again_tries_again(session: Session) -> None:
    """Four closed doors of last winter say nothing about this family next year."""
    field = make_field(session)
    case = field.case("Aya", date(2023, 6, 10))
    assigned = {"organisation": field.organisations["de-brug"].id}
    report_outcome(session, case, last_step(session, case), outcome="assign", facts=assigned, by=field.coordinator)
    for days, channel in ((0, "door"), (8, "phone"), (15, "door"), (23, "door")):
        with clock.at(clock.now() + timedelta(days=days)):
            tried = Visited(case, last_step(session, case), "nobody_reached", {})
            record_home_visit(session, [tried], Occasion(channel=channel, at=clock.now()), by=field.worker)
    with clock.at(clock.now() + timedelta(days=24)):
        not_reached = {"outcome": "not_reached_after_tries", "facts": {}, "by": field.worker}
        report_outcome(session, case, last_step(session, case), **not_reached)
        report_outcome(session, case, last_step(session, case), outcome="not_reached", facts={}, by=field.coordinator)
    with clock.at(clock.moment_of(date(2027, 12, 2))):
        reopen_case(session, case, by=field.coordinator)
        report_outcome(session, case, last_step(session, case), outcome="assign", facts=assigned, by=field.coordinator)
        with pytest.raises(Refused, match="more_tries"):
            report_outcome(session, case, last_step(session, case), **not_reached)
