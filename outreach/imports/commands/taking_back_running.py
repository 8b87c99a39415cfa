"""A list of running cases is taken back: known cases are as before, those it opened end, as by mistake."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.taking_over import end_mistaken
from outreach.cases.commands.undoing import TakenBack, undo_deed
from outreach.cases.models import Case, Deed, Event
from outreach.children.matching import MATCHING
from outreach.imports.models import Batch, BatchRow, BatchState
from outreach.imports.queries.receipts import source_of
from outreach.imports.stored import became_of


def take_back_running(session: Session, batch: Batch, deed: Deed, *, by: Actor) -> TakenBack:
    """Put everything back, except in cases that moved on since, which are named and left; the file may be loaded again.

    Raises Refused when it was taken back before, or is older than thirty days.
    """
    result = undo_deed(session, deed, by=by)
    for case in _opened(session, batch):
        if case.id in result.left or case.ended_at is not None:
            continue
        if case.id not in result.undone and _last_number(session, case) > 1:
            result.left.append(case.id)  # nothing was taken over of it, and somebody worked on it since
            continue
        end_mistaken(session, case, origin=source_of(batch), by=by)
        if case.id not in result.undone:
            result.undone.append(case.id)
    batch.state = BatchState.TAKEN_BACK
    session.flush()
    return result


def _opened(session: Session, batch: Batch) -> list[Case]:
    """The cases this list opened."""
    statement = select(BatchRow.case_reference, BatchRow.data).where(
        BatchRow.batch_id == batch.id, BatchRow.case_reference.is_not(None)
    )
    rows = session.execute(statement, execution_options=MATCHING).all()
    references = [row[0] for row in rows if became_of(row[1]).get("opened")]
    found: list[Case] = []
    for start in range(0, len(references), 500):
        cases = select(Case).where(Case.reference.in_(references[start : start + 500])).order_by(Case.id)
        found += session.scalars(cases, execution_options=MATCHING)
    return found


def _last_number(session: Session, case: Case) -> int:
    """The number of the last event of a case."""
    return session.scalar(select(func.max(Event.seq)).where(Event.case_id == case.id), execution_options=MATCHING) or 0
