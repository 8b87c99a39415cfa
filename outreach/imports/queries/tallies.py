"""How many differences a list has of each kind, whose they are to decide, and which list it was laid beside."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Case
from outreach.children.grants import Scope, sight, visible
from outreach.imports.answers import LATER
from outreach.imports.models import NOT_ENROLLED, Batch, BatchState, DifferenceKind, ListDifference
from outreach.partners.models import Organisation


@dataclass(frozen=True)
class Tally:
    """How many differences of a kind there are for one's own organisation, and how many wait."""

    count: int = 0
    waiting: int = 0


def tallies(session: Session, actor: Actor, batch: Batch) -> dict[str, Tally]:
    """How many differences of each kind this person's organisation decides about."""
    waiting = func.sum(case((waits(), 1), else_=0))
    statement = (
        select(ListDifference.kind, func.count(), waiting)
        .join(Case, Case.id == ListDifference.case_id)
        .where(ListDifference.batch_id == batch.id, *mine(actor))
        .group_by(ListDifference.kind)
    )
    found = session.execute(statement, execution_options=sight(actor))
    return {kind: Tally(count, int(waits or 0)) for kind, count, waits in found}


def of_others(session: Session, actor: Actor, batch: Batch) -> list[tuple[str, int]]:
    """How many differences other organisations decide about, by their name: they lead those cases."""
    own = select(ListDifference.id).join(Case, Case.id == ListDifference.case_id).where(*mine(actor))
    statement = (
        select(Organisation.name, func.count())
        .select_from(ListDifference)
        .join(Case, Case.id == ListDifference.case_id)
        .join(Organisation, Organisation.id == Case.lead_id)
        .where(ListDifference.batch_id == batch.id, waits(), ListDifference.id.not_in(own))
        .where(Case.lead_id != actor.organisation_id)  # of a case that ended long ago nobody decides anything
        .where(ListDifference.kind != DifferenceKind.PROPOSED)  # pairs are for who has the new child
        .group_by(Organisation.name)
        .order_by(Organisation.name)
    )
    return [(name, count) for name, count in session.execute(statement, execution_options=sight(actor))]


def waits() -> ColumnElement[bool]:
    """Nobody decided yet, or somebody said: later."""
    return or_(ListDifference.answer.is_(None), ListDifference.answer == LATER)


def mine(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Cases this person's organisation leads, as far as they see all of them; and those it led, when the list names
    the child again."""
    return (
        Case.lead_id == actor.organisation_id,
        or_(visible(actor, Case.id, Scope.FULL), ListDifference.kind == DifferenceKind.AGAIN),
    )


def of_area(batch: Batch) -> tuple[ColumnElement[bool], ...]:
    """The loaded lists of the area of this one."""
    return (Batch.area_id == batch.area_id, Batch.kind == NOT_ENROLLED, Batch.state == BatchState.LOADED)
