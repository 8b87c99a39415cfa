"""The account of every list of an area, and of all of them: what became of the rows, and of the children."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Subquery, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Closure
from outreach.children.grants import sight
from outreach.children.models import Child
from outreach.imports.models import CHILD_LISTS, Batch, BatchRow, BatchState, RowResult
from outreach.partners.models import Area

IN_CASE, CLOSED, EXPLAINED, LOST = "in_case", "closed", "explained", "lost"


@dataclass(frozen=True)
class Account:
    """Rows of one list or of several, and the children these ever named, each counted once.

    A child is in a case, its case is closed, or it is explained: its record turned out to be another child's.
    """

    rows: int
    new: int
    known: int
    double: int
    refused: int
    listed: int
    in_case: int
    closed: int
    explained: int

    @property
    def adds_up(self) -> bool:
        """Whether no row and no child is unaccounted for."""
        rows = self.new + self.known + self.double + self.refused
        return self.rows == rows and self.listed == self.in_case + self.closed + self.explained


@dataclass(frozen=True)
class Accounts:
    """Every list with its account, the newest first, all of them together, and how closed cases ended."""

    lists: list[tuple[Batch, Account]]
    total: Account
    endings: list[tuple[str, int]]


def accounts_of(session: Session, actor: Actor, area: Area) -> Accounts:
    """The accounts of the loaded lists of an area, as things are now."""
    statement = select(Batch).where(*_loaded(area)).order_by(Batch.as_of.desc(), Batch.id.desc())
    batches = list(session.scalars(statement, execution_options=sight(actor)))
    children = _children_by_list(session, actor, area)
    lists = [(batch, _account([batch], children.get(batch.id, {}))) for batch in batches]
    return Accounts(lists, _account(batches, _children(session, actor, area)), _endings(session, actor, area))


def _account(batches: Iterable[Batch], children: dict[str, int]) -> Account:
    counts = {
        name: sum(getattr(batch, name) for batch in batches) for name in ("rows", "new", "known", "double", "refused")
    }
    became = {name: children.get(name, 0) for name in (IN_CASE, CLOSED, EXPLAINED)}
    return Account(**counts, listed=sum(children.values()), **became)


def _loaded(area: Area) -> tuple[ColumnElement[bool], ...]:
    return (Batch.area_id == area.id, Batch.kind.in_(CHILD_LISTS), Batch.state == BatchState.LOADED)


def _named(area: Area) -> tuple[ColumnElement[bool], ...]:
    return (*_loaded(area), BatchRow.result.in_((RowResult.NEW, RowResult.KNOWN)))


def _became(area: Area) -> Subquery:
    """Every child a list of this area ever named (`child`), and what became of it (`became`): one thing only."""
    own = aliased(Case)
    opened = exists().where(own.child_id == Child.id, own.ended_at.is_(None)).correlate(Child)
    ever = exists().where(own.child_id == Child.id).correlate(Child)
    became = case((Child.merged_into_id.is_not(None), EXPLAINED), (opened, IN_CASE), (ever, CLOSED), else_=LOST)
    listed = select(BatchRow.child_id).join(Batch, Batch.id == BatchRow.batch_id).where(*_named(area))
    return select(Child.id.label("child"), became.label("became")).where(Child.id.in_(listed)).subquery()


def _children_by_list(session: Session, actor: Actor, area: Area) -> dict[int, dict[str, int]]:
    became = _became(area)
    statement = (
        select(Batch.id, became.c.became, func.count(func.distinct(became.c.child)))
        .join(BatchRow, BatchRow.batch_id == Batch.id)
        .join(became, became.c.child == BatchRow.child_id)
        .where(*_named(area))
        .group_by(Batch.id, became.c.became)
    )
    found: dict[int, dict[str, int]] = {}
    for batch_id, name, count in session.execute(statement, execution_options=sight(actor)):
        found.setdefault(batch_id, {})[name] = count
    return found


def _children(session: Session, actor: Actor, area: Area) -> dict[str, int]:
    became = _became(area)
    statement = select(became.c.became, func.count()).group_by(became.c.became)
    return {row[0]: row[1] for row in session.execute(statement, execution_options=sight(actor))}


def _endings(session: Session, actor: Actor, area: Area) -> list[tuple[str, int]]:
    """The last closure of each child whose case is closed, the most frequent first."""
    became = _became(area)
    last = (
        select(func.max(Closure.id))
        .join(Case, Case.id == Closure.case_id)
        .join(became, became.c.child == Case.child_id)
        .where(became.c.became == CLOSED)
        .group_by(Case.child_id)
    )
    statement = select(Closure.key, func.count()).where(Closure.id.in_(last)).group_by(Closure.key)
    rows = session.execute(statement, execution_options=sight(actor)).all()
    return sorted(((row[0], row[1]) for row in rows), key=lambda each: (-each[1], each[0]))
