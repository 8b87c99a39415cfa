"""Lists that came in, as somebody who may load lists for their area sees them."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.accounts.models import Person
from outreach.children.grants import sight
from outreach.children.matching import MATCHING
from outreach.imports.judging import DoubleRow, Incoming, Judged
from outreach.imports.models import CHILD_LISTS, NOT_ENROLLED, Batch, BatchRow, BatchState, RowResult
from outreach.imports.stored import listed_child, refused_row

PER_PAGE = 50


def loaded_batches(
    session: Session, actor: Actor, area_ids: Sequence[int], *, page: int
) -> tuple[list[tuple[Batch, Person]], int]:
    """The loaded lists of these areas with who loaded them, newest first, and how many there are; those that were taken
    back too."""
    there = Batch.state.in_((BatchState.LOADED, BatchState.TAKEN_BACK))
    here = (Batch.area_id.in_(area_ids), Batch.kind.in_(CHILD_LISTS), there)
    statement = (
        select(Batch, Person)
        .join(Person, Person.id == Batch.by_id)
        .where(*here)
        .order_by(Batch.at.desc(), Batch.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    found = [(batch, person) for batch, person in session.execute(statement, execution_options=sight(actor))]
    count = session.scalar(select(func.count(Batch.id)).where(*here), execution_options=sight(actor))
    return found, count or 0


def find_batch(
    session: Session, actor: Actor, batch_id: int, area_ids: Sequence[int], *kinds: str, for_change: bool = False
) -> Batch | None:
    """A list of one of these areas, of one of these kinds; one that is only looked at is its uploader's alone."""
    statement = select(Batch).where(
        Batch.id == batch_id, Batch.area_id.in_(area_ids), Batch.kind.in_(kinds or (NOT_ENROLLED,))
    )
    if for_change:
        statement = statement.with_for_update()
    batch = session.scalars(statement, execution_options=sight(actor)).one_or_none()
    if batch is None or (batch.state == BatchState.PREVIEWED and batch.by_id != actor.person_id):
        return None
    return batch


def rows_of(
    session: Session, actor: Actor, batch: Batch, *results: RowResult, outside: bool | None = None, most: int = 100
) -> list[BatchRow]:
    """The first rows of a list with one of these results, in the order of the file."""
    statement = select(BatchRow).where(BatchRow.batch_id == batch.id).order_by(BatchRow.row_number).limit(most)
    if results:
        statement = statement.where(BatchRow.result.in_(results))
    if outside is not None:
        statement = statement.where(BatchRow.outside == outside)
    return list(session.scalars(statement, execution_options=sight(actor)))


def rows_numbered(session: Session, actor: Actor, batch: Batch, numbers: Sequence[int]) -> list[BatchRow]:
    """These rows of a list."""
    statement = select(BatchRow).where(BatchRow.batch_id == batch.id, BatchRow.row_number.in_(numbers))
    return list(session.scalars(statement, execution_options=sight(actor)))


def refused_rows(session: Session, actor: Actor, batch: Batch) -> Iterator[BatchRow]:
    """Every refused row of a list, one by one."""
    statement = (
        select(BatchRow)
        .where(BatchRow.batch_id == batch.id, BatchRow.result == RowResult.REFUSED)
        .order_by(BatchRow.row_number)
    )
    yield from session.scalars(statement, execution_options=sight(actor) | {"yield_per": 500})


def incoming_of(session: Session, batch: Batch) -> Incoming:
    """A list that is being looked at, as it was read and judged."""
    statement = select(BatchRow).where(BatchRow.batch_id == batch.id).order_by(BatchRow.row_number)
    judged = Judged()
    for row in session.scalars(statement, execution_options=MATCHING | {"yield_per": 500}):
        if row.result == RowResult.REFUSED:
            judged.refused.append(refused_row(row.row_number, row.data))
        elif row.result == RowResult.DOUBLE:
            judged.doubles.append(DoubleRow(listed_child(row.row_number, row.data), row.first_row or 0))
        else:
            judged.children.append(listed_child(row.row_number, row.data))
    return Incoming(batch.file_name, batch.file_digest, batch.layout, tuple(batch.titles), judged)
