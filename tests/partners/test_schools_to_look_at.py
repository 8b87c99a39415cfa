"""Schools that reports name and nobody knew: made by number, many at once, to be looked at."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.partners.commands import add_organisation, add_schools_to_look_at
from outreach.partners.models import SCHOOL, Organisation, OrganisationArea
from outreach.partners.queries import organisations, schools_numbered
from tests.ground.field import Field, make_field


@pytest.fixture
def field(session: Session) -> Field:
    return make_field(session)


def test_hundreds_at_once_are_schools_of_the_area_like_any_other(field: Field, session: Session) -> None:
    named = {f"{number:06}": f"School {number}" for number in range(100_000, 100_300)}
    before = len(organisations(session, area_id=field.area.id, kind=SCHOOL))
    made = add_schools_to_look_at(session, named, field.area)
    assert schools_numbered(session, [*named, "999999"]) == made
    assert len(organisations(session, area_id=field.area.id, kind=SCHOOL)) == before + 300
    one = session.get_one(Organisation, made["100007"])
    assert (one.key, one.name, one.number, one.language) == ("school-100007", "School 100007", "100007", "nl")
    assert one.unverified_since is not None


def test_one_whose_key_somebody_used_already_takes_its_number(field: Field, session: Session) -> None:
    known = add_organisation(session, key="school-100001", kind=SCHOOL, name="De Berk")
    made = add_schools_to_look_at(session, {"100001": "Basisschool De Berk", "100002": "De Beuk"}, field.area)
    assert made["100001"] == known.id
    session.refresh(known)
    assert (known.number, known.name) == ("100001", "Basisschool De Berk")
    serves = select(func.count(OrganisationArea.id)).where(OrganisationArea.organisation_id.in_(made.values()))
    assert session.scalar(serves) == 2


def test_a_number_that_is_none_is_refused(field: Field, session: Session) -> None:
    with pytest.raises(Refused, match="number_malformed"):
        add_schools_to_look_at(session, {"12": "De Wilg"}, field.area)
    assert add_schools_to_look_at(session, {}, field.area) == {}
