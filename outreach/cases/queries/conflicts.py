"""What of late reports waits for a person: for whom it is, and what came of it."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Case, ConflictItem, Step
from outreach.cases.models.step import IS_LIVING
from outreach.cases.policy import leads, owns
from outreach.cases.queries.inside import INSIDE
from outreach.children.grants import Scope, sight, visible

OWNING = ("coordinator", "team-lead", "worker", "school-contact", "clb")


KEPT = ("not_seen", "person_left")
"""Why a whole report was kept: its writer learns only that it was handed over."""


@dataclass(frozen=True)
class Waiting:
    """One item with its case; both versions by field."""

    item: ConflictItem
    case: Case

    @property
    def mine(self) -> dict[str, Any]:
        """What the reporter typed."""
        found: dict[str, Any] = json.loads(self.item.mine)
        return found

    @property
    def theirs(self) -> dict[str, Any]:
        """What stood there when the report came in."""
        found: dict[str, Any] = json.loads(self.item.theirs)
        return found


def owner_of() -> ColumnElement[int]:
    """The organisation that decides: whose move the case is now, else its lead."""
    return func.coalesce(_present(Step.organisation_id), Case.lead_id)


def owner_person() -> ColumnElement[int | None]:
    """Who has the present step by name, if anybody has."""
    found: ColumnElement[int | None] = _present(Step.person_id)
    return found


def _present(column: Any) -> Any:
    living = select(column).where(Step.case_id == Case.id, Step.side_of_id.is_(None), IS_LIVING)
    return living.order_by(Step.number.desc()).limit(1).correlate(Case).scalar_subquery()


def _for(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "bridge-person":
        mine = and_(owner_of() == actor.organisation_id, owner_person() == actor.person_id)
    elif actor.role in OWNING:
        mine = owner_of() == actor.organisation_id
    else:
        return false()
    return and_(ConflictItem.decided_at.is_(None), mine, visible(actor, Case.id, Scope.FULL))


def _of(actor: Actor) -> ColumnElement[bool]:
    """Items of this person's own reports, decided and not looked at yet."""
    return and_(
        ConflictItem.by_id == actor.person_id,
        ConflictItem.decided_at.is_not(None),
        ConflictItem.acknowledged_at.is_(None),
        ConflictItem.decided_by_id != actor.person_id,
        visible(actor, Case.id, Scope.FULL),
    )


def to_decide(session: Session, actor: Actor) -> list[Waiting]:
    """What waits for this person's organisation, oldest first."""
    return _read(session, actor, _for(actor))


def answered(session: Session, actor: Actor) -> list[Waiting]:
    """Reports of this person about which somebody decided, until looked at."""
    return _read(session, actor, _of(actor))


def count_conflicts(session: Session, actor: Actor) -> int:
    """How many of both: the number in the header."""
    statement = (
        select(func.count(ConflictItem.id))
        .join(Case, Case.id == ConflictItem.case_id)
        .where(or_(_for(actor), _of(actor)))
    )
    return session.scalar(statement, execution_options=sight(actor)) or 0


def undecided_of(session: Session, actor: Actor, case: Case) -> list[Waiting]:
    """What waits in this case, for who sees all of it."""
    seen = visible(actor, Case.id, Scope.FULL)
    return _read(session, actor, and_(ConflictItem.case_id == case.id, ConflictItem.decided_at.is_(None), seen))


def find_conflict(session: Session, actor: Actor, item_id: int) -> Waiting | None:
    """One item of a case this person sees the whole of."""
    found = _read(session, actor, and_(ConflictItem.id == item_id, visible(actor, Case.id, Scope.FULL)))
    return found[0] if found else None


def may_decide(session: Session, actor: Actor, case: Case) -> bool:
    """The owner of the present step, or the lead."""
    step = present_step(session, case)
    return leads(actor, case) or (step is not None and owns(actor, step))


def present_step(session: Session, case: Case) -> Step | None:
    """The step of this case that waits for somebody now; the newest when there are several."""
    statement = select(Step).where(Step.case_id == case.id, Step.side_of_id.is_(None), IS_LIVING)
    return session.scalars(statement.order_by(Step.number.desc()).limit(1), execution_options=INSIDE).one_or_none()


def _read(session: Session, actor: Actor, which: ColumnElement[bool]) -> list[Waiting]:
    statement = (
        select(ConflictItem, Case)
        .join(Case, Case.id == ConflictItem.case_id)
        .where(which)
        .order_by(ConflictItem.received_at, ConflictItem.id)
        .limit(200)
    )
    return [Waiting(row[0], row[1]) for row in session.execute(statement, execution_options=sight(actor))]
