"""The new children of a list that are probably known, each beside the known one, as far as somebody may see it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from outreach.accounts.actors import Actor
from outreach.cases.models import Case
from outreach.cases.queries.beside import Pair, Record, pairs_seen
from outreach.children.grants import Scope, sight, visible
from outreach.imports.models import Batch, BatchRow, DifferenceKind, ListDifference
from outreach.partners.models import Organisation


@dataclass(frozen=True)
class ProposedPair:
    """A new child of a list and the known child it probably is.

    `pair` (the new one first) is None when this person may not see the case of the known child: then only who
    coordinates it is told, and nothing can be decided here.
    """

    difference: ListDifference
    new: Case
    coordinator: str
    pair: Pair | None

    @property
    def kept(self) -> Record | None:
        """The record that goes on when they are one child: the known one if it may be; None: this person may not."""
        return self.pair.choices[-1] if self.pair and self.pair.choices else None


def proposals_of(
    session: Session, actor: Actor, batch: Batch, *, ids: Collection[int] | None = None, for_change: bool = False
) -> list[ProposedPair]:
    """What a list proposes and nobody decided yet, the likeliest first; only where the new case is seen whole.

    `ids` narrows to these differences; `for_change` holds them until the transaction ends.
    """
    new, known = aliased(Case), aliased(Case)
    statement = (
        select(ListDifference, new, Organisation.name)
        .join(BatchRow, (BatchRow.batch_id == batch.id) & (BatchRow.row_number == ListDifference.row_number))
        .join(new, new.reference == BatchRow.case_reference)
        .join(known, known.id == ListDifference.case_id)
        .join(Organisation, Organisation.id == known.lead_id)
        .where(ListDifference.batch_id == batch.id, ListDifference.kind == DifferenceKind.PROPOSED)
        .where(ListDifference.answer.is_(None), visible(actor, new.id, Scope.FULL))
        .order_by(ListDifference.id)
    )
    if ids is not None:
        statement = statement.where(ListDifference.id.in_(list(ids)))
    if for_change:
        statement = statement.with_for_update(of=ListDifference)
    rows = session.execute(statement, execution_options=sight(actor)).all()
    seen = pairs_seen(session, actor, [(case.id, said.case_id) for said, case, _ in rows])
    found = [ProposedPair(said, case, name, seen.get((case.id, said.case_id))) for said, case, name in rows]
    return sorted(found, key=lambda each: -each.pair.likeness.score if each.pair else 1)
