"""What happened last in the cases of a list: the last contact, or that their list was taken back."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from outreach.cases.commands.ending_mistaken import TAKEN_BACK
from outreach.cases.models import Attempt, Event
from outreach.children.matching import MATCHING
from outreach.database.many import in_chunks
from outreach.imports.models import Batch, BatchState
from outreach.imports.queries.comparing import Compared, Comparison


def last_contacts(session: Session, case_ids: Iterable[int]) -> dict[int, date]:
    """The day of the last attempt in each of these cases."""
    found: dict[int, date] = {}
    for part in in_chunks(case_ids):
        statement = select(Attempt.case_id, func.max(Attempt.on)).where(Attempt.case_id.in_(part))
        rows = session.execute(statement.group_by(Attempt.case_id), execution_options=MATCHING)
        found.update((row[0], row[1]) for row in rows)
    return found


def opens_again(session: Session, known: Iterable[Compared], area_id: int) -> set[int]:
    """The cases of these children in this area that ended only because a list was taken back."""
    ended = [one.case for one in known if one.case and one.case.ended and one.case.area_id == area_id]
    return taken_back(session, [case.case_id for case in ended])


def count_opening_again(session: Session, comparison: Comparison, area_id: int) -> int:
    """How many cases a list would open again so; its children are gone through only where a list was taken back."""
    statement = select(exists().where(Batch.area_id == area_id, Batch.state == BatchState.TAKEN_BACK))
    if not session.scalar(statement, execution_options=MATCHING):
        return 0
    return len(opens_again(session, comparison.known(session), area_id))


def taken_back(session: Session, case_ids: Sequence[int]) -> set[int]:
    """The cases of which the last thing that happened is that their list was taken back."""
    found: set[int] = set()
    for part in in_chunks(case_ids):
        last = select(func.max(Event.id)).where(Event.case_id.in_(part)).group_by(Event.case_id)
        statement = select(Event.case_id).where(Event.id.in_(last), Event.kind == TAKEN_BACK)
        found.update(session.scalars(statement, execution_options=MATCHING))
    return found
