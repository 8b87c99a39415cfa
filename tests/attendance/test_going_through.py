"""A school goes through its kleuters at risk and opens cases: noted row by row, never doubled, seen by it alone."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.attendance.commands.receiving import Attended, Terms, receive_reports
from outreach.attendance.models import Pupil, PupilCare
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, CaseAnchor, Step, Track
from outreach.children.grants import Scope, scope_of
from outreach.children.models import Child
from outreach.partners.commands import add_agreement
from tests.cases.conftest import SignIn, sign_in
from tests.ground.field import Field, make_field
from tests.imports.loading import READ, number_of_rows

__all__ = ["sign_in"]

AT_RISK, OPEN = "/attendance/at-risk", "/attendance/open-cases"


@pytest.fixture
def field(session: Session) -> Field:
    return make_field(session)


@pytest.fixture(autouse=True)
def march(session: Session) -> Iterator[None]:
    """It is the end of March 2027."""
    with clock.at(clock.parse_moment("2027-03-30T10:00")):
        yield


def report(session: Session, field: Field, *rows: Sequence[Any], school: str = "de-linde") -> dict[str, int]:
    """A report of 26 March: first name, half days present of 236, birth date or year; the pupils' ids by first name."""
    days = {"from_on": date(2026, 9, 1), "until_on": date(2027, 8, 31)}
    agreement = add_agreement(
        session, key=f"deelname-{school}", area=field.area, source="participation", reference="protocol", **days
    )
    session.flush()
    told = [
        Attended(
            number=f"S-{name}",
            first_name=name,
            last_name="Safi",
            born_year=born if isinstance(born, int) else born.year,
            born_on=None if isinstance(born, int) else born,
            class_name="K2",
            site="",
            entry_on=None,
            present=present,
            possible=236,
        )
        for name, present, born in rows
    ]
    terms = Terms(date(2027, 3, 26), field.area.id, agreement.id, "batch:1")
    receive_reports(session, {field.organisations[school].id: told}, terms, by=field.coordinator)
    session.commit()
    found = {one.first_name: one.id for one in session.scalars(select(Pupil), execution_options=READ)}
    session.commit()
    return found


BORN = date(2022, 6, 13)


def care_of(session: Session, pupil_id: int) -> tuple[str | None, int | None, bool] | None:
    statement = select(PupilCare).where(PupilCare.pupil_id == pupil_id, PupilCare.replaced_at.is_(None))
    care = session.scalars(statement, execution_options=READ).one_or_none()
    found = (care.reason, care.rings_id, care.followed) if care else None
    session.commit()
    return found


def only_case(session: Session) -> Case:
    return session.scalars(select(Case), execution_options=READ).one()


def steps_of(session: Session, case: Case) -> list[Step]:
    statement = select(Step).where(Step.case_id == case.id).order_by(Step.number)
    return list(session.scalars(statement, execution_options=READ))


def test_only_kleuters_at_risk_are_shown_with_what_the_numbers_say(
    sign_in: SignIn, field: Field, session: Session
) -> None:
    report(session, field, ("Ayaan", 90, BORN), ("Noor", 236, BORN))
    page = sign_in(field.school).open(AT_RISK).text
    assert "Ayaan Safi" in page
    assert "Noor Safi" not in page
    assert "90 van 236 halve dagen" in page


def test_what_is_noted_is_kept_row_by_row_with_who_and_when(sign_in: SignIn, field: Field, session: Session) -> None:
    pupils = report(session, field, ("Ayaan", 90, BORN), ("Noor", 80, BORN))
    ayaan, noor, school = pupils["Ayaan"], pupils["Noor"], field.school
    sofie = sign_in(school)
    sent = {f"reason-{ayaan}": "ill", f"rings-{ayaan}": school.person_id, f"followed-{noor}": "on"}
    sofie.send(AT_RISK, row=[ayaan, noor], do="save", **sent)
    assert care_of(session, ayaan) == ("ill", school.person_id, False)
    assert care_of(session, noor) == (None, None, True)
    page = sofie.open(AT_RISK).text
    assert "Sofie, di 30 mrt 2027" in page
    seen = re.search(rf'name="seen-{ayaan}" value="(\d+)"', page)
    assert seen
    changed = {f"reason-{ayaan}": "not_known", f"seen-{ayaan}": seen[1]}
    sofie.send(AT_RISK, row=[ayaan], do="save", **changed)
    assert care_of(session, ayaan) == ("not_known", None, False)
    assert number_of_rows(session, PupilCare) == [3], "what stood there before is kept"
    assert number_of_rows(session, Case) == [0]


