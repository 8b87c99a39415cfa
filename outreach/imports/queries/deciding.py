"""What a loaded list leaves to decide, as the one who leads the cases sees it, and what was decided about it."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Event, Pause, Step, Track
from outreach.cases.models.step import IS_LIVING
from outreach.children.grants import sight
from outreach.children.models import Child, Residence
from outreach.database.many import in_chunks
from outreach.imports.listed import ListedChild
from outreach.imports.models import Batch, BatchRow, DifferenceKind, ListDifference
from outreach.imports.queries.tallies import mine, of_area, waits
from outreach.imports.stored import listed_child


@dataclass(frozen=True)
class Item:
    """One difference with the child as it stands here now.

    `stamp` is another as soon as anything happens to the case; `newer`: a later list says something else since.
    """

    difference: ListDifference
    case: Case
    child: Child
    home: Residence | None
    row: ListedChild | None
    stamp: str
    newer: bool = False

    @property
    def key(self) -> str:
        """What a form sends: which difference, as it was looked at."""
        return f"{self.difference.id}|{self.stamp}"

    @property
    def said(self) -> dict[str, str]:
        """What the list said (`listed`) and what stood here when it was loaded (`ours`)."""
        found: dict[str, str] = json.loads(self.difference.said)
        return found

    @property
    def listed(self) -> ListedChild:
        """The child as the list tells it; only who is gone has no row. Raises LookupError then."""
        if self.row is None:
            raise LookupError("who is gone has no row")
        return self.row

    @property
    def destination(self) -> str:
        """The municipality the list names."""
        return self.row.municipality if self.row else ""

    @property
    def address(self) -> str:
        """Where the child lives, on one line."""
        return f"{self.home.line}, {self.home.postcode} {self.home.municipality}".strip(", ") if self.home else ""


def items_of(
    session: Session,
    actor: Actor,
    batch: Batch,
    kind: DifferenceKind,
    *,
    ids: Collection[int] | None = None,
    offset: int = 0,
    most: int | None = None,
    for_change: bool = False,
) -> list[Item]:
    """What waits in one group, by name, brothers and sisters beside each other; those put off come last."""
    statement = _items(actor, batch, kind)
    if ids is not None:
        statement = statement.where(ListDifference.id.in_(list(ids)))
    if for_change:
        statement = statement.with_for_update(of=[ListDifference, Case])
    rows = session.execute(statement.offset(offset).limit(most), execution_options=sight(actor)).all()
    seqs = _last_events(session, actor, [case.id for _, case, *_ in rows])
    newer = _said_since(session, actor, batch, kind, [said.child_id for said, *_ in rows])
    told = _rows(session, actor, batch, [said.row_number for said, *_ in rows if said.row_number])
    return [
        Item(
            said,
            case,
            child,
            home,
            told.get(said.row_number or 0),
            f"{seqs.get(case.id, 0)}.{child.version}",
            said.child_id in newer,
        )
        for said, case, child, home in rows
    ]


def references_of(session: Session, actor: Actor, batch: Batch, ids: Collection[int]) -> dict[int, str]:
    """The cases of these differences, decided or not, by reference."""
    statement = (
        select(ListDifference.id, Case.reference)
        .join(Case, Case.id == ListDifference.case_id)
        .where(ListDifference.batch_id == batch.id, ListDifference.id.in_(list(ids)), *mine(actor))
    )
    return {row[0]: row[1] for row in session.execute(statement, execution_options=sight(actor))}


def moves_of(session: Session, actor: Actor, items: Iterable[Item]) -> dict[int, tuple[Step, Track, date | None]]:
    """The living move of each case, with its track and until when it rests."""
    found: dict[int, tuple[Step, Track, date | None]] = {}
    for chunk in in_chunks(item.case.id for item in items):
        statement = (
            select(Step, Track, Pause.until_on)
            .join(Track, Track.id == Step.track_id)
            .outerjoin(Pause, and_(Pause.step_id == Step.id, Pause.ended_at.is_(None)))
            .where(Step.case_id.in_(chunk), Step.side_of_id.is_(None), IS_LIVING)
            .order_by(Step.number.desc())
        )
        for step, track, until_on in session.execute(statement, execution_options=sight(actor)):
            found[step.case_id] = (step, track, until_on)
    return found


def _items(actor: Actor, batch: Batch, kind: DifferenceKind) -> Select[ListDifference, Case, Child, Residence]:
    return (
        select(ListDifference, Case, Child, Residence)
        .join(Case, Case.id == ListDifference.case_id)
        .join(Child, Child.id == Case.child_id)
        .outerjoin(Residence, and_(Residence.child_id == Child.id, Residence.until_at.is_(None)))
        .where(ListDifference.batch_id == batch.id, ListDifference.kind == kind, waits(), *mine(actor))
        .order_by(
            ListDifference.answer.is_not(None), Child.last_name, Child.household_id, Child.born_on, ListDifference.id
        )
    )


def _last_events(session: Session, actor: Actor, case_ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for chunk in in_chunks(case_ids):
        statement = select(Event.case_id, func.max(Event.seq)).where(Event.case_id.in_(chunk)).group_by(Event.case_id)
        found.update((row[0], row[1]) for row in session.execute(statement, execution_options=sight(actor)))
    return found


def _said_since(
    session: Session, actor: Actor, batch: Batch, kind: DifferenceKind, child_ids: Sequence[int]
) -> set[int]:
    """Children a later list says something of that overtakes this: it names who was gone, or differs again."""
    later = select(Batch.id).where(
        *of_area(batch), or_(Batch.as_of > batch.as_of, and_(Batch.as_of == batch.as_of, Batch.id > batch.id))
    )
    found: set[int] = set()
    for chunk in in_chunks(child_ids):
        if kind is DifferenceKind.GONE:
            statement = select(BatchRow.child_id).where(BatchRow.child_id.in_(chunk), BatchRow.batch_id.in_(later))
        else:
            statement = select(ListDifference.child_id).where(
                ListDifference.child_id.in_(chunk), ListDifference.kind == kind, ListDifference.batch_id.in_(later)
            )
        found.update(child_id for child_id in session.scalars(statement, execution_options=sight(actor)) if child_id)
    return found


def _rows(session: Session, actor: Actor, batch: Batch, numbers: Sequence[int]) -> dict[int, ListedChild]:
    found: dict[int, ListedChild] = {}
    for chunk in in_chunks(numbers):
        statement = select(BatchRow.row_number, BatchRow.data).where(
            BatchRow.batch_id == batch.id, BatchRow.row_number.in_(chunk)
        )
        for number, data in session.execute(statement, execution_options=sight(actor)):
            found[number] = listed_child(number, data)
    return found
