"""A step goes on: the next agreed day, or dates the outcome brings with it."""

from datetime import date

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.inviting import follow_day
from outreach.cases.commands.noting_facts import Facts
from outreach.cases.commands.owning import move_step, subject_of
from outreach.cases.commands.stepping import calendar_of, dates_of, put_dates, rule_of
from outreach.cases.models import Case, Step
from outreach.cases.queries.circumstances import circumstances
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Fact, Outcome, StepDates, agreed_day, stayed
from outreach.children.models import Child
from outreach.errors import Refused
from outreach.notifications.commands import withdraw_lines
from outreach.schoolyear import Counter


def stay(session: Session, case: Case, step: Step, outcome: Outcome, facts: Facts, *, by: Actor) -> None:
    """Move the dates of a step that goes on; its unsent lines are withdrawn, the ladder starts again from a new aim."""
    step.stays += 1
    put_dates(step, _new_dates(session, case, step, outcome))
    planned_on = facts.day(Fact.PLANNED_ON) or _proposed_day(session, step, outcome, facts)
    step.planned_on, step.planned_part, step.planned_at = planned_on, None, None
    if planned_on is not None:
        put_dates(step, agreed_day(dates_of(step), planned_on, clock.today()))
    follow_day(session, case, step, been=True, by=by)
    if outcome.reassigns:
        school = int(facts.get(Fact.SCHOOL))
        move_step(session, case, step, organisation_id=school, person_id=None, reason="other_school", by=by)
    withdraw_lines(session, about=[subject_of(step)])


def _new_dates(session: Session, case: Case, step: Step, outcome: Outcome) -> StepDates:
    if outcome.stay is None:
        return dates_of(step)
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    at = circumstances(session, case, child, organisation_id=step.organisation_id, opened_on=clock.today())
    return stayed(dates_of(step), rule_of(session, step), outcome.stay, at)


def _proposed_day(session: Session, step: Step, outcome: Outcome, facts: Facts) -> date | None:
    """The next try by its channel: so many working days from now."""
    if outcome.stay is None or not outcome.stay.by_channel:
        return None
    channel = facts.get(Fact.CHANNEL)
    days = outcome.stay.by_channel.get(str(channel))
    if days is None:
        raise Refused("channel_unknown", channel=channel)
    return calendar_of(session, step).add(clock.today(), days, Counter.WORKING_DAYS).day
