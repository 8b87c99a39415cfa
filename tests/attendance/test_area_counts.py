"""Who coordinates an area sees counts: no name, no small number, no school by itself that did not agree."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from outreach import clock
from outreach.attendance.commands.receiving import Attended, Terms, receive_reports
from outreach.attendance.commands.sharing import share_counts
from outreach.attendance.models import CountsShared
from outreach.attendance.queries.area import area_counts
from outreach.partners.commands import add_agreement, add_organisation, serve_area
from tests.cases.conftest import SignIn, sign_in
from tests.ground.field import Field, make_field
from tests.imports.loading import number_of_rows

__all__ = ["sign_in"]


@pytest.fixture
def field(session: Session) -> Field:
    return make_field(session)


@pytest.fixture(autouse=True)
def march(session: Session) -> Iterator[None]:
    """It is the end of March 2027."""
    with clock.at(clock.parse_moment("2027-03-30T10:00")):
        yield


def school(session: Session, field: Field, name: str, *, at_risk: int, fine: int, shares: bool) -> None:
    """A school of the area with a report of 26 March, and whether it lets its counts be seen."""
    days = {"from_on": date(2026, 9, 1), "until_on": date(2027, 8, 31)}
    agreement = add_agreement(
        session, key=f"deelname-{name}", area=field.area, source="participation", reference="protocol", **days
    )
    made = add_organisation(session, key=f"school-{name}".lower(), kind="school", name=f"School {name}")
    serve_area(session, organisation=made, area=field.area)
    session.flush()
    told = [
        Attended(f"{name}-{n}", f"Kind{name}{n}", "Safi", 2022, None, "K2", "", None, 40 if n < at_risk else 236, 236)
        for n in range(at_risk + fine)
    ]
    terms = Terms(date(2027, 3, 26), field.area.id, agreement.id, "batch:1")
    receive_reports(session, {made.id: told}, terms, by=field.coordinator)
    if shares:
        share_counts(session, made.id, shares=True, by=field.coordinator)
    session.flush()


def test_a_coordinator_sees_the_total_and_the_schools_that_agreed_by_name_and_no_kleuter(
    sign_in: SignIn, field: Field, session: Session
) -> None:
    for name, shares in (("Wilg", True), ("Berk", False), ("Eik", False), ("Els", False), ("Abeel", True)):
        school(session, field, name, at_risk=6, fine=14, shares=shares)
    page = sign_in(field.coordinator).open("/attendance/areas").text
    assert "30 % van de kleuters met risico" in page
    assert "30 van de 100 kleuters" in page
    assert re.findall(r"School (\w+)", page) == ["Abeel", "Wilg"], "by name, and nobody else"
    assert "3 ervan houden de eigen cijfers binnen" in page
    assert "Safi" not in page
    assert "Kind" not in re.sub(r"Kind en Gezin", "", page)


@pytest.mark.parametrize(
    ("schools", "total", "shown", "held_back"),
    [
        ([(6, 14, False)], None, [], False),
        ([(6, 14, True)], 20, [20], False),
        ([(2, 2, False), (1, 9, False), (0, 9, False)], None, [], False),
        ([(6, 14, True), (6, 14, True), (7, 20, False)], 67, [], True),
        ([(6, 14, True), (6, 14, False), (6, 14, False)], 60, [], True),
        ([(6, 14, True), (6, 14, False), (6, 14, False), (6, 14, False)], 80, [20], False),
        ([(6, 14, True), (1, 1, False), (1, 1, False), (1, 1, False)], 26, [], True),
        ([(6, 14, True), (6, 14, True), (2, 14, True)], 56, [], True),
        ([(6, 14, True), (4, 14, True), (3, 14, True), (3, 14, False)], 72, [20, None, None], False),
    ],
)
def test_no_number_is_small_and_none_can_be_reckoned_back_to_a_silent_school(
    field: Field,
    session: Session,
    schools: list[tuple[int, int, bool]],
    total: int | None,
    shown: list[int | None],
    held_back: bool,
) -> None:
    for place, (at_risk, fine, shares) in enumerate(schools):
        school(session, field, f"S{place}", at_risk=at_risk, fine=fine, shares=shares)
    found = area_counts(session, field.coordinator, field.area)
    assert (found.total.children if found.total else None) == total
    assert [one.counted.children if one.counted else None for one in found.shown] == shown
    assert found.held_back is held_back


def test_a_school_says_itself_whether_its_counts_are_seen(sign_in: SignIn, field: Field, session: Session) -> None:
    sofie = sign_in(field.school)
    for answer in ("yes", "yes", "no"):
        assert sofie.send("/attendance/sharing", shares=answer).location == "/attendance#sharing"
    assert number_of_rows(session, CountsShared) == [2], "each change is kept, nothing twice"


def test_who_coordinates_no_area_is_told_so(sign_in: SignIn, field: Field, session: Session) -> None:
    school(session, field, "Wilg", at_risk=6, fine=14, shares=True)
    page = sign_in(field.person("Kaat", "kg-gent", "coordinator")).open("/attendance/areas").text
    assert "coördineert geen gebied" in page
    assert "School Wilg" not in page
