"""Fetch one case or step as somebody who may see it; what they may not see does not exist for them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Step, StepState, Track
from outreach.cases.references import parse_reference
from outreach.children.grants import sight, visible
from outreach.children.models import Child


def find_case(session: Session, actor: Actor, reference: str, *, for_change: bool = False) -> Case | None:
    """The case with this reference if the actor may see it; `for_change` holds it until the transaction ends."""
    plain = parse_reference(reference)
    if plain is None:
        return None
    statement = select(Case).where(Case.reference == plain, visible(actor, Case.id))
    if for_change:
        statement = statement.with_for_update(of=Case)
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


def find_step(
    session: Session, actor: Actor, reference: str, number: int, *, for_change: bool = False
) -> tuple[Case, Step] | None:
    """A step by its number in its case, with the case, if the actor may see them."""
    case = find_case(session, actor, reference, for_change=for_change)
    if case is None:
        return None
    statement = select(Step).where(Step.case_id == case.id, Step.number == number)
    step = session.scalars(statement, execution_options=sight(actor)).one_or_none()
    return (case, step) if step else None


def living_steps(session: Session, actor: Actor, case: Case) -> list[Step]:
    """The steps of this case that wait for somebody, in order."""
    living = (StepState.PLANNED, StepState.OPEN, StepState.PAUSED)
    statement = select(Step).where(Step.case_id == case.id, Step.state.in_(living)).order_by(Step.number)
    return list(session.scalars(statement, execution_options=sight(actor)))


def track_of(session: Session, actor: Actor, step: Step) -> Track:
    """The track of a step the actor was shown."""
    return session.get_one(Track, step.track_id, execution_options=sight(actor))


def child_of(session: Session, actor: Actor, case: Case) -> Child:
    """The child of a case the actor was shown; whether they may see its name is decided by their scope."""
    return session.get_one(Child, case.child_id, execution_options=sight(actor))
