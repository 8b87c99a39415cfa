"""The page of 1 June and the question of September, as people use them."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import Case, Step, YearDecision
from outreach.extensions import db
from tests.cases.commands.test_one_child import READ, event_kinds, last_step
from tests.cases.conftest import SignIn, Visitor
from tests.ground.field import Field

from .conftest import Welcome, morning

JUNE = date(2027, 6, 7)


@pytest.fixture(autouse=True)
def june(field: Field) -> Iterator[None]:
    """It is Monday 7 June 2027."""
    with clock.at(clock.moment_of(JUNE, 10)):
        yield


def hidden(page: str) -> dict[str, list[str]]:
    """The hidden fields of the form that confirms."""
    form = page[page.index('action="/year-end/confirm"') :]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(case|decision|closure)" value="([^"]*)"', form):
        found.setdefault(name, []).append(unescape(value))
    return found


def previewed(visitor: Visitor, cases: list[Case], decision: str, closure: str = "") -> str:
    """What will happen to these cases."""
    references = [case.reference for case in cases]
    answer = visitor.send("/year-end", case=references, decision=decision, closure=closure)
    assert answer.status_code == 200
    return answer.text


def after(session: Session) -> Session:
    """The database as it is after what was just sent."""
    session.rollback()
    session.expire_all()
    return session


def told(visitor: Visitor) -> str:
    """The page after what was done."""
    return unescape(visitor.open("/year-end").text)


def test_my_work_and_the_area_lead_there_in_season(
    session: Session, field: Field, sign_in: SignIn, visited: Welcome
) -> None:
    visited()
    lies = sign_in(field.coordinator)
    for page in ("/my-work", "/areas/gent"):
        assert "1 open dossier wacht op je beslissing" in lies.open(page).text
    with clock.at(clock.moment_of(date(2027, 5, 31), 10)):
        assert "wacht op je beslissing" not in lies.open("/my-work").text
        assert "Vanaf 1 juni" in lies.open("/year-end").text


def test_many_are_decided_as_proposed_after_a_preview(
    session: Session, field: Field, sign_in: SignIn, welcome: Welcome, visited: Welcome
) -> None:
    """Vera turns six, Milan waits for September, Noor goes on: one press, three events, nothing before it."""
    vera, milan, noor = visited("Vera", date(2021, 5, 1)), welcome("Milan"), visited("Noor")
    lies = sign_in(field.coordinator)
    page = lies.open("/year-end").text
    for why in ("Wordt dit jaar zes", "De school is gekend", "Toeleiden gaat ook in juli"):
        assert why in page
    shown = previewed(lies, [vera, milan, noor], "as_proposed")
    for effect in (
        "Het dossier sluit: Leeftijd lager onderwijs",
        "Streefdatum wordt wo 1 sep 2027",
        "Er verandert niets",
    ):
        assert effect in shown
    assert "Er is nog niets veranderd" in shown
    assert session.scalars(select(YearDecision), execution_options=READ).all() == []
    answer = lies.send("/year-end/confirm", **hidden(shown))
    assert answer.status_code == 302
    assert "3 dossiers beslist" in told(lies)
    for case in (vera, milan, noor):
        assert event_kinds(after(session), case)[-1] == "year_end_decided"
    session.refresh(vera)
    assert vera.ended_at is not None
    assert "Beslist op het einde van het schooljaar" in lies.open(f"/cases/{milan.reference}").text


def test_sent_twice_it_is_done_once(session: Session, field: Field, sign_in: SignIn, visited: Welcome) -> None:
    case = visited()
    lies = sign_in(field.coordinator)
    fields = {**hidden(previewed(lies, [case], "goes_on")), "submission_key": "once"}
    lies.send("/year-end/confirm", **fields)
    lies.send("/year-end/confirm", **fields)
    assert len(after(session).scalars(select(YearDecision), execution_options=READ).all()) == 1
    assert event_kinds(session, case).count("year_end_decided") == 1


def test_a_case_that_moved_on_since_is_named_and_left(
    session: Session, field: Field, sign_in: SignIn, visited: Welcome
) -> None:
    """Between preview and confirmation Wim agrees on a visit with Noor's family."""
    noor, finn = visited("Noor"), visited("Finn")
    lies = sign_in(field.coordinator)
    shown = previewed(lies, [noor, finn], "september")
    step = last_step(session, noor)
    step.last_fact_on = date(2027, 6, 6)
    session.commit()
    lies.send("/year-end/confirm", **hidden(shown))
    page = told(lies)
    assert "1 dossier beslist" in page
    assert f"{noor.reference} (intussen gewijzigd: kijk opnieuw)" in page
    assert "year_end_decided" not in event_kinds(after(session), noor)
    assert "year_end_decided" in event_kinds(session, finn)


