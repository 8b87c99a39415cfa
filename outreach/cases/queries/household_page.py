"""The household of a case and those that might be the same family, as far as somebody sees their children whole."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Case
from outreach.children.grants import Scope, sight, visible
from outreach.children.models import Child, Household

Children = dict[int, list[Child]]


@dataclass(frozen=True)
class Home:
    """A household with those of its children the reader sees whole, the oldest first."""

    household: Household
    children: list[Child]

    @property
    def names(self) -> str:
        """The first names."""
        return ", ".join(child.first_name for child in self.children)


def home_of(session: Session, actor: Actor, case: Case) -> Home:
    """The household of a case that was fetched as visible."""
    statement = select(Household).join(Child, Child.household_id == Household.id).where(Child.id == case.child_id)
    household = session.scalars(statement, execution_options=sight(actor)).one()
    return Home(household, _homes(session, actor, Household.id == household.id)[household.id])


def homes_beside(session: Session, actor: Actor, case: Case, household: Household) -> list[Home]:
    """Other households at the same address, box included: one family perhaps, if a person says so.

    A guarded case would give its address away: then only for the lead.
    """
    if not household.address_key or (case.secrecy is not None and case.lead_id != actor.organisation_id):
        return []
    same = and_(Household.address_key == household.address_key, Household.id != household.id)
    in_the_open = or_(Case.secrecy.is_(None), Case.lead_id == actor.organisation_id)
    found = _homes(session, actor, same, in_the_open)
    rows = session.scalars(select(Household).where(Household.id.in_(found)), execution_options=sight(actor))
    return [Home(row, found[row.id]) for row in sorted(rows, key=lambda row: row.id)]


def _homes(session: Session, actor: Actor, which: ColumnElement[bool], *cases: ColumnElement[bool]) -> Children:
    seen = select(Case.child_id).where(visible(actor, Case.id, Scope.FULL), *cases)
    statement = (
        select(Child)
        .join(Household, Household.id == Child.household_id)
        .where(which, Child.merged_into_id.is_(None), Child.id.in_(seen))
        .order_by(Child.born_on, Child.id)
    )
    found: Children = {}
    for child in session.scalars(statement, execution_options=sight(actor)):
        found.setdefault(child.household_id, []).append(child)
    return found
