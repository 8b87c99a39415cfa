"""Lists of running cases that were kept: one that is looked at, and what became of the rows of one taken over."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.children.grants import sight
from outreach.children.matching import MATCHING
from outreach.imports.likely_names import word_key
from outreach.imports.models import Batch, BatchRow, RowResult
from outreach.imports.queries.batches import incoming_of
from outreach.imports.running import Followed, RunningList
from outreach.imports.stored import became_of, followed_of
from outreach.imports.targets import Place


def running_of(session: Session, batch: Batch) -> RunningList:
    """A list of running cases that is being looked at, as it was read and judged."""
    statement = select(BatchRow.row_number, BatchRow.data).where(
        BatchRow.batch_id == batch.id, BatchRow.result != RowResult.REFUSED
    )
    rows = session.execute(statement, execution_options=MATCHING)
    followed: dict[int, Followed] = {number: followed_of(data) for number, data in rows}
    return RunningList(incoming_of(session, batch), followed)


@dataclass
class Outcome:
    """What came of a list that was taken over; `statuses`: each word, where its cases went, and how many these are."""

    closed: int = 0
    contacts: int = 0
    unassigned: int = 0
    statuses: Counter[tuple[str, Place]] = field(default_factory=Counter)
    ended: list[str] = field(default_factory=list)
    """The cases that were closed here already, and stayed so."""


def outcome_of(session: Session, actor: Actor, batch: Batch) -> Outcome:
    """Counted from the rows of the list."""
    statement = select(BatchRow.data, BatchRow.case_reference).where(
        BatchRow.batch_id == batch.id, BatchRow.result.in_((RowResult.NEW, RowResult.KNOWN))
    )
    found, first = Outcome(), dict[str, str]()
    for data, reference in session.execute(statement, execution_options=sight(actor)):
        became, told = became_of(data), followed_of(data)
        if became.get("path") == "ended" and reference:
            found.ended.append(reference)
        found.contacts += became.get("contacts", 0)
        if became.get("step") or became.get("closure"):
            place = Place(step=became.get("step"), closure=became.get("closure"))
            said = first.setdefault(word_key(told.status), told.status)
            found.statuses[said, place] += 1
            found.closed += place.closure is not None
            found.unassigned += bool(became.get("unassigned"))
    return found
