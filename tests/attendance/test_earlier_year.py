"""The allowance is lost only after two years running: what is known of the year before is said truly, or not at all."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.attendance.models import Pupil
from outreach.attendance.queries.earlier_year import earlier_year
from outreach.schoolyear import school_year_of
from tests.attendance.kleuters import BORN, EASTER, attended, pupil_id, report
from tests.cases.conftest import SignIn, sign_in
from tests.ground.field import Field, make_field
from tests.imports.loading import READ

__all__ = ["sign_in"]

LAST_JUNE = date(2026, 6, 30)
FIVE = date(2020, 6, 13)
"""Turned five in 2025, so that 290 half days were asked, presence and accepted absences."""


@pytest.fixture
def field(session: Session) -> Iterator[Field]:
    """April 2027; Ayaan is four, and was three the year before, when 150 half days were asked."""
    with clock.at(clock.parse_moment("2027-04-20T10:00")):
        yield make_field(session)


def known(field: Field, name: str = "Ayaan") -> tuple[int, int, bool] | None:
    pupil = field.session.get_one(Pupil, pupil_id(field.session, name), execution_options=READ)
    found = earlier_year(field.session, field.school, pupil, school_year_of(EASTER))
    return (found.counted, found.wanted, found.missed) if found else None


@pytest.mark.parametrize(
    ("as_of", "present", "possible", "expected"),
    [
        (LAST_JUNE, 149, 320, (149, 150, True)),
        (LAST_JUNE, 150, 320, (150, 150, False)),
        (date(2026, 4, 30), 160, 250, (160, 150, False)),
        (date(2026, 4, 30), 40, 250, (40, 150, True)),
        (date(2026, 4, 30), 120, 250, None),
        (date(2025, 6, 30), 10, 320, None),
    ],
)
def test_reached_out_of_reach_or_silent(
    field: Field, as_of: date, present: int, possible: int, expected: tuple[int, int, bool] | None
) -> None:
    """A report of April that could still go either way says nothing, nor does one of two years ago."""
    report(field, as_of, attended("Ayaan", present, possible))
    report(field, EASTER, attended("Ayaan", 60, 229))
    assert known(field) == expected


def test_of_a_five_year_old_whose_accepted_absences_nobody_told_nothing_is_said(field: Field) -> None:
    report(field, LAST_JUNE, attended("Ayaan", 280, 320, born_on=FIVE))
    report(field, EASTER, attended("Ayaan", 60, 229, born_on=FIVE))
    assert known(field) is None
    report(field, LAST_JUNE, attended("Ayaan", 280, 320, born_on=FIVE, accepted=10))
    assert known(field) == (290, 290, False)


def test_another_number_of_the_same_child_at_this_school_counts_and_one_elsewhere_does_not(
    field: Field,
) -> None:
    session = field.session
    child = field.child("Ayaan", BORN)
    report(field, LAST_JUNE, attended("Vorig", 100, 320))
    report(field, LAST_JUNE, attended("Elders", 300, 320), school="de-wilg")
    report(field, EASTER, attended("Ayaan", 60, 229))
    assert known(field) is None
    session.execute(update(Pupil).values(child_id=child.id), execution_options=READ)
    session.expire_all()
    assert known(field) == (100, 150, True)


@pytest.mark.parametrize(
    ("present", "page", "sheet"),
    [
        (100, "Ook vorig schooljaar waren het er te weinig: 100 van de 150.", "Vorig schooljaar waren het er 100"),
        (200, "Vorig schooljaar was het aantal er: 200, gevraagd waren er 150.", "Vorig schooljaar waren het er 200"),
    ],
)
def test_page_and_sheet_say_it(sign_in: SignIn, field: Field, present: int, page: str, sheet: str) -> None:
    report(field, LAST_JUNE, attended("Ayaan", present, 320))
    report(field, EASTER, attended("Ayaan", 10, 229))
    field.session.commit()
    url = f"/attendance/pupils/{pupil_id(field.session, 'Ayaan')}"
    field.session.rollback()
    sofie = sign_in(field.school)
    assert page in sofie.open(url).text
    assert sheet in sofie.open(f"{url}/sheet").text


def test_without_a_report_of_that_year_both_are_silent(sign_in: SignIn, field: Field) -> None:
    report(field, EASTER, attended("Ayaan", 10, 229))
    field.session.commit()
    url = f"/attendance/pupils/{pupil_id(field.session, 'Ayaan')}"
    field.session.rollback()
    sofie = sign_in(field.school)
    for also in ("", "/sheet"):
        assert "orig schooljaar" not in sofie.open(url + also).text
