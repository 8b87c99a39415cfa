"""A kleuter of a report is a child whose presence is followed at its school: recognised, or asked."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.attendance.commands.opening import Wish, open_attendance
from outreach.attendance.models import Pupil, SameChild
from outreach.attendance.queries.caring import rows_to_go_through
from outreach.attendance.queries.helping import helped
from outreach.attendance.queries.same_child import questions, recognised
from outreach.attendance.queries.school import latest_reports
from outreach.attendance.same_child import Known, Pair, lay_beside
from outreach.cases.commands.merging_records import merge_cases, part_cases
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, CaseAnchor, Event, Step
from outreach.cases.workflow import Anchor
from tests.attendance.kleuters import BORN, CHRISTMAS, EASTER, MILAN, attended, rarely_there, report
from tests.cases.conftest import SignIn, sign_in
from tests.ground.field import Field, make_field
from tests.imports.loading import READ

__all__ = ["sign_in"]

PAGE = "/attendance/same-child"


@pytest.fixture
def field(session: Session) -> Iterator[Field]:
    """January 2027: Milan started at De Linde in January and is rarely there; the school goes on with the talk."""
    with clock.at(clock.parse_moment("2027-01-05T10:00")):
        made = make_field(session)
        rarely_there(made, "Milan")
        yield made


def told(field: Field, case: Case) -> int:
    """How many reports the case heard of."""
    statement = select(Event.id).where(Event.case_id == case.id, Event.kind == "presence_reported")
    return len(field.session.scalars(statement, execution_options=READ).all())


def the_case(field: Field) -> Case:
    return field.session.scalars(select(Case).order_by(Case.id).limit(1), execution_options=READ).one()


def anchored(field: Field, case: Case) -> bool:
    """Whether a report said until when the threshold can be reached."""
    statement = select(CaseAnchor.id).where(
        CaseAnchor.case_id == case.id,
        CaseAnchor.key == Anchor.THRESHOLD_LAST_DAY.value,
        CaseAnchor.replaced_at.is_(None),
    )
    field.session.flush()
    return field.session.scalars(statement, execution_options=READ).first() is not None


def test_where_school_birth_and_name_leave_one_it_is_recognised_and_the_case_hears(
    sign_in: SignIn, field: Field
) -> None:
    report(field, EASTER, attended("Mïlan", 60, 97, born_on=MILAN), attended("Noor", 90, 97, born_on=MILAN))
    case = the_case(field)
    assert told(field, case) == 1
    assert anchored(field, case)
    (one,) = recognised(field.session, field.school)
    pupil_id, path = one.pupil.id, f"/cases/{case.reference}"
    sofie = sign_in(field.school)
    assert "Niet dit kind" in sofie.open(f"/attendance/pupils/{pupil_id}").text
    assert "Niet dit kind" in sofie.open(PAGE).text
    sofie.send("/sign-out")
    page = sign_in(field.coordinator).open(path).text
    assert "Kleuter van het rapport van de school herkend" in page
    assert "Vanzelf: school, geboortedatum en naam zijn dezelfde" in page


def test_not_this_child_undoes_it_and_it_is_not_recognised_again(sign_in: SignIn, field: Field) -> None:
    report(field, EASTER, attended("Milan", 60, 97, born_on=MILAN))
    (one,) = recognised(field.session, field.school)
    case, pair = the_case(field), {"pupil": one.pupil.id, "child": one.child.id}
    field.session.commit()
    sofie = sign_in(field.school)
    answer = sofie.client.post(PAGE, data={"csrf_token": sofie.token(), **pair, "same": "no"}, follow_redirects=True)
    assert "het zijn twee kinderen" in answer.text
    assert field.session.get_one(Pupil, pair["pupil"], execution_options=READ).child_id is None
    assert not anchored(field, case), "what another child's report said holds no more"
    report(field, date(2027, 4, 20), attended("Milan", 70, 110, born_on=MILAN))
    assert told(field, case) == 1
    assert questions(field.session, field.school) == []
    field.session.commit()
    again = sofie.client.post(PAGE, data={"csrf_token": sofie.token(), **pair, "same": "no"}, follow_redirects=True)
    assert "intussen al beantwoord" in again.text
    said = field.session.scalars(select(SameChild).order_by(SameChild.id), execution_options=READ).all()
    assert [(each.same, each.by_itself, each.replaced_at is None) for each in said] == [
        (True, True, False),
        (False, False, True),
    ]


def test_where_it_is_near_the_school_is_asked_side_by_side(sign_in: SignIn, field: Field) -> None:
    """Another spelling is a question; Noor is nobody's likeness."""
    named = {"born_on": MILAN}
    report(field, EASTER, attended("Millan", 60, 97, **named), attended("Noor", 90, 97, **named))
    case = the_case(field)
    assert told(field, case) == 0
    (one,) = questions(field.session, field.school)
    pair = {"pupil": one.pupil.id, "child": one.child.id}
    sofie = sign_in(field.school)
    page = sofie.open(PAGE).text
    assert "Millan Safi" in page
    assert "Milan Safi" in page
    assert "Noor" not in page
    assert "1 kleuter van je rapport is misschien een kind" in sofie.open("/my-work").text
    sofie.send(PAGE, **pair, same="yes")
    assert told(field, case) == 1
    assert "misschien een kind" not in sofie.open("/my-work").text


