"""Which families are visited by two, for those who visit them: nobody else reads it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Step, Track
from outreach.cases.policy import owns
from outreach.cases.workflow import processes
from outreach.children.grants import sight
from outreach.children.models import VisitWithTwo


def goes_visiting(actor: Actor, steps: Iterable[tuple[Step, Track]]) -> bool:
    """Whether this person's organisation visits families: by its kind, or because a visit is its move here."""
    if actor.role == "bridge-person" or actor.organisation_kind in processes().visiting_kinds:
        return True
    return any(step.living and owns(actor, step) and is_visit(step, track) for step, track in steps)


def is_visit(step: Step, track: Track) -> bool:
    """Whether this step is reported as a visit."""
    rule = processes().process(track.process, track.process_version).find_step(step.key)
    return rule is not None and rule.report == "visit"


def visits_with_two(session: Session, actor: Actor, households: Iterable[int]) -> dict[int, VisitWithTwo]:
    """What was said last of each of these households, which the actor sees whole, as long as it holds."""
    statement = (
        select(VisitWithTwo)
        .where(
            VisitWithTwo.household_id.in_(set(households)),
            VisitWithTwo.ended_at.is_(None),
            VisitWithTwo.until_on >= clock.today(),
        )
        .order_by(VisitWithTwo.id)
    )
    return {row.household_id: row for row in session.scalars(statement, execution_options=sight(actor))}
