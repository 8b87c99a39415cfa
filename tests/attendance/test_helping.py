"""A second report closes the loop: after which action kleuters were there more often; for the school alone."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.attendance.commands.caring import Care, note_care
from outreach.attendance.commands.sharing import share_counts
from outreach.attendance.models import Pupil
from outreach.attendance.picture import Total
from outreach.attendance.queries.helped_in_area import helped_in_area
from outreach.attendance.queries.helping import NOTICEABLE, Course, course_of, helped
from outreach.cases.workflow import processes
from outreach.partners.commands import add_organisation, serve_area
from tests.attendance.kleuters import CHRISTMAS, EASTER, EVERYBODY, asked_for_a_visit, attended, field, report, say
from tests.cases.conftest import SignIn, sign_in
from tests.ground.field import Field
from tests.ground.pages import without_tokens
from tests.imports.loading import READ

__all__ = ["field", "sign_in"]

PAGE = "/attendance/what-helped"


@pytest.fixture
def later(field: Field) -> Iterator[Field]:
    """End of March; in January Ayaan's parents and the school agreed."""
    say(field, "reason_known", reason="home_situation")
    say(field, "agreement_made")
    field.session.commit()
    with clock.at(clock.parse_moment("2027-03-30T10:00")):
        yield field


def test_who_was_there_more_often_after_a_talk_out_of_care(sign_in: SignIn, later: Field) -> None:
    """45 per hundred before, 70 of 97 since."""
    report(later, EASTER, attended("Ayaan", 130, 229))
    (one,) = helped(later.session, later.school)
    assert (one.course, one.before, one.since) == (Course.BETTER, 45, 72)
    later.session.commit()
    page = sign_in(later.school).open(PAGE).text
    assert "Contact uit zorg: Afspraak gemaakt" in page
    assert "vaker op school" in page
    assert "Reden gekend" not in page, "to name a reason is no action"


def test_before_the_second_report_it_waits(sign_in: SignIn, later: Field) -> None:
    later.session.commit()
    page = sign_in(later.school).open(PAGE).text
    assert "wacht op het volgende rapport" in page
    assert "zegt het volgende rapport" in page


def test_a_family_that_was_not_reached_is_no_action(field: Field) -> None:
    """The visit was asked for, and the parents only written to."""
    say(field, "reason_unknown")
    say(field, "not_reached", parents_told="yes")
    assert helped(field.session, field.school) == []


def test_a_kleuter_the_school_follows_without_a_case_is_among_them(field: Field, session: Session) -> None:
    asked_for_a_visit(field)
    noor = session.scalars(select(Pupil).where(Pupil.number == "Noor"), execution_options=READ).one()
    note_care(session, noor, Care(followed=True), seen_id=None, by=field.school)
    report(field, EASTER, attended("Ayaan", 130, 229), attended("Noor", 160, 229))
    found = {each.pupil.number: each for each in helped(session, field.school)}
    assert found["Noor"].course is Course.WORSE
    assert found["Noor"].deed.step == ""


@pytest.mark.parametrize("name", EVERYBODY)
def test_only_the_school_itself_sees_whom_it_helped(sign_in: SignIn, later: Field, name: str) -> None:
    report(later, EASTER, attended("Ayaan", 130, 229))
    organisation, role = EVERYBODY[name]
    answer = sign_in(later.person(name, organisation, role)).open(PAGE)
    assert answer.status_code == (200 if role == "school-contact" else 403)
    assert ("Ayaan" in answer.text) == (name == "Sofie")
    if name == "Theo":
        assert "voor scholen" in answer.text
    if name == "Wilma":
        assert "Nog niets te vergelijken" in answer.text


def test_looking_back_is_no_action(later: Field) -> None:
    """That it goes better is what came of the talk: the talk helped, not the looking back."""
    say(later, "improving")
    report(later, EASTER, attended("Ayaan", 130, 229))
    assert [each.deed.step for each in helped(later.session, later.school)] == ["school_contact"]


def test_every_step_that_looks_back_is_a_step_of_a_process() -> None:
    known = {step.key for process in processes() for step in process.steps}
    assert set(processes().common.looks_back) <= known


def followed(field: Field, name: str, *, shares: bool, better: int, same: int) -> None:
    """A school that follows kleuters itself since January; from then on some are there more often."""
    session, day = field.session, EASTER
    school = add_organisation(session, key=f"school-{name}".lower(), kind="school", name=f"School {name}")
    serve_area(session, organisation=school, area=field.area)
    field.organisations[school.key] = school
    session.flush()
    contact = field.person(f"Juf{name}", school.key, "school-contact")
    kleuters = [f"{name}{place}" for place in range(better + same)]
    report(field, CHRISTMAS, *(attended(each, 60, 132) for each in kleuters), school=school.key)
    for each in kleuters:
        pupil = session.scalars(select(Pupil).where(Pupil.number == each), execution_options=READ).one()
        note_care(session, pupil, Care(followed=True), seen_id=None, by=contact)
    told = (attended(each, 150 if place < better else 104, 229) for place, each in enumerate(kleuters))
    report(field, day, *told, school=school.key)
    if shares:
        share_counts(session, school.id, shares=True, by=contact)
    session.flush()


@pytest.mark.parametrize(
    ("schools", "expected"),
    [
        ([(True, 6, 5)], [(11, 6)]),
        ([(True, 3, 3), (True, 3, 2)], [(11, 6)]),
        ([(True, 3, 1)], []),
        ([(True, 4, 5)], [(9, None)]),
        ([(True, 6, 4)], [(10, None)]),
        ([(False, 6, 5)], []),
        ([(True, 6, 5), (False, 6, 5)], [(11, 6)]),
    ],
)
def test_who_coordinates_sees_counts_of_the_schools_that_agreed_and_no_small_one(
    later: Field, schools: list[tuple[bool, int, int]], expected: list[tuple[int, int | None]]
) -> None:
    with clock.at(clock.parse_moment("2027-01-05T10:00")):
        for place, (shares, better, same) in enumerate(schools):
            followed(later, f"S{place}", shares=shares, better=better, same=same)
    found = helped_in_area(later.session, later.coordinator, later.area)
    assert [(each.children, each.better) for each in found] == expected


def test_the_area_page_says_it_without_a_school_or_a_name(sign_in: SignIn, later: Field) -> None:
    with clock.at(clock.parse_moment("2027-01-05T10:00")):
        followed(later, "Wilg", shares=True, better=6, same=5)
    page = without_tokens(sign_in(later.coordinator).open("/attendance/areas").text)
    helping = page[page.index("Sindsdien vaker op school") :]
    assert "11" in helping
    assert "Wilg0" not in page
    assert "Juf" not in page


@given(st.integers(0, 100), st.integers(0, 100))
def test_more_is_never_called_worse_and_less_never_better(before: int, since: int) -> None:
    totals = [Total(date(2026, 12, 18), before, 100), Total(date(2027, 3, 26), before + since, 200)]
    found = course_of(totals, date(2027, 1, 5))
    assert found is not None
    course, was, now = found
    assert (was, now) == (before, since)
    assert (course is Course.BETTER) == (since - before >= NOTICEABLE)
    assert (course is Course.WORSE) == (before - since >= NOTICEABLE)


def test_without_an_earlier_report_nobody_can_tell() -> None:
    assert course_of([Total(date(2027, 3, 26), 10, 20)], date(2027, 1, 5)) is None
