"""What can be reported about a step now, and why the rest cannot."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import Attempt, Case, Report, Step, Track
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Outcome, StepRule, Try, compulsory_from, missing, processes
from outreach.children.models import Child
from outreach.partners.calendars import calendar_for

_FIRST_OF_JUNE = (6, 1)
_SCHOOL_YEAR_STARTS = (9, 1)


@dataclass(frozen=True)
class Possible:
    """An outcome with the reason it cannot be said now; `refusal` None means it can."""

    outcome: Outcome
    refusal: str | None = None
    data: dict[str, Any] | None = None


def possible_outcomes(session: Session, case: Case, step: Step) -> list[Possible]:
    """Every outcome of this step and those that can be said at every step, in the order of the process."""
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    process = processes().process(track.process, track.process_version)
    rule = process.find_step(step.key)
    if rule is None:  # a side step: it has its own short list of answers
        return []
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    said = _times_said(session, step)
    lacking = _lacking(session, case, child, step, rule)
    always = [outcome for outcome in process.always if outcome.to != step.key]
    return [
        _judge(outcome, child, said, lacking if outcome.after_tries else {}) for outcome in (*rule.outcomes, *always)
    ]


def find_possible(session: Session, case: Case, step: Step, key: str) -> Possible | None:
    """One of them by its key."""
    return next((each for each in possible_outcomes(session, case, step) if each.outcome.key == key), None)


def is_compulsory(child: Child) -> bool:
    """Whether the child is of compulsory school age today."""
    return clock.today() >= compulsory_from(child.born_on)


def _judge(outcome: Outcome, child: Child, said: dict[str, int], lacking: dict[str, int]) -> Possible:
    compulsory = is_compulsory(child)
    if outcome.when == "not_compulsory" and compulsory:
        return Possible(outcome, "outcome_not_if_compulsory", {})
    if outcome.when == "compulsory" and not compulsory:
        return Possible(outcome, "outcome_only_if_compulsory", {})
    today = clock.today()
    if outcome.when == "after_1_june" and not _FIRST_OF_JUNE <= (today.month, today.day) < _SCHOOL_YEAR_STARTS:
        return Possible(outcome, "outcome_only_after_1_june", {})
    if outcome.at_most is not None and said.get(outcome.key, 0) >= outcome.at_most:
        return Possible(outcome, "outcome_said_often_enough", {"at_most": outcome.at_most})
    if lacking:
        return Possible(outcome, "outcome_needs_more_tries", {"lacking": lacking})
    return Possible(outcome)


def _times_said(session: Session, step: Step) -> dict[str, int]:
    statement = select(Report.outcome, func.count()).where(Report.step_id == step.id).group_by(Report.outcome)
    return {row[0]: row[1] for row in session.execute(statement, execution_options=INSIDE)}


def _lacking(session: Session, case: Case, child: Child, step: Step, rule: StepRule) -> dict[str, int]:
    """What is missing before "not reached" may be said; tries count per household, since the case opened."""
    if rule.tries is None:
        return {}
    statement = (
        select(Attempt.on, Attempt.channel, Attempt.occasion)
        .where(Attempt.household_id == child.household_id, Attempt.reached.is_(False), Attempt.on >= case.opened_on)
        .distinct()
    )
    rows = session.execute(statement, execution_options=INSIDE).all()
    tries = [Try(row.on, row.channel) for row in rows]
    calendar = calendar_for(session, step.area_id, step.organisation_id)
    return missing(tries, rule.tries, compulsory=is_compulsory(child), calendar=calendar)
