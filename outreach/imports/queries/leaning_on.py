"""What a decision about a difference leans on: the changed number, the step at which a case can be offered."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.models import Case, Step
from outreach.cases.models.step import IS_LIVING
from outreach.cases.queries.outcomes import possible_outcomes
from outreach.children.commands import INSZ
from outreach.children.matching import MATCHING
from outreach.children.models import IdentityChange
from outreach.imports.models import Batch
from outreach.imports.queries.deciding import Item
from outreach.imports.queries.receipts import source_of


def transferring(session: Session, case: Case) -> tuple[Step, str] | None:
    """The living move of a case at which it can be offered to another area, and the outcome that does so."""
    statement = select(Step).where(Step.case_id == case.id, Step.side_of_id.is_(None), IS_LIVING).order_by(Step.number)
    for step in session.scalars(statement, execution_options=MATCHING).all():
        for possible in possible_outcomes(session, case, step):
            if possible.outcome.transfer is not None and possible.refusal is None:
                return step, possible.outcome.key
    return None


def number_change(session: Session, batch: Batch, item: Item) -> IdentityChange | None:
    """The number this list changed, as long as it is the child's last."""
    statement = select(IdentityChange).where(
        IdentityChange.child_id == item.child.id,
        IdentityChange.field == INSZ,
        IdentityChange.source == source_of(batch),
        IdentityChange.undone_at.is_(None),
    )
    change = session.scalars(statement.limit(1), execution_options=MATCHING).one_or_none()
    return change if change is not None and change.after == item.child.insz else None
