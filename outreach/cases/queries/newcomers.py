"""Before a child is entered by hand: who is it already, surely or probably, and which family lives at its address."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Case
from outreach.cases.queries.beside import Record, records_seen
from outreach.cases.queries.guarded import in_the_open
from outreach.cases.queries.inside import INSIDE
from outreach.children.commands import NewChild, insz_index
from outreach.children.grants import Scope, sight, visible
from outreach.children.likeness import Likeness, Portrait, compare_children
from outreach.children.matching import Sought, match_children
from outreach.children.models import Child, Household
from outreach.children.names import name_key
from outreach.children.resembling import portraits, resembling
from outreach.partners.models import Organisation


@dataclass(frozen=True)
class Known:
    """A child that is surely or probably the newcomer; `record` is None for who may not see it: then only who
    coordinates it is told."""

    sure: bool
    likeness: Likeness
    coordinator: str
    record: Record | None


@dataclass(frozen=True)
class Family:
    """A household at the same address, as far as its children are seen whole."""

    household: Household
    children: tuple[str, ...]


def surely_known(session: Session, newcomer: NewChild) -> int | None:
    """The child this is: by its number, or by birth date, names and address."""
    key = name_key(newcomer.first_name, newcomer.last_name)
    sought = Sought(insz_index(newcomer.insz), newcomer.born_on, key, newcomer.address_key)
    match = match_children(session, [sought])[0]
    return match.child_id if match else None


def known_like(session: Session, actor: Actor, newcomer: NewChild) -> list[Known]:
    """Who this child surely is, else whom it probably is, the likeliest first."""
    portrait = Portrait(
        newcomer.first_name,
        newcomer.last_name,
        newcomer.born_on,
        newcomer.insz,
        newcomer.address_key,
        newcomer.reference_person,
    )
    sure = surely_known(session, newcomer)
    if sure is None:
        alike = [(one.child_id, one.likeness) for one in resembling(session, [portrait])]
    else:
        alike = [(sure, compare_children(portrait, portraits(session, [sure])[sure]))]
    cases = _cases_of(session, [child_id for child_id, _ in alike])
    seen = records_seen(session, actor, [case_id for case_id, _ in cases.values()])
    return [
        Known(sure is not None, likeness, cases[child_id][1], seen.get(cases[child_id][0]))
        for child_id, likeness in alike
        if child_id in cases
    ]


def families_at(session: Session, actor: Actor, address_key: str) -> list[Family]:
    """The households at this address whose children this person sees whole, unless the address is kept from them."""
    if not address_key:
        return []
    statement = (
        select(Household, Child.first_name)
        .join(Child, Child.household_id == Household.id)
        .join(Case, Case.child_id == Child.id)
        .where(Household.address_key == address_key, Child.merged_into_id.is_(None), Child.died_on.is_(None))
        .where(visible(actor, Case.id, Scope.FULL), in_the_open(actor))
        .order_by(Household.id, Child.born_on, Child.id)
    )
    names: dict[int, tuple[Household, dict[str, None]]] = {}
    for household, first_name in session.execute(statement, execution_options=sight(actor)):
        names.setdefault(household.id, (household, {}))[1][first_name] = None
    return [Family(household, tuple(children)) for household, children in names.values()]


def _cases_of(session: Session, child_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """The open case of each child, else its newest, with the name of who leads it."""
    statement = (
        select(Case.child_id, Case.id, Organisation.name)
        .join(Organisation, Organisation.id == Case.lead_id)
        .where(Case.child_id.in_(child_ids))
        .order_by(Case.ended_at.is_(None), Case.id)
    )
    rows = session.execute(statement, execution_options=INSIDE)
    return {child_id: (case_id, name) for child_id, case_id, name in rows}
