"""A step goes on: the next agreed day, or dates the outcome brings with it."""

from datetime import date

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.noting_facts import Facts
from outreach.cases.commands.owning import move_step, subject_of
from outreach.cases.commands.stepping import calendar_of, dates_of, put_dates, rule_of
from outreach.cases.models import Case, Step
from outreach.cases.queries.circumstances import circumstances
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Anchor, DateRule, Fact, Outcome, StepDates, agreed_day, counted_from, derive
from outreach.children.models import Child
from outreach.errors import Refused
from outreach.notifications.commands import withdraw_lines
from outreach.schoolyear import Counter

_ANCHOR_FACT = {Anchor.RESULT_DAY: Fact.RESULT_ON, Anchor.TICKET_EXPIRES: Fact.TICKET_EXPIRES_ON}


def stay(session: Session, case: Case, step: Step, outcome: Outcome, facts: Facts, *, by: Actor) -> None:
    """Move the dates of a step that goes on; its unsent lines are withdrawn, the ladder starts again from a new aim."""
    step.stays += 1
    put_dates(step, _new_dates(session, case, step, outcome, facts))
    planned_on = facts.day(Fact.PLANNED_ON) or _proposed_day(session, step, outcome, facts)
    step.planned_on = planned_on
    if planned_on is not None:
        put_dates(step, agreed_day(dates_of(step), planned_on, clock.today()))
    if outcome.reassigns:
        school = int(facts.get(Fact.SCHOOL))
        move_step(session, case, step, organisation_id=school, person_id=None, reason="other_school", by=by)
    withdraw_lines(session, about=[subject_of(step)])


def _new_dates(session: Session, case: Case, step: Step, outcome: Outcome, facts: Facts) -> StepDates:
    rules = outcome.stay
    if rules is None:
        return dates_of(step)
    if rules.again:
        child = session.get_one(Child, case.child_id, execution_options=INSIDE)
        at = circumstances(session, case, child, organisation_id=step.organisation_id, opened_on=clock.today())
        return derive(rule_of(session, step), at)
    calendar = calendar_of(session, step)
    dates = dates_of(step)
    for aim, too_late in ((rules.aim, None), (None, rules.too_late)):
        rule = aim or too_late
        if rule is not None:
            dates = counted_from(dates, clock.today(), calendar, aim, too_late, _start(rule, facts))
    return dates


def _start(rule: DateRule, facts: Facts) -> date:
    """The day a stay's rule counts from: the one the family or school named, else today."""
    fact = _ANCHOR_FACT.get(rule.anchor)
    if fact is None:
        return clock.today()
    on = facts.day(fact)
    if on is None:
        raise Refused("fact_missing", fact=fact.value)
    return on


def _proposed_day(session: Session, step: Step, outcome: Outcome, facts: Facts) -> date | None:
    """The next try by its channel: so many working days from now."""
    if outcome.stay is None or not outcome.stay.by_channel:
        return None
    channel = facts.get(Fact.CHANNEL)
    days = outcome.stay.by_channel.get(str(channel))
    if days is None:
        raise Refused("channel_unknown", channel=channel)
    return calendar_of(session, step).add(clock.today(), days, Counter.WORKING_DAYS).day
