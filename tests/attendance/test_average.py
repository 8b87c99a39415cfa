"""A school sees itself and the average of its area: no other school, and nothing it could reckon one from."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from outreach import clock
from outreach.attendance.queries.school import area_average, latest_reports
from tests.attendance.kleuters import EASTER, attended, report
from tests.attendance.test_area_counts import school
from tests.cases.conftest import SignIn, sign_in
from tests.ground.field import Field, make_field

__all__ = ["sign_in"]

FOUR = [(6, 14)] * 4


@pytest.fixture
def field(session: Session) -> Iterator[Field]:
    """End of March 2027: of twenty kleuters of De Linde ten are at risk."""
    with clock.at(clock.parse_moment("2027-03-30T10:00")):
        made = make_field(session)
        told = [attended(f"Kind{n}", 40 if n < 10 else 229, 229) for n in range(20)]
        report(made, EASTER, *told)
        yield made


def others(field: Field, counts: list[tuple[int, int]]) -> None:
    """Other schools of the area, with kleuters at risk and not."""
    for place, (at_risk, fine) in enumerate(counts):
        school(field.session, field, f"Buur{place}", at_risk=at_risk, fine=fine, shares=True)


@pytest.mark.parametrize(
    ("counts", "percent"),
    [
        ([], None),
        ([(6, 14)], None),
        ([(6, 14)] * 2, None),
        ([(6, 14)] * 3, None),
        (FOUR, 34),
        ([(1, 19), (1, 19), (1, 19), (1, 19)], None),
        ([(1, 19), (1, 19), (1, 19), (2, 19)], 15),
        ([(19, 1), (19, 1), (19, 1), (19, 1)], None),
        ([(0, 20)] * 6, None),
        ([(1, 2), (1, 2), (1, 2), *FOUR], 34),
    ],
)
def test_an_average_is_shown_where_taking_ones_own_away_tells_of_nobody(
    field: Field, counts: list[tuple[int, int]], percent: int | None
) -> None:
    """Four other schools of five kleuters or more, and among theirs neither few at risk nor few who are not."""
    others(field, counts)
    newest = latest_reports(field.session, field.school, field.organisations["de-linde"].id)[0]
    found = area_average(field.session, field.school, newest)
    assert (found.percent if found else None) == percent


def test_the_page_shows_ones_own_school_beside_the_average_and_names_no_other(sign_in: SignIn, field: Field) -> None:
    others(field, FOUR)
    page = sign_in(field.school).open("/attendance").text
    assert "50 % van je kleuters" in page
    assert "34 %, over 5 scholen" in page
    assert "Buur" not in page


def test_with_too_few_schools_the_page_says_why_there_is_none(sign_in: SignIn, field: Field) -> None:
    others(field, FOUR[:1])
    page = sign_in(field.school).open("/attendance").text
    assert "te weinig andere scholen" in page
    assert "30 %" not in page
