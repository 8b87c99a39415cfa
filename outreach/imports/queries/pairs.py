"""How many pairs a list proposed, and what was said about them, to look back on and to take back."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from outreach.accounts.actors import Actor
from outreach.accounts.models import Person
from outreach.cases.models import Case, Deed
from outreach.children.grants import Scope, sight, visible
from outreach.imports.models import Batch, BatchRow, DifferenceKind, ListDifference


@dataclass(frozen=True)
class SaidOfPair:
    """A pair somebody decided about: the case of the new record, what was said, and the deed it was."""

    difference: ListDifference
    reference: str
    deed: Deed
    by: str


def count_proposed(session: Session, actor: Actor, batch: Batch) -> int:
    """How many children of a list were thought to be known, decided or not."""
    statement = select(func.count()).where(
        ListDifference.batch_id == batch.id, ListDifference.kind == DifferenceKind.PROPOSED
    )
    return session.scalar(statement.select_from(ListDifference), execution_options=sight(actor)) or 0


def said_of_pairs(session: Session, actor: Actor, batch: Batch) -> list[SaidOfPair]:
    """What this person's organisation said about the pairs of a list, the newest first."""
    new = aliased(Case)
    statement = (
        select(ListDifference, new.reference, Deed, Person.name)
        .join(BatchRow, (BatchRow.batch_id == batch.id) & (BatchRow.row_number == ListDifference.row_number))
        .join(new, new.reference == BatchRow.case_reference)
        .join(Deed, Deed.id == ListDifference.deed_id)
        .join(Person, Person.id == Deed.by_id)
        .where(ListDifference.batch_id == batch.id, ListDifference.kind == DifferenceKind.PROPOSED)
        .where(Deed.organisation_id == actor.organisation_id, visible(actor, new.id, Scope.FULL))
        .order_by(Deed.id.desc())
    )
    return [SaidOfPair(*row) for row in session.execute(statement, execution_options=sight(actor))]
