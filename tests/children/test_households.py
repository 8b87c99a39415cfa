"""One family becomes two, two become one; what was known before stays, and nobody is a sibling unsaid."""

from contextlib import suppress
from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, builtin
from outreach.children.households import children_of, join_households, say_siblings, split_household
from outreach.children.models import Child, FamilyContact, Household, HouseholdMembership
from outreach.database import seen_by
from outreach.errors import Refused
from outreach.extensions import db
from tests.ground.field import Field, make_field

READ = seen_by("test")


@pytest.fixture
def field(session: Session) -> Field:
    return make_field(session)


@pytest.fixture
def by(session: Session) -> Actor:
    return builtin(session, "console")


def household(session: Session, child: Child) -> Household:
    """The household a child is in."""
    return session.get_one(Household, child.household_id, execution_options=READ)


def present(session: Session, child: Child) -> list[int]:
    """The households a child is a member of now, by the rows."""
    statement = select(HouseholdMembership.household_id).where(
        HouseholdMembership.child_id == child.id, HouseholdMembership.until_at.is_(None)
    )
    return list(session.scalars(statement, execution_options=READ))


def grandmother(session: Session, household_id: int, by: Actor) -> None:
    """Somebody who may be rung."""
    contact = FamilyContact(
        household_id=household_id,
        name="Oma",
        relation="grandparent",
        phone="0470 00 00 00",
        school_may_ring=True,
        at=clock.now(),
        by_id=by.person_id,
    )
    session.add(contact)
    session.flush()


def contacts(session: Session, household_id: int) -> int:
    """How many may be rung for a household."""
    statement = select(func.count()).select_from(FamilyContact).where(FamilyContact.household_id == household_id)
    return session.scalar(statement, execution_options=READ) or 0


def test_two_families_at_one_address_become_one(field: Field, session: Session, by: Actor) -> None:
    milan, noor = field.child("Milan", date(2022, 3, 10)), field.child("Noor", date(2023, 6, 1))
    grandmother(session, noor.household_id, by)
    kept, joined = household(session, milan), household(session, noor)
    moved = join_households(session, kept, joined, by=by)
    assert moved == [noor]
    assert children_of(session, kept.id) == [milan, noor]
    assert contacts(session, kept.id) == 1
    assert present(session, noor) == [kept.id]
    rows = select(func.count()).select_from(HouseholdMembership).where(HouseholdMembership.child_id == noor.id)
    assert session.scalar(rows, execution_options=READ) == 2


def test_families_at_different_addresses_stay_apart(field: Field, session: Session, by: Actor) -> None:
    milan, noor = field.child("Milan", date(2022, 3, 10)), field.child("Noor", date(2023, 6, 1), number="13")
    with pytest.raises(Refused, match="household_elsewhere"):
        join_households(session, household(session, milan), household(session, noor), by=by)


@pytest.mark.parametrize("with_contacts", [True, False])
def test_a_child_of_another_family_gets_its_own_household(
    field: Field, session: Session, by: Actor, with_contacts: bool
) -> None:
    milan, noor = field.child("Milan", date(2022, 3, 10)), field.child("Noor", date(2023, 6, 1))
    join_households(session, household(session, milan), household(session, noor), by=by)
    grandmother(session, milan.household_id, by)
    made = split_household(session, noor, with_contacts=with_contacts, by=by)
    assert (noor.household_id, present(session, noor)) == (made.id, [made.id])
    assert made.address_key == household(session, milan).address_key
    assert contacts(session, made.id) == int(with_contacts)
    with pytest.raises(Refused, match="household_of_one"):
        split_household(session, milan, with_contacts=False, by=by)


def test_siblings_are_said_by_somebody_and_not_of_a_child_that_joins_later(
    field: Field, session: Session, by: Actor
) -> None:
    milan, noor, finn = (field.child(name, date(2022, 3, 10)) for name in ("Milan", "Noor", "Finn"))
    kept = household(session, milan)
    with pytest.raises(Refused, match="household_of_one"):
        say_siblings(session, kept, by=by)
    join_households(session, kept, household(session, noor), by=by)
    assert kept.siblings_said_at is None
    say_siblings(session, kept, by=by)
    assert kept.siblings_said_by_id == by.person_id
    join_households(session, kept, household(session, finn), by=by)
    assert kept.siblings_said_at is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)), max_size=8))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_said_every_child_is_in_exactly_one_household(
    sqlite_app: Flask, moves: list[tuple[bool, int, int]]
) -> None:
    """Five children at one address, split and joined at random: the rows and the child always agree."""
    with sqlite_app.app_context():
        session = db.session
        by = builtin(session, "console")
        children = [lives_there(session, f"Kind{n}", by) for n in range(5)]
        for split, one, other in moves:
            with suppress(Refused):
                if split:
                    split_household(session, children[one], with_contacts=True, by=by)
                else:
                    kept, joined = household(session, children[one]), household(session, children[other])
                    join_households(session, kept, joined, by=by)
        for child in children:
            assert present(session, child) == [child.household_id]
            assert child in children_of(session, child.household_id)
        session.rollback()


def lives_there(session: Session, name: str, by: Actor) -> Child:
    """A child alone in its household, at an address that several share."""
    now = clock.now()
    home = Household(address_key="sleepstraat|12||9000", reference_key="", created_at=now)
    session.add(home)
    session.flush()
    child = Child(
        first_name=name,
        last_name="Peeters",
        name_key=name,
        born_on=date(2022, 3, 1),
        household_id=home.id,
        created_at=now,
    )
    session.add(child)
    session.flush()
    session.add(HouseholdMembership(child_id=child.id, household_id=home.id, from_at=now, by_id=by.person_id))
    session.flush()
    return child
