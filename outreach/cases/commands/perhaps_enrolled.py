"""A child is no longer on the list: perhaps it was enrolled. Nobody rings the bell meanwhile, and nothing is closed."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.commands.planning import pause_step, resume_step
from outreach.cases.commands.stepping import Opening, end_step, open_step, rule_of
from outreach.cases.models import Case, Pause, Placement, Step, StepState, Track
from outreach.cases.models.step import IS_LIVING
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Owner, StepRule, processes
from outreach.database.many import in_chunks
from outreach.errors import Refused
from outreach.partners.calendars import calendar_for
from outreach.schoolyear import Counter

REASON = "perhaps_enrolled"

REST = 10
"""Working days during which visits wait for somebody to look whether the child is enrolled."""

VISIT = "visit"

CHECK = "verification"
"""The step at which the lead looks whether a child is enrolled."""


def let_visits_wait(session: Session, case_ids: Sequence[int], *, by: Actor) -> list[int]:
    """Pause the visits of these cases, and those about to begin, for ten working days: which cases had one."""
    calendar = calendar_for(session)
    until_on = calendar.add(clock.today(), REST, Counter.WORKING_DAYS).day
    paused = []
    for part in in_chunks(sorted(set(case_ids))):
        statement = (
            select(Step, Case)
            .join(Case, Case.id == Step.case_id)
            .where(
                Step.case_id.in_(part),
                Step.side_of_id.is_(None),
                Step.state.in_((StepState.OPEN, StepState.PLANNED)),
            )
            .order_by(Step.id)
        )
        for step, case in session.execute(statement, execution_options=INSIDE).all():
            if rule_of(session, step).report != VISIT or step.starts_on > until_on:
                continue
            if step.state == StepState.PLANNED:
                step.state = StepState.OPEN  # it would begin within these days: it rests from now on instead
            pause_step(session, case, step, reason=REASON, until_on=until_on, remark=None, by=by)
            paused.append(case.id)
    return paused


def note_gone(session: Session, case: Case, *, origin: str, by: Actor) -> None:
    """Write on the timeline that the child is no longer on the list; `origin` names the list, opaque."""
    record(session, case, "gone_from_list", by=by, data={"origin": origin})


def why_no_check(session: Session, case: Case) -> str | None:
    """Why nobody needs to look whether this child is enrolled; None when somebody does."""
    if case.ended_at is not None:
        return "ended"
    move = _move_before_check(session, case)
    if move is None:
        return "no_check"
    step, _track, rule = move
    if step.key == rule.key:
        return "checked_already"
    chosen = select(Placement.id).where(Placement.case_id == case.id, Placement.replaced_at.is_(None))
    return "school_known" if session.scalar(chosen, execution_options=INSIDE) is not None else None


def check_enrolment(session: Session, case: Case, *, by: Actor) -> Step:
    """The present step makes way: the lead looks whether the child is enrolled. Nothing is closed by it.

    Raises Refused when there is nothing to look for.
    """
    why_not = why_no_check(session, case)
    move = _move_before_check(session, case)
    if why_not is not None or move is None:
        raise Refused("no_check_needed", reason=why_not or "no_check")
    step, track, rule = move
    end_step(session, step, outcome=None, state=StepState.WITHDRAWN)
    opened = open_step(session, case, track, Opening(rule, Owner(case.lead_id, "lead")), by=by)
    data = {"before": step.number, "next": opened.number, "aim_on": opened.aim_on, "too_late_on": opened.too_late_on}
    record(session, case, "enrolment_to_check", by=by, step=opened, data=data)
    return opened


def go_on_visiting(session: Session, case: Case, *, by: Actor) -> list[Step]:
    """Visits that waited because the child was gone from the list go on; which steps did wait."""
    statement = (
        select(Step)
        .join(Pause, Pause.step_id == Step.id)
        .where(Step.case_id == case.id, Step.state == StepState.PAUSED)
        .where(Pause.ended_at.is_(None), Pause.reason == REASON)
    )
    found = session.scalars(statement, execution_options=INSIDE).all()
    waiting = [step for step in found if step.sleeps_until is None]
    for step in waiting:
        resume_step(session, case, step, by=by)
    return waiting


def _move_before_check(session: Session, case: Case) -> tuple[Step, Track, StepRule] | None:
    """The living move of a track whose process can look whether a child is enrolled, with the rule of that step."""
    statement = (
        select(Step, Track)
        .join(Track, Track.id == Step.track_id)
        .where(Step.case_id == case.id, Step.side_of_id.is_(None), IS_LIVING)
        .order_by(Step.number)
    )
    for step, track in session.execute(statement, execution_options=INSIDE):
        rule = processes().process(track.process, track.process_version).find_step(CHECK)
        if rule is not None:
            return step, track, rule
    return None
