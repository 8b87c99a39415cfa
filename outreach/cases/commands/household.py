"""A family turns out to be two, or two to be one, or the children are brothers and sisters: said in each case."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.models import Case
from outreach.cases.queries.inside import INSIDE
from outreach.children import households
from outreach.children.models import Child, Household
from outreach.errors import Refused


def split_household(session: Session, case: Case, *, child: Child, with_contacts: bool, by: Actor) -> Household:
    """Take a child out of the household of this case. Raises Refused when it is not one of its children."""
    household = household_of(session, case)
    if child.household_id != household.id:
        raise Refused("child_of_other_household")
    here = households.children_of(session, household.id)
    made = households.split_household(session, child, with_contacts=with_contacts, by=by)
    data: dict[str, Any] = {"child": child.id, "household": household.id, "made": made.id}
    _tell(session, here, "household_split", data, by)
    return made


def join_households(session: Session, case: Case, *, other: Household, by: Actor) -> None:
    """Bring the children of another household at the same address into that of this case."""
    household = household_of(session, case)
    moved = households.join_households(session, household, other, by=by)
    data = {"household": household.id, "joined": other.id, "children": [child.id for child in moved]}
    _tell(session, households.children_of(session, household.id), "household_joined", data, by)


def say_siblings(session: Session, case: Case, *, by: Actor) -> None:
    """The family said that these children are brothers and sisters."""
    household = household_of(session, case)
    if household.siblings_said_at is not None:
        return
    households.say_siblings(session, household, by=by)
    here = households.children_of(session, household.id)
    _tell(session, here, "siblings_said", {"household": household.id}, by)


def household_of(session: Session, case: Case) -> Household:
    """The household of the child of this case."""
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    return session.get_one(Household, child.household_id, execution_options=INSIDE)


def _tell(session: Session, children: Iterable[Child], kind: str, data: dict[str, Any], by: Actor) -> None:
    """One event in the open case of each of these children."""
    ids = [child.id for child in children]
    open_cases = select(Case).where(Case.child_id.in_(ids), Case.ended_at.is_(None)).order_by(Case.id)
    for case in session.scalars(open_cases, execution_options=INSIDE).all():
        record(session, case, kind, by=by, data=data)
