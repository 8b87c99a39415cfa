"""Something is heard of a step: silence counts again from today, and the question how it stands answers itself."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.taking_back import take_back_links
from outreach.cases.models import Case, Step, StepState
from outreach.cases.models.step import IS_LIVING
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import processes
from outreach.children.grants import end_grants
from outreach.notifications.commands import withdraw_lines


def hear_of(session: Session, step: Step) -> None:
    """Note that a fact of this step came in; part of the command that brings it, which writes the event."""
    step.last_fact_on = clock.today()
    session.flush()  # the radar holds a step while it asks about it: what it asked is seen from here on
    _answer_silence(session, [step.id])


def hear_beside(session: Session, step_ids: Sequence[int]) -> None:
    """Note that something is known of steps that themselves do not change: whoever reports on one just now goes on."""
    heard = update(Step).where(Step.id.in_(step_ids), Step.last_fact_on < clock.today())
    session.execute(heard.values(last_fact_on=clock.today()), execution_options=INSIDE)
    _answer_silence(session, step_ids)


def hear_in_case(session: Session, case: Case, *, by: Actor) -> None:
    """Somebody wrote about the family: something is known of the steps their organisation has in this case."""
    own = select(Step.id).where(
        Step.case_id == case.id, Step.side_of_id.is_(None), Step.organisation_id == by.organisation_id, IS_LIVING
    )
    hear_beside(session, session.scalars(own, execution_options=INSIDE).all())


def _answer_silence(session: Session, step_ids: Sequence[int]) -> None:
    """How it stands is known: who was asked need not say it any more."""
    key = processes().noticed("silence").key
    asked = select(Step).where(Step.side_of_id.in_(step_ids), Step.key == key, IS_LIVING)
    for side in session.scalars(asked, execution_options=INSIDE).all():
        side.state = StepState.WITHDRAWN
        side.ended_at = clock.now()
        subject = f"step:{side.id}"
        end_grants(session, [subject])
        take_back_links(session, [side.id])
        withdraw_lines(session, about=[subject])
