"""The clock wakes what was asleep: a wave reaches its start day, a pause its last day, an offer its last answer."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.commands.transferring import return_unanswered_transfers
from outreach.cases.models import Case, Pause, Step, StepState
from outreach.database import seen_by

_READ = seen_by("clock: waking planned and paused steps")


def wake_steps(session: Session, *, by: Actor) -> int:
    """Open every planned step whose day has come, every step whose pause is over and every case that another area did
    not answer for; how many."""
    return _start_waves(session, by) + _end_pauses(session, by) + return_unanswered_transfers(session, by=by)


def _start_waves(session: Session, by: Actor) -> int:
    statement = (
        select(Step, Case)
        .join(Case, Case.id == Step.case_id)
        .where(Step.state == StepState.PLANNED, Step.starts_on <= clock.today())
    )
    found = session.execute(statement, execution_options=_READ).all()
    for step, case in found:
        step.state = StepState.OPEN
        step.last_fact_on = clock.today()
        record(session, case, "step_started", by=by, step=step, data={"starts_on": step.starts_on})
    return len(found)


def _end_pauses(session: Session, by: Actor) -> int:
    statement = (
        select(Step, Case, Pause)
        .join(Case, Case.id == Step.case_id)
        .join(Pause, Pause.step_id == Step.id)
        .where(Step.state == StepState.PAUSED, Pause.ended_at.is_(None), Pause.until_on < clock.today())
    )
    found = session.execute(statement, execution_options=_READ).all()
    for step, case, pause in found:
        pause.ended_at = clock.now()
        step.state = StepState.OPEN
        step.last_fact_on = clock.today()
        record(session, case, "pause_ended", by=by, step=step, data={"until_on": pause.until_on})
    return len(found)
