"""Who may see a case, as rows: written by the commands that open, end or hand over a step, asked by every query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.children.models import Grant
from outreach.database import seen_by
from outreach.database.among import among
from outreach.database.many import alike, insert_columns, insert_rows

AFTER_END = timedelta(days=60)
"""How long who had a step may still see what became of it (product.md, "The people")."""

READING_ROLES = frozenset({"coordinator", "worker", "school-contact", "clb", "team-lead"})
"""Roles that see what their organisation was given; a bridge person sees only what is theirs by name."""

PERSONAL_ROLES = READING_ROLES | {"bridge-person"}
"""Roles that may see what was given to them by name."""


class Scope(StrEnum):
    """How much of a case a grant shows; the widest of somebody's grants counts."""

    FULL = "full"
    WELCOME = "welcome"
    REFERENCE = "reference"


_WIDTH = {Scope.FULL: 3, Scope.WELCOME: 2, Scope.REFERENCE: 1}


@dataclass(frozen=True)
class Granted:
    """One grant to be written."""

    child_id: int
    case_id: int
    organisation_id: int
    scope: str
    reason: str
    subject: str
    person_id: int | None = None


def grant(session: Session, grants: Iterable[Granted]) -> None:
    """Write these grants, valid from now until the command that ends their subject."""
    now = clock.now()
    insert_rows(session, Grant, [{**vars(each), "since": now, "until": None} for each in grants])


def grant_alike(session: Session, first: Granted, count: int, **varying: Sequence[Any]) -> None:
    """Write so many grants that are all as the first, but for these columns of theirs."""
    row = {**vars(first), "since": clock.now(), "until": None}
    insert_columns(session, Grant, count, alike(row, **varying))


def end_grants(session: Session, subjects: Iterable[str], *, at_once: bool = False) -> None:
    """Let the grants of these subjects run out: after 60 days, or at once when a step changes hands unseen."""
    until = clock.now() + (timedelta() if at_once else AFTER_END)
    session.flush()
    session.execute(
        update(Grant)
        .where(Grant.subject.in_(list(subjects)), Grant.until.is_(None))
        .values(until=until)
        .execution_options(synchronize_session=False)
    )


def end_grants_of(session: Session, case_ids: Sequence[int]) -> None:
    """Let every grant of these cases run out after 60 days."""
    session.execute(
        update(Grant)
        .where(among(session, Grant.case_id, case_ids), Grant.until.is_(None))
        .values(until=clock.now() + AFTER_END)
        .execution_options(synchronize_session=False)
    )


def _holder(actor: Actor) -> ColumnElement[bool]:
    holders: list[ColumnElement[bool]] = []
    if actor.role in READING_ROLES:
        holders.append(and_(Grant.organisation_id == actor.organisation_id, Grant.person_id.is_(None)))
    if actor.role in PERSONAL_ROLES:
        holders.append(and_(Grant.person_id == actor.person_id, Grant.organisation_id == actor.organisation_id))
    return or_(*holders) if holders else Grant.id.is_(None)


def _alive(at: datetime) -> ColumnElement[bool]:
    return or_(Grant.until.is_(None), Grant.until > at)


def visible(actor: Actor, case_id: InstrumentedAttribute[int], *scopes: Scope) -> ColumnElement[bool]:
    """The one filter: true for cases this actor has a living grant for (of one of `scopes`, or any)."""
    condition = and_(Grant.case_id == case_id, _alive(clock.now()), _holder(actor))
    if scopes:
        condition = and_(condition, Grant.scope.in_(scopes))
    return exists().where(condition)


def sight(actor: Actor) -> dict[str, Any]:
    """Execution options for a statement that carries `visible`: says in the guard by whom it is read."""
    return seen_by(f"person:{actor.person_id}")


def scope_of(session: Session, actor: Actor, case_id: int) -> Scope | None:
    """The widest scope this actor has on the case, or None."""
    statement = select(Grant.scope).where(Grant.case_id == case_id, _alive(clock.now()), _holder(actor))
    found = session.scalars(statement, execution_options=sight(actor)).all()
    return max((Scope(scope) for scope in found), key=_WIDTH.__getitem__, default=None)


def scopes_of(session: Session, actor: Actor, case_ids: Iterable[int]) -> dict[int, Scope]:
    """The widest scope this actor has on each of these cases; cases without a living grant are left out."""
    statement = select(Grant.case_id, Grant.scope).where(
        Grant.case_id.in_(list(case_ids)), _alive(clock.now()), _holder(actor)
    )
    found: dict[int, Scope] = {}
    for case_id, scope in session.execute(statement, execution_options=sight(actor)):
        here = Scope(scope)
        if case_id not in found or _WIDTH[here] > _WIDTH[found[case_id]]:
            found[case_id] = here
    return found