def test_of_two_kleuters_of_one_name_and_birth_nobody_is_chosen_by_itself(field: Field) -> None:
    twice = [attended("Milan", 60, 97, born_on=MILAN), attended("MILAN", 90, 97, born_on=MILAN)]
    report(field, EASTER, *twice)
    assert told(field, the_case(field)) == 0
    assert [each.pupil.number for each in questions(field.session, field.school)] == ["Milan", "MILAN"]


def test_another_school_and_a_child_whose_presence_nobody_follows_are_not_recognised(field: Field) -> None:
    field.case("Ayaan", BORN, last_name="Safi")
    report(field, EASTER, attended("Ayaan", 60, 97))
    report(field, EASTER, attended("Milan", 60, 97, born_on=MILAN), school="de-wilg")
    assert field.session.scalars(select(SameChild), execution_options=READ).all() == []


def test_a_school_that_may_know_the_number_alone_is_not_told_who_it_is(sign_in: SignIn, field: Field) -> None:
    field.session.execute(
        Step.__table__.update()  # type: ignore[attr-defined]
        .where(Step.organisation_id == field.organisations["de-linde"].id)
        .values(scope="reference")
    )
    report(field, EASTER, attended("Milan", 60, 97, born_on=MILAN))
    assert field.session.scalars(select(SameChild), execution_options=READ).all() == []
    assert questions(field.session, field.school) == []


@pytest.mark.parametrize(
    ("name", "organisation", "role", "status"),
    [
        ("Wilma", "de-wilg", "school-contact", 200),
        ("Bram", "de-linde", "bridge-person", 403),
        ("Lies", "lop-gent", "coordinator", 403),
    ],
)
def test_nobody_else_sees_or_says_it(
    sign_in: SignIn, field: Field, name: str, organisation: str, role: str, status: int
) -> None:
    report(field, EASTER, attended("Millan", 60, 97, born_on=MILAN))
    (one,) = questions(field.session, field.school)
    pair = {"pupil": one.pupil.id, "child": one.child.id}
    visitor = sign_in(field.person(name, organisation, role))
    answer = visitor.open(PAGE)
    assert answer.status_code == status
    assert "Millan" not in answer.text
    visitor.send(PAGE, **pair, same="yes")
    assert field.session.scalars(select(SameChild), execution_options=READ).all() == []


def test_a_record_that_became_another_still_hears_and_shows_its_case(field: Field) -> None:
    """The school's own case of Ayaan turns out to be of a child the LOP knew already, and is taken apart again."""
    session = field.session
    report(field, CHRISTMAS, attended("Ayaan", 60, 132))
    rows = [row for row in rows_to_go_through(session, field.school) if row.pupil.number == "Ayaan"]
    newest = latest_reports(session, field.school, field.organisations["de-linde"].id)[0]
    (opened,) = open_attendance(session, [Wish(row, BORN) for row in rows], report=newest, by=field.school)
    step = session.scalars(select(Step).where(Step.case_id == opened.case.id), execution_options=READ).one()
    report_outcome(session, opened.case, step, outcome="reason_known", facts={"reason": "lives_far"}, by=field.school)
    session.flush()
    talk = session.scalars(
        select(Step).where(Step.case_id == opened.case.id, Step.key == "school_contact"), execution_options=READ
    ).one()
    report_outcome(session, opened.case, talk, outcome="agreement_made", facts={}, by=field.school)
    known = field.case("Ayaan", BORN, last_name="Safi")
    deed = merge_cases(session, kept=known, double=opened.case, by=field.coordinator)
    session.flush()
    report(field, EASTER, attended("Ayaan", 80, 229))
    assert (told(field, known), told(field, opened.case)) == (1, 0)
    assert [each.pupil.number for each in helped(session, field.school)] == ["Ayaan"]
    ayaan = session.scalars(select(Pupil).where(Pupil.number == "Ayaan"), execution_options=READ).one()
    (row,) = rows_to_go_through(session, field.school, [ayaan.id])
    assert row.running is not None
    part_cases(session, deed, by=field.coordinator)
    report(field, date(2027, 4, 20), attended("Ayaan", 90, 245))
    assert (told(field, known), told(field, opened.case)) == (1, 1), "taken apart, it is its own child again"


YEARS = st.integers(2021, 2024)
PEOPLE = st.builds(
    lambda name, year, day: (name, year, day),
    st.sampled_from(["Milan", "Mílan", "Millan", "Noor", "Ayaan"]),
    YEARS,
    st.one_of(st.none(), st.integers(0, 2)),
)


@given(
    st.lists(PEOPLE, max_size=6), st.lists(PEOPLE, max_size=4), st.sets(st.tuples(st.integers(0, 5), st.integers(0, 3)))
)
def test_what_is_recognised_is_always_one_of_each(pupils, children, apart) -> None:
    """Whoever is in the report: nobody twice, nobody against what was said, nothing both sure and asked."""
    told_ones = [known(place, *each) for place, each in enumerate(pupils)]
    followed = [known(place, name, year, day or 0) for place, (name, year, day) in enumerate(children)]
    found = lay_beside(told_ones, followed, {Pair(*each) for each in apart})
    for side in ("pupil_id", "child_id"):
        ids = [getattr(each, side) for each in found.sure]
        assert len(ids) == len(set(ids))
        assert not set(ids) & {getattr(each, side) for each in found.asked}
    assert not {(each.pupil_id, each.child_id) for each in (*found.sure, *found.asked)} & apart
    for pair in found.sure:
        assert told_ones[pair.pupil_id].born_on == followed[pair.child_id].born_on


def known(place: int, name: str, year: int, day: int | None) -> Known:
    return Known(place, name, "Safi", year, None if day is None else date(year, 3, 1) + timedelta(days=day))