def test_what_a_colleague_noted_meanwhile_is_not_written_over(sign_in: SignIn, field: Field, session: Session) -> None:
    ayaan = report(session, field, ("Ayaan", 90, BORN))["Ayaan"]
    sofie = sign_in(field.school)
    sofie.send(AT_RISK, row=[ayaan], **{f"reason-{ayaan}": "ill"})
    answer = sofie.send(AT_RISK, row=[ayaan], **{f"reason-{ayaan}": "lives_far"})
    assert answer.status_code == 409
    assert care_of(session, ayaan) == ("ill", None, False)
    assert re.search(r'value="lives_far" selected', answer.text), "what was typed is still there"


def test_a_choice_above_the_table_goes_to_the_ticked_kleuters(sign_in: SignIn, field: Field, session: Session) -> None:
    pupils = report(session, field, ("Ayaan", 90, BORN), ("Noor", 80, BORN))
    ids = list(pupils.values())
    sent = {"all-reason": "lives_far", "all-followed": "on"}
    sign_in(field.school).send(AT_RISK, row=ids, pupil=[pupils["Noor"]], **sent)
    assert care_of(session, pupils["Noor"]) == ("lives_far", None, True)
    assert care_of(session, pupils["Ayaan"]) is None


def test_somebody_of_another_team_cannot_be_the_one_who_rings(sign_in: SignIn, field: Field, session: Session) -> None:
    ayaan = report(session, field, ("Ayaan", 90, BORN))["Ayaan"]
    stranger = field.worker.person_id
    answer = sign_in(field.school).send(AT_RISK, row=[ayaan], **{f"rings-{ayaan}": stranger})
    assert answer.status_code == 409
    assert care_of(session, ayaan) is None


def test_a_case_is_opened_for_the_school_alone_with_the_last_day_of_the_threshold(
    sign_in: SignIn, field: Field, session: Session
) -> None:
    ayaan = report(session, field, ("Ayaan", 120, BORN))["Ayaan"]
    school, coordinator, area_id = field.school, field.coordinator, field.area.id
    sofie = sign_in(school)
    answer = sofie.send(AT_RISK, row=[ayaan], pupil=[ayaan], do="open")
    assert answer.location == f"{OPEN}?pupil={ayaan}"
    assert "Ayaan Safi" in sofie.open(answer.location).text
    assert sofie.send(OPEN, pupil=[ayaan]).location == AT_RISK
    case = only_case(session)
    assert (case.lead_id, case.area_id) == (school.organisation_id, area_id)
    track = session.scalars(select(Track), execution_options=READ).one()
    step = steps_of(session, case)[0]
    assert (track.process, step.organisation_id) == ("attendance", school.organisation_id)
    anchor = session.scalars(select(CaseAnchor), execution_options=READ).one()
    assert anchor.key == "threshold_last_day"
    assert anchor.on > date(2027, 3, 26)
    assert scope_of(session, school, case.id) is Scope.FULL
    assert scope_of(session, coordinator, case.id) is None
    session.commit()
    page = sofie.open(AT_RISK).text
    assert case.reference in page, "a running case is shown"
    assert f'name="pupil" value="{ayaan}"' not in page, "and not offered again"
    sofie.send(OPEN, pupil=[ayaan])
    assert number_of_rows(session, Case, Track) == [1, 1]


@pytest.mark.parametrize(
    ("reason", "outcome"), [("ill", "reason_known"), ("not_known", "reason_unknown"), ("not_noticed", "not_noticed")]
)
def test_the_noted_reason_is_said_at_once_and_who_rings_has_the_step(
    sign_in: SignIn, field: Field, session: Session, reason: str, outcome: str
) -> None:
    ayaan = report(session, field, ("Ayaan", 90, BORN))["Ayaan"]
    rings = field.person("Bart", "de-linde", "worker").person_id
    sofie = sign_in(field.school)
    noted = {f"reason-{ayaan}": reason, f"rings-{ayaan}": rings}
    sofie.send(AT_RISK, row=[ayaan], pupil=[ayaan], do="open", **noted)
    sofie.send(OPEN, pupil=[ayaan])
    first, second = steps_of(session, only_case(session))
    assert (first.outcome, second.person_id) == (outcome, rings)


def test_a_report_with_the_year_alone_asks_for_the_day_of_birth(
    sign_in: SignIn, field: Field, session: Session
) -> None:
    ayaan = report(session, field, ("Ayaan", 90, 2022))["Ayaan"]
    sofie = sign_in(field.school)
    for wrong in ({}, {f"born-{ayaan}": "2021-06-13"}):
        answer = sofie.send(OPEN, pupil=[ayaan], **wrong)
        assert answer.status_code == 400
        assert "Vul de geboortedatum in, in 2022" in answer.text
    assert number_of_rows(session, Case, Child) == [0, 0]
    session.commit()
    sofie.send(OPEN, pupil=[ayaan], **{f"born-{ayaan}": "2022-06-13"})
    child = session.scalars(select(Child), execution_options=READ).one()
    assert child.born_on == BORN


