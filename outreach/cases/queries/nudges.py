"""Who was asked for attention to a step, and when."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Nudge
from outreach.cases.queries.inside import INSIDE
from outreach.children.grants import sight


def nudged_on(session: Session, step_id: int, day: date) -> bool:
    """Whether the owner of a step was asked for attention on a day."""
    statement = select(Nudge.id).where(Nudge.step_id == step_id, Nudge.on == day)
    return session.scalar(statement, execution_options=INSIDE) is not None


def nudged_steps_of(session: Session, actor: Actor, case_id: int, day: date) -> set[int]:
    """The steps of a case to which attention was drawn on a day."""
    statement = select(Nudge.step_id).where(Nudge.case_id == case_id, Nudge.on == day)
    return set(session.scalars(statement, execution_options=sight(actor)))
