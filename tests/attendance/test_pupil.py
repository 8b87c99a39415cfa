"""The page of one kleuter: who may see it, what it says of each purpose, and a picture that is true to what is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, strategies as st
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.models import Reading
from outreach.attendance.chart import BOTTOM, LEFT, RIGHT, TOP, draw
from outreach.attendance.picture import ABSENCES, Known, Mark, Total, months, stretches
from outreach.attendance.projection import Presence, project
from outreach.extensions import db
from outreach.schoolyear import SchoolCalendar, school_year_of
from tests.attendance.kleuters import CHRISTMAS, EASTER, EVERYBODY, attended, pupil_id, report, report_days
from tests.cases.conftest import SignIn, sign_in
from tests.ground.field import Field, make_field
from tests.ground.pages import without_tokens

__all__ = ["sign_in"]

CALENDAR = SchoolCalendar()
YEAR = school_year_of(CHRISTMAS)
EVERY_DAY = [date.fromordinal(n) for n in range(date(2026, 9, 1).toordinal(), date(2027, 7, 1).toordinal())]
HALVES = [(day, half) for day in EVERY_DAY for half in range(1, CALENDAR.half_days_on(day) + 1)]


@pytest.fixture
def field(session: Session) -> Iterator[Field]:
    """It is April 2027."""
    with clock.at(clock.parse_moment("2027-04-20T10:00")):
        yield make_field(session)


def page_of(field: Field, name: str, also: str = "") -> str:
    field.session.commit()
    found = pupil_id(field.session, name)
    field.session.rollback()
    return f"/attendance/pupils/{found}{also}"


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_school_sees_its_own_kleuter_and_nobody_else_does(sign_in: SignIn, field: Field, name: str) -> None:
    """For whom could have kleuters, this one does not exist; others have no business here."""
    organisation, role = EVERYBODY[name]
    status = 200 if name == "Sofie" else 404 if role in ("school-contact", "bridge-person") else 403
    report(field, EASTER, attended("Ayaan", 118, 229))
    visitor = sign_in(field.person(name, organisation, role))
    for also in ("", "/sheet"):
        answer = visitor.open(page_of(field, "Ayaan", also))
        assert answer.status_code == status
        assert ("Ayaan" in answer.text) == (status == 200)


def test_opening_it_is_noted_and_changes_nothing_else(sign_in: SignIn, field: Field, app: Flask) -> None:
    report(field, EASTER, attended("Ayaan", 118, 229))
    url = page_of(field, "Ayaan")
    sofie = sign_in(field.school)
    sofie.open("/attendance")
    written: list[str] = []
    with app.app_context(), listening(db.engine, written):
        sofie.open(url)
        sofie.open(f"{url}/sheet")
    assert len(written) == 1
    assert written[0].startswith("INSERT INTO reading ")
    noted = field.session.scalars(select(Reading.subject)).all()
    assert f"pupil:{url.rpartition('/')[2]}" in noted


@contextmanager
def listening(engine: Engine, written: list[str]) -> Iterator[None]:
    """Collect every statement that writes."""

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    yield
    event.remove(engine, "before_cursor_execute", hear)


def test_each_purpose_stands_apart_with_its_own_basis(sign_in: SignIn, field: Field) -> None:
    """At five: 200 there and 20 accepted are 220 for allowance and compulsory schooling, 200 for primary school."""
    report(field, EASTER, attended("Noor", 200, 229, born_on=date(2021, 3, 2), accepted=20, unlawful=3))
    page = without_tokens(sign_in(field.school).open(page_of(field, "Noor")).text)
    assert page.count("220 van de 290 halve dagen") == 2
    assert page.count("200 van de 290 halve dagen") == 1
    assert "CLB" not in page, "three unlawful half days are no matter of the CLB yet"


@pytest.mark.parametrize(("born", "said"), [(date(2021, 3, 2), True), (date(2022, 6, 13), False)])
def test_from_five_unlawful_half_days_at_five_the_clb_looks_along(
    sign_in: SignIn, field: Field, born: date, said: bool
) -> None:
    report(field, EASTER, attended("Noor", 200, 229, born_on=born, unlawful=5))
    page = sign_in(field.school).open(page_of(field, "Noor")).text
    assert ("5 halve dagen zonder aanvaarde reden" in page) == said


def test_accepted_absences_nobody_tells_are_said_to_be_unknown(sign_in: SignIn, field: Field) -> None:
    report(field, EASTER, attended("Noor", 200, 229, born_on=date(2021, 3, 2)))
    assert "noemt geen aanvaarde afwezigheden" in sign_in(field.school).open(page_of(field, "Noor")).text


def test_a_kleuter_that_a_corrected_report_left_out_has_a_page_that_says_so(sign_in: SignIn, field: Field) -> None:
    report(field, EASTER, attended("Ayaan", 118, 229))
    report(field, EASTER, attended("Mia", 118, 229))
    sofie = sign_in(field.school)
    for also in ("", "/sheet"):
        assert "Geen rapport noemt dit kind nog" in sofie.open(page_of(field, "Ayaan", also)).text


def test_a_kleuter_that_left_is_shown_as_it_was(sign_in: SignIn, field: Field) -> None:
    report(field, CHRISTMAS, attended("Ayaan", 60, 132))
    report(field, EASTER, attended("Mia", 118, 229))
    assert "noemt dit kind niet meer" in sign_in(field.school).open(page_of(field, "Ayaan")).text


def test_the_sheet_speaks_no_jargon_and_threatens_nobody(sign_in: SignIn, field: Field) -> None:
    """Even for a child of whom the number cannot be reached any more."""
    report(field, EASTER, attended("Ayaan", 10, 229))
    sheet = sign_in(field.school).open(page_of(field, "Ayaan", "/sheet")).text
    sheet = sheet[sheet.index("<article") : sheet.index("</article")]
    for word in ("drempel", "toeslag", "risico", "haalbaar", "ongewettigd", "verlies", "te weinig", "moet", "185"):
        assert word not in sheet, word
    assert "begint het tellen opnieuw" in sheet


def test_a_month_shows_the_very_half_days_that_were_missed(sign_in: SignIn, field: Field) -> None:
    report_days(
        field,
        CHRISTMAS,
        {"Lou": {(date(2026, 10, 5), 1): "A", (date(2026, 10, 6), 1): "A", (date(2026, 10, 6), 2): "A"}},
    )
    page = sign_in(field.school).open(page_of(field, "Lou")).text
    assert "gemist: ma 5 voormiddag, di 6" in page


def test_before_the_days_are_told_the_totals_stand(sign_in: SignIn, field: Field) -> None:
    report(field, CHRISTMAS, attended("Lou", 100, 132))
    report_days(field, EASTER, {"Lou": {(date(2027, 1, 5), 1): "A"}})
    page = sign_in(field.school).open(page_of(field, "Lou")).text
    assert "100 van de 132 halve dagen op school; welke, zegt het rapport niet" in page
    assert "gemist: di 5 voormiddag" in page


@given(
    absent=st.sets(st.sampled_from(HALVES)), entry=st.sampled_from(EVERY_DAY[:200]), as_of=st.sampled_from(EVERY_DAY)
)
def test_the_marks_of_a_picture_are_the_half_days_of_the_calendar(absent, entry, as_of) -> None:
    """Every half day of the year is drawn once, told ones as many as were possible, missed ones as many as told."""
    known = Known(entry, as_of, (), entry, as_of, dict.fromkeys(absent, "A"))
    drawn = [
        (day.on, half, mark)
        for month in months(YEAR, known, CALENDAR)
        for day in month.days
        for half, mark in enumerate(day.marks, 1)
    ]
    assert [(on, half) for on, half, _ in drawn] == HALVES
    told = [each for each in drawn if each[2] in (Mark.PRESENT, *ABSENCES)]
    assert len(told) == CALENDAR.half_days_between(entry, as_of)
    assert {(on, half) for on, half, mark in told if mark in ABSENCES} == {
        each for each in absent if entry <= each[0] <= as_of
    }


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=6))
def test_stretches_add_up_to_the_newest_total(steps) -> None:
    """Whatever reports said before, also when one takes back what another told."""
    totals, present, possible = [], 0, 0
    for place, (there, missed) in enumerate(steps):
        present, possible = present + there, possible + there + missed
        totals.append(Total(date(2026, 10, 1 + place), present, possible))
    found = stretches(Known(date(2026, 9, 1), totals[-1].as_of, totals))
    assert (sum(each.present for each in found), sum(each.possible for each in found)) == (present, possible)


@given(present=st.integers(0, 229), born=st.integers(2021, 2024))
def test_everything_drawn_lies_within_the_drawing(present, born) -> None:
    outlook = project(Presence(born, EASTER, present, 229), CALENDAR).marking
    assert outlook is not None
    drawn = draw(YEAR, date(2026, 9, 1), [(CHRISTMAS, present // 2), (EASTER, present)], outlook)
    lines = " ".join([drawn.seen_line, drawn.expected_line, drawn.band])
    for x, y in (map(float, each.split(",")) for each in lines.split()):
        assert LEFT <= x <= RIGHT
        assert TOP <= y <= BOTTOM
    assert TOP <= drawn.threshold.y <= BOTTOM
    assert drawn.end.half_days == round(outlook.expected)
