"""What can be reported about a step now, and why the rest cannot: the rows the process judges by."""

from collections import Counter as Tally

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import Attempt, Case, Report, Step, Track
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import (
    Possible,
    Situation,
    StepRule,
    Try,
    compulsory_from,
    missing,
    possible_outcomes as judged_outcomes,
    processes,
)
from outreach.children.models import Child
from outreach.partners.calendars import calendar_for


def possible_outcomes(session: Session, case: Case, step: Step) -> list[Possible]:
    """Every outcome of this step and those that can be said at every step; none for a side step, which is answered."""
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    process = processes().process(track.process, track.process_version)
    rule = process.find_step(step.key)
    if rule is None:
        return []
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    at_step, in_track = _times_said(session, step)
    situation = Situation(
        today=clock.today(),
        compulsory=is_compulsory(child),
        said_at_step=at_step,
        said_in_track=in_track,
        lacking=_lacking(session, track, child, step, rule),
    )
    return judged_outcomes(process, rule, situation)


def find_possible(session: Session, case: Case, step: Step, key: str) -> Possible | None:
    """One of them by its key."""
    return next((each for each in possible_outcomes(session, case, step) if each.outcome.key == key), None)


def is_compulsory(child: Child) -> bool:
    """Whether the child is of compulsory school age today."""
    return clock.today() >= compulsory_from(child.born_on)


def _times_said(session: Session, step: Step) -> tuple[Tally[str], Tally[str]]:
    """How often each outcome was reported, at this step and in its track."""
    statement = (
        select(Report.outcome, Report.step_id)
        .join(Step, Step.id == Report.step_id)
        .where(Step.track_id == step.track_id)
    )
    rows = session.execute(statement, execution_options=INSIDE).all()
    return Tally(row.outcome for row in rows if row.step_id == step.id), Tally(row.outcome for row in rows)


def _lacking(session: Session, track: Track, child: Child, step: Step, rule: StepRule) -> dict[str, int]:
    """What is missing before "not reached" may be said; tries count per household since this track opened (a case that
    begins again, tries again), and those for this child also when it has left that household."""
    if rule.tries is None:
        return {}
    statement = (
        select(Attempt.on, Attempt.channel, Attempt.occasion)
        .where(
            or_(Attempt.household_id == child.household_id, Attempt.case_id == track.case_id),
            Attempt.reached.is_(False),
            Attempt.on >= track.opened_on,
        )
        .distinct()
    )
    rows = session.execute(statement, execution_options=INSIDE).all()
    tries = [Try(row.on, row.channel) for row in rows]
    calendar = calendar_for(session, step.area_id, step.organisation_id)
    return missing(tries, rule.tries, compulsory=is_compulsory(child), calendar=calendar)
