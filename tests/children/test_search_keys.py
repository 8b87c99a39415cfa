"""Whoever becomes known can be looked for from that moment, and verify notices who cannot."""

from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import builtin
from outreach.cases.commands.door import add_child_at_door
from outreach.cases.commands.family import add_contact, change_contact
from outreach.cases.commands.household import split_household
from outreach.cases.queries.search import search_cases
from outreach.children.commands import NewChild, add_children
from outreach.children.models import Child, ChildSearchKey, FamilySearchKey
from outreach.children.search import name_keys
from outreach.children.search_keys import search_checks
from outreach.database import seen_by
from tests.ground.field import Field, make_field

READ = seen_by("test")


@pytest.fixture
def field(session: Session) -> Field:
    return make_field(session)


def broken(session: Session) -> list[str]:
    """The checks that found something."""
    session.flush()
    return [each.key for each in search_checks(session) if not each.ok]


def listed(first_name: str, last_name: str, reference_person: str = "") -> NewChild:
    """A child of a list, all at one address."""
    return NewChild(
        first_name, last_name, date(2023, 5, 1), None, "Sleepstraat", "1", "", "9000", "Gent", "44021", reference_person
    )


def test_the_children_of_a_list_and_their_reference_person_get_their_keys(session: Session) -> None:
    children = [listed("Ayşe", "Yılmaz", "Yılmaz Fatma"), listed("Ömer", "Yılmaz", "Yılmaz Fatma"), listed("Noor", "")]
    made = add_children(session, children, by=builtin(session, "import"))
    rows = session.execute(select(ChildSearchKey.child_id, ChildSearchKey.key), execution_options=READ).all()
    for child in made:
        assert {key for child_id, key in rows if child_id == child.id} == name_keys(child.first_name, child.last_name)
    families = session.scalars(select(FamilySearchKey.key), execution_options=READ).all()
    assert set(families) == name_keys("Yılmaz Fatma")
    assert broken(session) == []


def test_verify_names_the_child_and_the_household_that_lack_a_key(session: Session) -> None:
    aya, noor = add_children(
        session,
        [listed("Aya", "Van den Broecke", "Sara Claes"), listed("Noor", "Peeters")],
        by=builtin(session, "import"),
    )
    session.execute(delete(ChildSearchKey).where(ChildSearchKey.child_id == noor.id))
    session.execute(delete(FamilySearchKey).where(FamilySearchKey.key == "sr"))
    checks = {each.key: each for each in search_checks(session)}
    assert checks["children_can_be_searched"].examples == (str(noor.id),)
    assert checks["families_can_be_searched"].examples == (str(aya.household_id),)


def test_a_child_met_at_the_door_is_found(session: Session, field: Field) -> None:
    case = field.case("Lotte", date(2022, 3, 10))
    add_child_at_door(
        session,
        case,
        first_name="Joséphine",
        last_name="De Smedt",
        born_on=date(2023, 5, 1),
        insz=None,
        by=field.worker,
    )
    found = search_cases(session, field.coordinator, "josefien de smet").shown
    assert [one.child.name for one in found if one.child] == ["Joséphine De Smedt"]
    assert broken(session) == []


def test_a_mother_who_is_called_otherwise_is_found_so_and_no_longer_as_before(session: Session, field: Field) -> None:
    case = field.case("Lotte", date(2022, 3, 10))
    told = {"relation": "mother", "language": None, "by": field.worker}
    mother = add_contact(session, case, name="An Claes", phone="0470123456", email=None, school_may_ring=False, **told)
    add_contact(session, case, name="Tom Claes", phone="0499123456", email=None, school_may_ring=False, **told)
    change_contact(session, case, mother, name="Ann Verstraete", phone="0471123456", **told)

    def finds(words: str) -> bool:
        return bool(search_cases(session, field.coordinator, words).shown)

    assert finds("ann verstraten")
    assert finds("0471 12 34 56")
    assert finds("tom claes")
    assert not finds("0470 12 34 56")
    assert broken(session) == []


def test_a_family_that_is_split_with_its_contacts_is_found_by_both(session: Session, field: Field) -> None:
    case = field.case("Lotte", date(2022, 3, 10))
    told = {"relation": "mother", "language": None, "by": field.worker}
    add_contact(session, case, name="An Claes", phone="0470123456", email=None, school_may_ring=False, **told)
    at_door = {"born_on": date(2023, 5, 1), "insz": None, "by": field.worker}
    second = add_child_at_door(session, case, first_name="Emma", last_name="Claes", **at_door)
    emma = session.get_one(Child, second.child_id, execution_options=READ)
    split_household(session, case, child=emma, with_contacts=True, by=field.worker)
    found = search_cases(session, field.coordinator, "0470 12 34 56").shown
    assert {one.child.first_name for one in found if one.child} == {"Lotte", "Emma"}
    assert broken(session) == []
