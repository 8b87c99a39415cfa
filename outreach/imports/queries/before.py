"""The list before this one of its area, and who is on both."""

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from outreach.accounts.actors import Actor
from outreach.children.grants import sight
from outreach.imports.models import Batch, BatchRow, RowResult
from outreach.imports.queries.tallies import of_area


def still_on_it(session: Session, actor: Actor, batch: Batch, previous: Batch | None) -> int:
    """How many children of the list before are on this one."""
    if previous is None:
        return 0
    before, brought = aliased(BatchRow), (RowResult.NEW, RowResult.KNOWN)
    statement = (
        select(func.count(func.distinct(BatchRow.child_id)))
        .join(before, and_(before.child_id == BatchRow.child_id, before.batch_id == previous.id))
        .where(BatchRow.batch_id == batch.id, BatchRow.result.in_(brought), before.result.in_(brought))
    )
    return session.scalar(statement, execution_options=sight(actor)) or 0


def list_before(session: Session, actor: Actor, batch: Batch) -> Batch | None:
    """The list this one was laid beside: the last of its area by the day of the list, loaded before it."""
    loaded_before = or_(Batch.at < batch.at, and_(Batch.at == batch.at, Batch.id < batch.id))
    statement = (
        select(Batch)
        .where(*of_area(batch), Batch.as_of <= batch.as_of, loaded_before)
        .order_by(Batch.as_of.desc(), Batch.id.desc())
        .limit(1)
    )
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()
