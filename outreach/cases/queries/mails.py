"""The reminders that went out about the steps of a case: when, to whom of the people who work with it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.models import Person
from outreach.cases.models import Reminder, Step
from outreach.cases.queries.case_page import Scene
from outreach.children.grants import Scope, sight


@dataclass(frozen=True)
class Reminded:
    """One morning on which people were reminded of one step; a mailbox of a team has no name."""

    step: Step
    at: datetime
    names: list[str]


def reminders_of(session: Session, scene: Scene) -> list[Reminded]:
    """Newest first; only for who sees the whole case."""
    if scene.scope is not Scope.FULL:
        return []
    steps = {step.id: step for step in scene.steps}
    statement = (
        select(Reminder.step_id, Reminder.at, Person.name)
        .outerjoin(Person, Person.email == Reminder.address)
        .where(Reminder.step_id.in_(steps))
        .order_by(Reminder.at.desc(), Person.name)
    )
    mornings: dict[tuple[int, datetime], list[str]] = defaultdict(list)
    for step_id, at, name in session.execute(statement, execution_options=sight(scene.actor)):
        mornings[step_id, at] += [name] if name else []
    return [Reminded(steps[step_id], at, people) for (step_id, at), people in mornings.items()]
