"""What happened last in the cases of a list of running cases: the last contact, or that their list was taken back."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.cases.models import Attempt, Event
from outreach.children.matching import MATCHING
from outreach.database.many import in_chunks

_TAKEN_BACK = "takeover_taken_back"


def last_contacts(session: Session, case_ids: Iterable[int]) -> dict[int, date]:
    """The day of the last attempt in each of these cases."""
    found: dict[int, date] = {}
    for part in in_chunks(case_ids):
        statement = select(Attempt.case_id, func.max(Attempt.on)).where(Attempt.case_id.in_(part))
        rows = session.execute(statement.group_by(Attempt.case_id), execution_options=MATCHING)
        found.update((row[0], row[1]) for row in rows)
    return found


def taken_back(session: Session, case_ids: Sequence[int]) -> set[int]:
    """The cases of which the last thing that happened is that their list was taken back."""
    found: set[int] = set()
    for part in in_chunks(case_ids):
        last = select(func.max(Event.id)).where(Event.case_id.in_(part)).group_by(Event.case_id)
        statement = select(Event.case_id).where(Event.id.in_(last), Event.kind == _TAKEN_BACK)
        found.update(session.scalars(statement, execution_options=MATCHING))
    return found
