"""A child on no list gets a case by hand, unless it is one we know."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.commands.entering import enter_case
from outreach.cases.queries.newcomers import families_at, known_like
from outreach.cases.queries.verify import case_checks
from outreach.children.commands import NewChild
from outreach.children.insz import Insz
from outreach.children.models import Child, Household
from outreach.errors import Refused
from tests.cases.commands.test_one_child import READ
from tests.ground.field import Field, make_field
from tests.imports.generated import number_for

BORN = date(2023, 3, 10)
NUMBER = Insz(number_for(BORN, 999))


@pytest.fixture
def field(session: Session) -> Field:
    return make_field(session)


def newcomer(first_name: str = "Ayaan", last_name: str = "Safi", born_on: date = BORN, **known: str) -> NewChild:
    """Somebody of the Sleepstraat."""
    place = {"street": "Sleepstraat", "number": "12", "postcode": "9000", "municipality": "Gent"} | known
    return NewChild(first_name, last_name, born_on, None, box="", nis="44021", **place)


def numbered(first_name: str) -> NewChild:
    """The same place, with a number."""
    return NewChild(first_name, "Safi", BORN, NUMBER, "Sleepstraat", "12", "", "9000", "Gent", "44021")


def test_a_case_opens_at_intake_with_who_coordinates(field: Field, session: Session) -> None:
    """Wim met the child in the park: the LOP leads, and he accompanies the family."""
    case = enter_case(session, newcomer(), area=field.area, household=None, by=field.worker)
    assert (case.origin, case.lead_id, case.companion_id) == (
        "by_hand",
        field.area.coordinator_id,
        field.worker.person_id,
    )
    own = enter_case(session, newcomer("Noor"), area=field.area, household=None, by=field.coordinator)
    assert own.companion_id is None
    assert [each for each in case_checks(session) if not each.ok] == []


def test_who_is_surely_known_gets_no_second_case(field: Field, session: Session) -> None:
    enter_case(session, numbered("Ayaan"), area=field.area, household=None, by=field.coordinator)
    for again in (numbered("Somebody"), newcomer("AYAAN", "SAFI")):
        with pytest.raises(Refused, match="child_known"):
            enter_case(session, again, area=field.area, household=None, by=field.coordinator)


def test_who_is_probably_known_is_shown_first(field: Field, session: Session) -> None:
    case = enter_case(session, newcomer(), area=field.area, household=None, by=field.coordinator)
    (found,) = known_like(session, field.coordinator, newcomer("Ayan", "Saffi", street="Kerkstraat"))
    assert (found.sure, found.coordinator) == (False, "LOP Gent")
    assert found.record is not None
    assert found.record.case.id == case.id
    assert known_like(session, field.coordinator, newcomer("Hodan")) == []


def test_of_a_child_of_another_area_only_who_coordinates_is_told(field: Field, session: Session) -> None:
    other = make_field(session, key="antwerpen", nis=("11002",))
    enter_case(session, newcomer(), area=other.area, household=None, by=other.coordinator)
    (found,) = known_like(session, field.worker, newcomer("Ayan"))
    assert (found.record, found.coordinator) == (None, "LOP Antwerpen")


def test_a_family_at_the_address_is_offered_and_nobody_called_brother_or_sister(field: Field, session: Session) -> None:
    enter_case(session, newcomer(), area=field.area, household=None, by=field.coordinator)
    key = newcomer().address_key
    (family,) = families_at(session, field.coordinator, key)
    assert family.children == ("Ayaan",)
    enter_case(session, newcomer("Hodan"), area=field.area, household=family.household, by=field.coordinator)
    homes = set(session.scalars(select(Child.household_id), execution_options=READ))
    assert homes >= {family.household.id}
    assert families_at(session, field.coordinator, key)[0].children == ("Ayaan", "Hodan")
    household = session.get_one(Household, family.household.id, execution_options=READ)
    assert household.siblings_said_at is None
    assert families_at(session, field.guide, key) == [], "who sees none of them whole is told of no family"
