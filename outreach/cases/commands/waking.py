"""The clock wakes what was asleep: a wave reaches its start day, a pause its last day, an offer its last answer."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.commands.naming_contacts import ask_for_contact
from outreach.cases.commands.sleeping import SUMMER, let_schools_sleep
from outreach.cases.commands.stepping import calendar_of
from outreach.cases.commands.transferring import return_unanswered_transfers
from outreach.cases.models import Case, Pause, Step, StepState
from outreach.cases.models.step import IS_PLANNED
from outreach.cases.workflow import schools_wake_on
from outreach.database import seen_by
from outreach.partners.models import SCHOOL, Organisation

_READ = seen_by("clock: waking planned and paused steps")


def wake_steps(session: Session, *, by: Actor) -> int:
    """Open every planned step whose day has come, every step whose pause is over and every case that another area did
    not answer for; how many. Open steps of schools fall asleep when it is their time."""
    woken = _start_waves(session, by) + _end_pauses(session, by) + return_unanswered_transfers(session, by=by)
    let_schools_sleep(session, by=by)
    return woken


def _start_waves(session: Session, by: Actor) -> int:
    statement = (
        select(Step, Case, Organisation.kind)
        .join(Case, Case.id == Step.case_id)
        .join(Organisation, Organisation.id == Step.organisation_id)
        .where(IS_PLANNED, Step.starts_on <= clock.today())
    )
    found = session.execute(statement, execution_options=_READ).all()
    for step, case, kind in found:
        step.state = StepState.OPEN
        step.last_fact_on = clock.today()
        record(session, case, "step_started", by=by, step=step, data={"starts_on": step.starts_on})
        if kind == SCHOOL:
            ask_for_contact(session, case, step, by=by)
    return len(found)


def _end_pauses(session: Session, by: Actor) -> int:
    statement = (
        select(Step, Case, Pause)
        .join(Case, Case.id == Step.case_id)
        .join(Pause, Pause.step_id == Step.id)
        .where(Step.state == StepState.PAUSED, Pause.ended_at.is_(None), Pause.until_on < clock.today())
    )
    woken = 0
    for step, case, pause in session.execute(statement, execution_options=_READ).all():
        sleeping = pause.reason == SUMMER
        pause.ended_at = clock.now()
        step.state = StepState.OPEN
        if sleeping and schools_wake_on(clock.today(), calendar_of(session, step)):
            continue  # the school got more days off: it falls asleep again, for longer
        woken += 1
        step.last_fact_on = clock.today()
        kind = "step_woke" if sleeping else "pause_ended"
        record(session, case, kind, by=by, step=step, data={"until_on": pause.until_on})
        if sleeping:
            ask_for_contact(session, case, step, by=by)
    return woken