def test_a_known_child_is_asked_about_and_its_case_gets_a_track_instead_of_a_second_case(
    sign_in: SignIn, field: Field, session: Session
) -> None:
    case = field.case("Ayaan", BORN, last_name="Safi")
    ayaan = report(session, field, ("Ayaan", 90, BORN))["Ayaan"]
    case_id, child_id, reference, school = case.id, case.child_id, case.reference, field.school
    sofie = sign_in(school)
    asked = sofie.open(f"{OPEN}?pupil={ayaan}").text
    assert "hetzelfde kind" in asked
    assert reference not in asked, "nothing of that child is told before it is said to be the same"
    assert sofie.send(OPEN, pupil=[ayaan]).status_code == 400
    sofie.send(OPEN, pupil=[ayaan], **{f"same-{ayaan}": "yes"})
    assert number_of_rows(session, Case, Child) == [1, 1]
    tracks = session.scalars(select(Track.process).where(Track.case_id == case_id), execution_options=READ)
    assert sorted(tracks) == ["attendance", "enrolment"]
    assert session.get_one(Pupil, ayaan, execution_options=READ).child_id == child_id
    assert scope_of(session, school, case_id) is Scope.WELCOME


def test_another_child_of_that_name_gets_a_case_of_its_own(sign_in: SignIn, field: Field, session: Session) -> None:
    field.case("Ayaan", BORN, last_name="Safi")
    ayaan = report(session, field, ("Ayaan", 90, BORN))["Ayaan"]
    sign_in(field.school).send(OPEN, pupil=[ayaan], **{f"same-{ayaan}": "no"})
    assert number_of_rows(session, Case, Child) == [2, 2]


def test_a_bridge_person_sees_and_notes_only_the_kleuters_given_by_name(
    sign_in: SignIn, field: Field, session: Session
) -> None:
    pupils = report(session, field, ("Ayaan", 90, BORN), ("Noor", 80, BORN))
    ayaan, noor = pupils["Ayaan"], pupils["Noor"]
    bridge = field.person("Fatma", "de-linde", "bridge-person")
    sofie = sign_in(field.school)
    sofie.send(AT_RISK, row=[ayaan], **{f"rings-{ayaan}": bridge.person_id})
    sofie.send("/sign-out")
    fatma = sign_in(bridge)
    page = fatma.open(AT_RISK).text
    assert "Ayaan Safi" in page
    assert "Noor Safi" not in page
    seen = re.search(rf'name="seen-{ayaan}" value="(\d+)"', page)
    assert seen
    written = {f"reason-{ayaan}": "ill", f"seen-{ayaan}": seen[1], f"reason-{noor}": "ill"}
    fatma.send(AT_RISK, row=[ayaan, noor], **written)
    assert care_of(session, ayaan) == ("ill", bridge.person_id, False)
    assert care_of(session, noor) is None
    assert fatma.open(OPEN).status_code == 403


def test_pupils_of_another_school_are_out_of_reach(sign_in: SignIn, field: Field, session: Session) -> None:
    ayaan = report(session, field, ("Ayaan", 90, BORN))["Ayaan"]
    other = sign_in(field.person("Karim", "de-wilg", "school-contact"))
    assert "Ayaan" not in other.open(AT_RISK).text
    assert "Ayaan" not in other.open(f"{OPEN}?pupil={ayaan}").text
    other.send(AT_RISK, row=[ayaan], **{f"reason-{ayaan}": "ill"})
    other.send(OPEN, pupil=[ayaan])
    assert number_of_rows(session, PupilCare, Case) == [0, 0]


def test_once_a_visit_is_asked_health_is_known_to_the_school_and_who_visits_not_to_the_lead(
    sign_in: SignIn, field: Field, session: Session
) -> None:
    ayaan = report(session, field, ("Ayaan", 90, BORN))["Ayaan"]
    school, coordinator, worker = field.school, field.coordinator, field.worker
    sofie = sign_in(school)
    sofie.send(AT_RISK, row=[ayaan], pupil=[ayaan], do="open", **{f"reason-{ayaan}": "ill"})
    sofie.send(OPEN, pupil=[ayaan])
    case = only_case(session)
    step, agreed = steps_of(session, case)[-1], {"parents_know": "yes", "parents_agree": "yes"}
    agreed["organisation"] = field.organisations["de-brug"].id
    report_outcome(session, case, step, outcome="help_needed", facts=agreed, by=school)
    path = f"/cases/{case.reference}"
    session.commit()
    told = {}
    for who in (school, coordinator, worker):
        sofie.send("/sign-out")
        told[who.name] = sign_in(who).open(path).text
    assert {name: "Reden: Ziek" in page for name, page in told.items()} == {"Sofie": True, "Lies": False, "Wim": True}
    assert all("Contact uit zorg" in page for page in told.values()), "all three see the case itself"
