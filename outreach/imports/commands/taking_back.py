"""A list is taken back: known cases are as they were before it, those it opened end, and it may be loaded again."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.ending_mistaken import end_mistaken
from outreach.cases.commands.proposing import AGAIN
from outreach.cases.commands.undoing import TakenBack, undo_deed
from outreach.cases.models import Case, Proposal
from outreach.children.commands import INSZ, undo_number
from outreach.children.matching import MATCHING
from outreach.children.models import Child, IdentityChange
from outreach.database.among import MANY, among
from outreach.database.many import in_chunks
from outreach.errors import Refused
from outreach.imports.commands.loading import one_at_a_time
from outreach.imports.models import Batch, BatchRow, BatchState, DifferenceKind, ListDifference, RowResult
from outreach.imports.progress import Stage, Told, nobody_waits
from outreach.imports.queries.begun import begun_by, deeds_by_loading, require_may_go_back
from outreach.imports.queries.receipts import source_of
from outreach.imports.queries.tallies import of_area, waits

MOST_NAMED = 20
"""So many cases that stayed are named; of more it is told how many."""

_UNSYNCHRONISED = {**MATCHING, "synchronize_session": False}


def take_back_list(session: Session, batch: Batch, *, by: Actor, told: Told = nobody_waits) -> TakenBack:
    """Put everything back that loading this list did, but for cases that moved on since, which are left.

    Raises Refused when it was taken back before or is older than thirty days; and for a list of children who are not
    enrolled when a later one was laid beside it, or something was decided about it.
    """
    one_at_a_time(session)
    session.refresh(batch, with_for_update=True)
    require_may_go_back(session, batch)
    begun = {one.case_id: one.moved_on for one in begun_by(session, batch)}
    undone, left = set[int](), set[int]()
    for deed in deeds_by_loading(session, batch, for_change=True):
        result = undo_deed(session, deed, by=by)
        undone.update(result.undone)
        left.update(result.left)
        told(Stage.WRITTEN, len(undone))  # whoever wants to stop is heard in between
    left |= {case_id for case_id, moved_on in begun.items() if moved_on} - undone
    ending = _still_open(session, begun.keys() - left)
    for part in in_chunks(ending, MANY):
        end_mistaken(session, part, origin=source_of(batch), by=by)
        undone |= set(part)
        told(Stage.WRITTEN, len(undone))
    _put_numbers_back(session, batch, set(ending))
    _ask_no_more(session, batch)
    batch.state = BatchState.TAKEN_BACK
    session.flush()
    return TakenBack(sorted(undone - left), sorted(left))


def _still_open(session: Session, case_ids: Collection[int]) -> list[int]:
    found: list[int] = []
    for part in in_chunks(sorted(case_ids), MANY):
        statement = select(Case.id).where(among(session, Case.id, part), Case.ended_at.is_(None))
        found += session.scalars(statement.order_by(Case.id), execution_options=MATCHING)
    return found


def _put_numbers_back(session: Session, batch: Batch, ended: Collection[int]) -> None:
    """Numbers the list changed of children whose case it opened; those of others were put back with the rest."""
    statement = (
        select(IdentityChange, Child, Case.id)
        .join(Child, Child.id == IdentityChange.child_id)
        .join(Case, Case.child_id == Child.id)
        .where(IdentityChange.source == source_of(batch), IdentityChange.field == INSZ)
        .where(IdentityChange.undone_at.is_(None))
    )
    for change, child, case_id in session.execute(statement, execution_options=MATCHING).all():
        if case_id in ended and child.insz == change.after:
            try:
                undo_number(session, change, child)
            except Refused:  # another child has that number by now: this one keeps what it has
                continue


def _ask_no_more(session: Session, batch: Batch) -> None:
    """Nothing of this list waits for a decision; whether to open a case again is asked with the list before it."""
    for said in _asked_before(session, batch):
        row = _row_before(session, batch, said.child_id)
        if row is not None:
            said.batch_id, said.row_number = row
    session.flush()
    waiting = delete(ListDifference).where(ListDifference.batch_id == batch.id, waits())
    session.execute(waiting, execution_options=_UNSYNCHRONISED)


def _asked_before(session: Session, batch: Batch) -> Sequence[ListDifference]:
    """Closed cases somebody is asked about without this list too: an earlier one named the child already."""
    statement = (
        select(ListDifference)
        .join(Proposal, Proposal.case_id == ListDifference.case_id)
        .where(ListDifference.batch_id == batch.id, ListDifference.kind == DifferenceKind.AGAIN, waits())
        .where(Proposal.key.in_(AGAIN), Proposal.decided_at.is_(None))
    )
    return session.scalars(statement, execution_options=MATCHING).all()


def _row_before(session: Session, batch: Batch, child_id: int) -> tuple[int, int] | None:
    """The list before this one that names the child, with its row."""
    statement = (
        select(BatchRow.batch_id, BatchRow.row_number)
        .join(Batch, Batch.id == BatchRow.batch_id)
        .where(*of_area(batch), Batch.id != batch.id)
        .where(BatchRow.child_id == child_id, BatchRow.result == RowResult.KNOWN)
        .order_by(Batch.at.desc(), Batch.id.desc())
        .limit(1)
    )
    row = session.execute(statement, execution_options=MATCHING).one_or_none()
    return (row[0], row[1]) if row else None