def test_the_preview_says_what_stays_and_why(session: Session, field: Field, sign_in: SignIn, visited: Welcome) -> None:
    case = visited("Vera", date(2021, 5, 1))
    lies = sign_in(field.coordinator)
    assert "leerplichtig: beslis in het dossier zelf" in previewed(lies, [case], "close", "refused")
    assert lies.send("/year-end", decision="goes_on").status_code == 400
    nothing = lies.send("/year-end", case=[case.reference], decision="close")
    assert nothing.status_code == 400
    assert "Kies een reden om af te sluiten" in nothing.text


def test_a_decision_is_taken_back_on_the_page(
    session: Session, field: Field, sign_in: SignIn, welcome: Welcome
) -> None:
    case = welcome()
    before, step_id = last_step(session, case).aim_on, last_step(session, case).id
    lies = sign_in(field.coordinator)
    lies.send("/year-end/confirm", **hidden(previewed(lies, [case], "september")))
    assert last_step(after(session), case).key == "ring_family"
    lies.send("/year-end/take-back", case=case.reference)
    page = told(lies)
    assert f"{case.reference} wacht weer op een beslissing" in page
    assert event_kinds(after(session), case)[-1] == "year_end_taken_back"
    assert session.get_one(Step, step_id, execution_options=READ).aim_on == before


def test_a_school_decides_on_its_own_cases_only(
    session: Session, field: Field, sign_in: SignIn, welcome: Welcome, visited: Welcome
) -> None:
    mine, other = welcome("Milan"), visited("Noor")
    sofie = sign_in(field.school)
    page = sofie.open("/year-end").text
    assert mine.reference in page
    assert other.reference not in page
    assert other.reference not in previewed(sofie, [mine, other], "goes_on")
    forged = {"case": [f"{other.reference}|1"], "decision": "goes_on"}
    sofie.send("/year-end/confirm", **forged)
    assert "year_end_decided" not in event_kinds(after(session), other)


def test_a_worker_has_no_such_page(field: Field, sign_in: SignIn, visited: Welcome) -> None:
    visited()
    wim = sign_in(field.worker)
    assert wim.open("/year-end").status_code == 403
    assert "wacht op je beslissing" not in wim.open("/my-work").text


def test_the_page_costs_the_same_for_three_cases_and_thirty(
    session: Session, field: Field, sign_in: SignIn, visited: Welcome
) -> None:
    lies = sign_in(field.coordinator)

    def statements() -> int:
        asked: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert lies.open("/year-end").status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(asked)

    for number in range(3):
        visited(f"Kind{number}")
    session.commit()
    lies.open("/year-end")
    few = statements()
    for number in range(3, 30):
        visited(f"Kind{number}")
    session.commit()
    assert statements() == few


def test_in_september_the_school_says_first_who_its_contact_is(
    session: Session, field: Field, sign_in: SignIn, welcome: Welcome
) -> None:
    case = welcome()
    bo = field.person("Bo", "de-linde", "school-contact")
    morning(session, date(2027, 7, 1))
    morning(session, date(2027, 9, 3))
    session.commit()
    with clock.at(clock.moment_of(date(2027, 9, 3), 10)):
        visitor = sign_in(bo)
        assert "1 school" in visitor.open("/my-work").text
        page = visitor.open("/school-contacts").text
        assert "Basisschool De Linde" in page
        assert "Sofie" in page
        school = field.organisations["de-linde"].id
        field_name = f"school-{school}-contact"
        assert field_name in page
        nobody = visitor.send("/school-contacts", school=school)
        assert nobody.status_code == 400
        mailbox = {f"school-{school}-mailbox": "geen adres", field_name: "mailbox"}
        assert visitor.send("/school-contacts", school=school, **mailbox).status_code == 400
        visitor.send("/school-contacts", school=school, **{field_name: str(bo.person_id)})
        assert "het contact is gekend" in visitor.open("/school-contacts").text
        assert "Geen school" in visitor.open("/school-contacts").text
    assert last_step(after(session), case).person_id == bo.person_id


def test_nobody_names_the_contact_of_a_school_they_have_nothing_to_do_with(
    session: Session, field: Field, sign_in: SignIn, welcome: Welcome
) -> None:
    case = welcome()
    bert = field.person("Bert", "de-wilg", "school-contact")
    morning(session, date(2027, 7, 1))
    morning(session, date(2027, 9, 3))
    session.commit()
    with clock.at(clock.moment_of(date(2027, 9, 3), 10)):
        visitor = sign_in(bert)
        school = field.organisations["de-linde"].id
        assert "De Linde" not in visitor.open("/school-contacts").text
        visitor.send("/school-contacts", school=school, **{f"school-{school}-contact": str(bert.person_id)})
    assert last_step(after(session), case).owner_reason == "new_year"
