"""What a loaded list began and did: the cases it opened, what it changed in known ones, and whether it can go back."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.undoing import FOR, happened_since
from outreach.cases.models import Case, Deed, DeedItem, Event
from outreach.children.grants import sight
from outreach.children.matching import MATCHING
from outreach.errors import Refused
from outreach.imports.models import RUNNING, Batch, BatchRow, BatchState
from outreach.imports.queries.receipts import source_of
from outreach.imports.queries.tallies import of_area

BATCH = "batch"
"""How the event of a case that opens, or opens again, names the list that opened it."""

LOADED = "list.loaded"
"""The key of the deeds that say what loading a list did to known cases."""

TAKEN_OVER = "running.taken_over"
"""The key of the deed that a list of running cases is."""

_MOST_LOOKED_AT = 1_000

BY_LOADING = (LOADED, TAKEN_OVER)
"""What a list did by itself, when it was loaded; everything else somebody decided about it."""


@dataclass(frozen=True)
class Begun:
    """A case a list opened, and whether anything happened in it since."""

    case_id: int
    moved_on: bool


def begun_by(session: Session, batch: Batch) -> Iterator[Begun]:
    """Every case this list opened, or opened again; what a deed of the list itself did in it does not count as moved
    on, its undoing sees to that."""
    by_it = and_(Event.kind.in_(("case_opened", "case_reopened")), Event.data[BATCH].as_integer() == batch.id)
    began = func.max(case((by_it, Event.seq), else_=0))
    statement = (
        select(Event.case_id, began, func.max(Event.seq))
        .join(Case, Case.id == Event.case_id)
        .join(BatchRow, BatchRow.case_reference == Case.reference)
        .where(BatchRow.batch_id == batch.id)
        .group_by(Event.case_id)
        .having(began > 0)
        .order_by(Event.case_id)
    )
    for case_id, first, last in session.execute(statement, execution_options={**MATCHING, "yield_per": 5_000}):
        yield Begun(case_id, last > first)


def deeds_by_loading(session: Session, batch: Batch, *, for_change: bool = False) -> list[Deed]:
    """What loading this list did to known cases, the last first."""
    statement = select(Deed).where(Deed.origin == source_of(batch), Deed.key.in_(BY_LOADING)).order_by(Deed.id.desc())
    if for_change:
        statement = statement.with_for_update()
    return list(session.scalars(statement, execution_options=MATCHING))


def would_stay(session: Session, batch: Batch) -> int | None:
    """How many cases moved on since this list was loaded, and would stay if it were taken back; None for a list too
    long to look at each of its cases."""
    deeds = deeds_by_loading(session, batch)
    items = select(DeedItem.case_id).where(DeedItem.deed_id.in_([deed.id for deed in deeds]))
    changed = set(session.scalars(items, execution_options=MATCHING))
    if batch.rows > _MOST_LOOKED_AT or len(changed) > _MOST_LOOKED_AT:
        return None
    begun = {one.case_id for one in begun_by(session, batch) if one.moved_on}
    return len((begun - changed) | happened_since(session, deeds))


def deed_for(session: Session, actor: Actor, batch: Batch) -> Deed | None:
    """The deed that says when and by whom this list was loaded, and taken back; for the organisation that loaded it."""
    statement = select(Deed).where(
        Deed.origin == source_of(batch), Deed.key.in_(BY_LOADING), Deed.organisation_id == actor.organisation_id
    )
    return session.scalars(statement.order_by(Deed.id).limit(1), execution_options=sight(actor)).one_or_none()


def require_may_go_back(session: Session, batch: Batch) -> None:
    """Raises Refused when the list is not there to be taken back any more: it was already, it is older than thirty
    days, a later list was laid beside it, or somebody decided something about it."""
    if batch.state != BatchState.LOADED:
        raise Refused("deed_undone")
    if clock.now() > batch.at + FOR:
        raise Refused("list_too_old", days=FOR.days)
    if batch.kind == RUNNING:
        return
    later = select(Batch.file_name).where(*of_area(batch), or_(Batch.at > batch.at, Batch.id > batch.id)).limit(1)
    name = session.scalar(later.order_by(Batch.id.desc()), execution_options=MATCHING)
    if name is not None:
        raise Refused("list_leaned_on", file_name=name)
    stands = (Deed.origin == source_of(batch), Deed.key.not_in(BY_LOADING), Deed.undone_at.is_(None))
    if session.scalar(select(exists().where(*stands, DeedItem.deed_id == Deed.id)), execution_options=MATCHING):
        raise Refused("list_decided_about")
