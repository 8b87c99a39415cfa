"""Who lives together as one family: split and join households, and the word of somebody that they are siblings."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.children.models import Child, FamilyContact, Household, HouseholdMembership, Residence, VisitWithTwo
from outreach.children.names import token_key
from outreach.children.search_keys import add_family_keys, grown_up_keys
from outreach.database import seen_by
from outreach.errors import Refused

_READ = seen_by("command: the children of a household that is changed by somebody who sees one of them whole")


def children_of(session: Session, household_id: int) -> list[Child]:
    """The children of a household, the oldest first; merged ones are not there any more."""
    statement = select(Child).where(Child.household_id == household_id, Child.merged_into_id.is_(None))
    return list(session.scalars(statement.order_by(Child.born_on, Child.id), execution_options=_READ))


def split_household(session: Session, child: Child, *, with_contacts: bool, by: Actor) -> Household:
    """A child turns out to be of another family at the same address: it gets a household of its own.

    `with_contacts`: those who may be rung for the household may be rung for this child too. Raises Refused when the
    child is alone in its household already.
    """
    return split_off(session, [child], with_contacts=with_contacts, by=by)


def split_off(
    session: Session, leaving: list[Child], *, with_contacts: bool, reference_person: str = "", by: Actor
) -> Household:
    """Some children of a household live elsewhere from now on: together they get a household of their own.

    Raises Refused when nobody would stay behind.
    """
    first = leaving[0]
    if len(children_of(session, first.household_id)) <= len(leaving):
        raise Refused("household_of_one")
    old = session.get_one(Household, first.household_id, execution_options=_READ)
    made = Household(
        address_key=_address_key(session, first, old),
        reference_person=reference_person or None,
        reference_key=token_key("", reference_person),
        siblings_said_at=None,
        siblings_said_by_id=None,
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    add_family_keys(session, {made.id: grown_up_keys(made.reference_person)})
    if with_contacts:
        _copy_contacts(session, old, made, by)
    _copy_warnings(session, old, made)
    _move(session, leaving, made, by)
    return made


def join_households(session: Session, kept: Household, joined: Household, *, by: Actor) -> list[Child]:
    """Two households at one address are one family: the children and contacts of `joined` go to `kept`.

    Nobody has said yet that all of them are brothers and sisters. Raises Refused when the address differs. Returns
    the children that moved.
    """
    if kept.id == joined.id:
        raise Refused("household_is_same")
    if not kept.address_key or kept.address_key != joined.address_key:
        raise Refused("household_elsewhere")
    kept.siblings_said_at = kept.siblings_said_by_id = None
    moving = children_of(session, joined.id)
    _copy_contacts(session, joined, kept, by)
    _copy_warnings(session, joined, kept)
    _move(session, moving, kept, by)
    return moving


def say_siblings(session: Session, household: Household, *, by: Actor) -> None:
    """Somebody of the family said that these children are brothers and sisters. Said twice it is said once."""
    if len(children_of(session, household.id)) < 2:
        raise Refused("household_of_one")
    if household.siblings_said_at is None:
        household.siblings_said_at = clock.now()
        household.siblings_said_by_id = by.person_id


def move_in(session: Session, child: Child, household: Household, *, by: Actor) -> None:
    """A child is of this family, as somebody said; that they are brothers and sisters is not said by it."""
    _move(session, [child], household, by)


def bring_along(session: Session, source: Household, target: Household, by: Actor) -> None:
    """Who may be rung for one household may be rung for the other too, unless they are there; so may a warning."""
    statement = select(FamilyContact).where(FamilyContact.household_id == target.id, FamilyContact.ended_at.is_(None))
    there = {(one.name, one.phone, one.email) for one in session.scalars(statement, execution_options=_READ)}
    _copy_contacts(session, source, target, by, besides=there)
    _copy_warnings(session, source, target)


def _move(session: Session, children: list[Child], household: Household, by: Actor) -> None:
    """The membership rows of before stay, ended."""
    now = clock.now()
    ids = [child.id for child in children]
    present = select(HouseholdMembership).where(
        HouseholdMembership.child_id.in_(ids), HouseholdMembership.until_at.is_(None)
    )
    for row in session.scalars(present, execution_options=_READ):
        row.until_at = now
    for child in children:
        child.household_id = household.id
        session.add(
            HouseholdMembership(
                child_id=child.id, household_id=household.id, from_at=now, until_at=None, by_id=by.person_id
            )
        )
    session.flush()


def _copy_contacts(
    session: Session,
    source: Household,
    target: Household,
    by: Actor,
    besides: Collection[tuple[str, str | None, str | None]] = (),
) -> None:
    living = select(FamilyContact).where(FamilyContact.household_id == source.id, FamilyContact.ended_at.is_(None))
    for contact in session.scalars(living.order_by(FamilyContact.id), execution_options=_READ).all():
        if (contact.name, contact.phone, contact.email) in besides:
            continue
        session.add(
            FamilyContact(
                household_id=target.id,
                name=contact.name,
                relation=contact.relation,
                phone=contact.phone,
                email=contact.email,
                language=contact.language,
                school_may_ring=contact.school_may_ring,
                at=clock.now(),
                ended_at=None,
                by_id=by.person_id,
            )
        )
        add_family_keys(session, {target.id: grown_up_keys(contact.name, contact.phone)})


def _copy_warnings(session: Session, source: Household, target: Household) -> None:
    """Who is visited by two stays so, in whichever household: until the same day, as the same person said."""
    standing = select(VisitWithTwo).where(VisitWithTwo.household_id == source.id, VisitWithTwo.ended_at.is_(None))
    for said in session.scalars(standing.order_by(VisitWithTwo.id), execution_options=_READ).all():
        session.add(
            VisitWithTwo(
                household_id=target.id,
                reason=said.reason,
                until_on=said.until_on,
                at=said.at,
                by_id=said.by_id,
                ended_at=None,
                ended_by_id=None,
            )
        )


def _address_key(session: Session, child: Child, household: Household) -> str:
    present = select(Residence.address_key).where(Residence.child_id == child.id, Residence.until_at.is_(None))
    return session.scalar(present, execution_options=_READ) or household.address_key
