"""Hundreds of children are written in another way than a few (COPY, plain tuples): what stands there is the same."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.children.commands import NewChild, add_children
from outreach.children.insz import Insz
from outreach.children.models import Child, Residence
from outreach.children.search_keys import search_checks
from outreach.database import seen_by
from tests.imports.files import number_of

READ = seen_by("tests")
MANY = 300
BORN = date(2023, 5, 1)
NOON = clock.moment_of(date(2026, 12, 15))


def listed(number: int) -> NewChild:
    """A child with a number of its own, two at an address."""
    insz = Insz(number_of(BORN, number + 1))
    house = str(number // 2)
    return NewChild(
        "Ayşe", f"Kaya {number}", BORN, insz, "Sleepstraat", house, "", "9000", "Gent", "44021", "Fatma Kaya"
    )


def written(session: Session, child_id: int) -> tuple[object, ...]:
    """A child as it is read back, without what is its own."""
    child = session.get_one(Child, child_id, execution_options=READ)
    home = session.scalars(select(Residence).where(Residence.child_id == child_id), execution_options=READ).one()
    assert child.insz is not None
    assert isinstance(child.created_at, datetime)
    own = (child.first_name, child.born_on, child.created_at, child.language, child.version, child.died_on)
    return (*own, home.street, home.kind, home.nis, home.from_at, home.until_at)


def test_many_children_stand_there_as_one_does(session: Session) -> None:
    by = builtin(session, "import")
    with clock.at(NOON):
        many = add_children(session, [listed(number) for number in range(MANY)], by=by)
        one = add_children(session, [listed(MANY)], by=by)
    ids = [child.id for child in many]
    assert ids == sorted(set(ids))
    assert one[0].id not in ids
    assert {written(session, child.id) for child in (*many, *one)} == {written(session, one[0].id)}
    assert len({child.household_id for child in many}) == MANY // 2
    numbers = session.scalars(select(Child.insz).where(Child.id.in_(ids)).order_by(Child.id), execution_options=READ)
    assert list(numbers) == [number_of(BORN, number + 1) for number in range(MANY)]
    assert [each.examples for each in search_checks(session) if each.examples] == []


def test_who_comes_after_many_gets_the_next_id(session: Session) -> None:
    by = builtin(session, "import")
    many = add_children(session, [listed(number) for number in range(MANY)], by=by)
    home = session.scalars(select(Residence).where(Residence.child_id == many[-1].id), execution_options=READ).one()
    home.until_at = NOON
    session.flush()
    moved = Residence(
        child_id=home.child_id,
        street="Dampoortstraat",
        number="1",
        box="",
        postcode="9000",
        municipality="Gent",
        nis="44021",
        address_key="dampoortstraat|1||9000",
        from_at=NOON + timedelta(days=1),
        by_id=by.person_id,
    )
    session.add(moved)
    session.flush()
    assert moved.id > home.id
