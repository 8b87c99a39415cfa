"""A coordinator asks the owner of a step for attention: one line in their next digest, once a day."""

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.models import Case, Nudge, Step, StepState
from outreach.cases.queries.nudges import nudged_on
from outreach.errors import Refused


def nudge_step(session: Session, case: Case, step: Step, *, by: Actor) -> None:
    """Put a line about this step in its owner's next digest. Raises Refused: `step_not_open`, `nudged_today`."""
    if step.state != StepState.OPEN:
        raise Refused("step_not_open", number=step.number)
    if nudged_on(session, step.id, clock.today()):
        raise Refused("nudged_today")
    session.add(Nudge(case_id=case.id, step_id=step.id, on=clock.today(), at=clock.now(), by_id=by.person_id))
    record(session, case, "step_nudged", by=by, step=step, data={})
