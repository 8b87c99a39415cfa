"""A child is no longer on the list: perhaps it was enrolled. Nobody rings the bell meanwhile, and nothing is closed."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.commands.planning import pause_step
from outreach.cases.commands.stepping import rule_of
from outreach.cases.models import Case, Step, StepState
from outreach.cases.queries.inside import INSIDE
from outreach.database.many import in_chunks
from outreach.partners.calendars import calendar_for
from outreach.schoolyear import Counter

REASON = "perhaps_enrolled"

REST = 10
"""Working days during which visits wait for somebody to look whether the child is enrolled."""

VISIT = "visit"


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
