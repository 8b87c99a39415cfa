"""The page of a case: everything for who has it, what a welcome needs for a school, nothing for others."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Reading
from outreach.cases.commands.family import add_contact, set_secrecy
from outreach.cases.commands.words import add_note
from outreach.cases.models import Case, CaseAnchor, Reminder
from tests.ground.field import Field, make_field

from .conftest import READ, Visitor, at_home_visit, at_school_choice, at_welcome, newest

Enter = Callable[[Actor | None], Visitor]


def reread(session: Session, case: Case) -> Case:
    """The case in a transaction of its own, to be changed."""
    session.rollback()
    return session.get_one(Case, case.id, execution_options=READ)


def test_the_owner_sees_child_step_and_why_that_day(field: Field, enter: Enter) -> None:
    case = at_home_visit(field)
    page = enter(field.worker).read(f"/cases/{case.reference}")
    assert "Milan Peeters" in page
    assert "Sleepstraat 12" in page
    assert "waarom die dag?" in page
    assert "elke schooldag" in page
    assert "LOP Gent" in page[page.index("Wie dit kan zien") :]


def test_under_three_the_entry_day_and_the_school_days_left_are_shown(field: Field, enter: Enter) -> None:
    case = at_home_visit(field, "Aya", date(2024, 5, 20))
    page = enter(field.worker).read(f"/cases/{case.reference}")
    assert "ma 4 jan 2027" in page
    assert "nog 4 schooldagen" in page


def test_a_child_of_five_is_marked_compulsory(field: Field, enter: Enter, session: Session) -> None:
    case = field.case("Noor", date(2021, 6, 10))
    session.commit()
    assert "leerplichtig" in enter(field.coordinator).read(f"/cases/{case.reference}")


@pytest.mark.parametrize("who", ["guide", "school"])
def test_who_has_no_part_in_it_finds_no_case(field: Field, enter: Enter, who: str) -> None:
    case = at_home_visit(field)
    visitor = enter(getattr(field, who))
    number = 2
    for page in ("", f"/steps/{number}/visit", f"/steps/{number}/pause", "/notes", "/address", "/reopen"):
        assert visitor.get(f"/cases/{case.reference}{page}").status_code == 404


def test_another_area_finds_no_case(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    reference = case.reference
    elsewhere = make_field(session, "lokeren", ("46029",))
    griet = elsewhere.person("Griet", "lop-lokeren", "coordinator")
    session.commit()
    assert enter(griet).get(f"/cases/{reference}").status_code == 404


def test_a_stranger_signs_in_first(field: Field, enter: Enter) -> None:
    case = at_home_visit(field)
    assert enter(None).get(f"/cases/{case.reference}").location.startswith("/sign-in")


def test_a_reference_nobody_gave_is_not_found(field: Field, enter: Enter) -> None:
    assert enter(field.worker).get("/cases/K7M4P-2").status_code == 404
    assert enter(field.worker).get("/cases/nonsense").status_code == 404


def test_reading_a_case_is_written_down_once_an_hour(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    subject = f"case:{case.reference}"
    visitor = enter(field.worker)
    for _ in range(2):
        visitor.read(f"/cases/{case.reference}")
    session.rollback()
    assert session.scalar(select(func.count()).where(Reading.subject == subject)) == 1


def test_a_school_sees_what_a_welcome_needs_and_no_more(field: Field, enter: Enter, session: Session) -> None:
    case = at_welcome(field)
    add_note(session, case, text="Moeder is bang", shared=False, by=field.worker)
    add_note(session, case, text="Gedeeld met iedereen", shared=True, by=field.worker)
    contact = {"relation": "mother", "email": None, "language": "tr", "by": field.worker}
    add_contact(session, case, name="Fatma", phone="0470 00 00 01", school_may_ring=True, **contact)
    add_contact(session, case, name="Emine", phone="0470 00 00 02", school_may_ring=False, **contact)
    session.commit()
    page = enter(field.school).read(f"/cases/{case.reference}")
    assert "Milan Peeters" in page
    assert "ma 4 jan 2027" in page
    assert "Fatma" in page
    for unseen in ("Emine", "Sleepstraat", "Moeder is bang", "Gedeeld met iedereen", "Wil naar school", "huisbezoek"):
        assert unseen not in page, unseen


def test_without_the_parents_word_only_reference_and_step_are_seen(field: Field, enter: Enter) -> None:
    case = at_school_choice(field, know="yes", agree="no")
    page = enter(field.guide).read(f"/cases/{case.reference}")
    assert "Schoolkeuze" in page
    for unseen in ("Milan", "Peeters", "Sleepstraat", "2022", "huisbezoek"):
        assert unseen not in page, unseen


def test_once_the_parents_agree_the_next_partner_sees_the_case(field: Field, enter: Enter, session: Session) -> None:
    case = at_school_choice(field, know="no", agree="not_asked")
    number = newest(session, case).number
    wim = enter(field.worker)
    assert "ziet enkel het dossiernummer" in wim.read(f"/cases/{case.reference}")
    assert wim.fill(f"/cases/{case.reference}/steps/{number}/agree").status_code == 302
    assert "Milan Peeters" in enter(field.guide).read(f"/cases/{case.reference}")


def test_a_guarded_address_is_for_lead_owner_and_companion(field: Field, enter: Enter, session: Session) -> None:
    case = at_school_choice(field)
    set_secrecy(session, reread(session, case), secrecy="shelter", by=field.coordinator)
    session.commit()
    owner = enter(field.guide).read(f"/cases/{case.reference}")
    assert "Sleepstraat" in owner
    assert "Geheim adres" in owner
    before = enter(field.worker).read(f"/cases/{case.reference}")
    assert "Milan Peeters" in before  # he had the step until a moment ago
    assert "Sleepstraat" not in before
    assert "afgeschermd" in before


def test_notes_are_for_the_own_organisation_unless_shared(field: Field, enter: Enter) -> None:
    case = at_school_choice(field)
    url = f"/cases/{case.reference}"
    wim, hanne = enter(field.worker), enter(field.guide)
    assert wim.fill(f"{url}/notes", text="Enkel voor ons").status_code == 302
    assert wim.fill(f"{url}/notes", text="Voor iedereen", shared="y").status_code == 302
    assert "Enkel voor ons" in wim.read(url)
    page = hanne.read(url)
    assert "Voor iedereen" in page
    assert "Enkel voor ons" not in page


def test_a_child_of_the_household_shows_only_to_who_sees_its_case(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    other = field.case("Elif", date(2024, 2, 1))
    child = field.child("Nobody", date(2024, 1, 1))  # without a case
    home = household_of(session, case)
    for each in (child_of(session, other), child):
        each.household_id = home
    session.commit()
    assert "Elif" not in enter(field.worker).read(f"/cases/{case.reference}")
    assert "Elif Peeters" in enter(field.coordinator).read(f"/cases/{case.reference}")


def test_a_guarded_child_is_not_given_away_by_the_page_of_another(field: Field, enter: Enter, session: Session) -> None:
    guarded, open_one = at_school_choice(field, first_name="Elif"), at_home_visit(field, "Milan")
    home = household_of(session, open_one)
    child_of(session, guarded).household_id = home
    session.commit()
    pages = [f"/cases/{case.reference}" for case in (open_one, guarded)]
    wim = enter(field.worker)  # he had Elif's step until a moment ago, and has Milan's
    assert "Elif Peeters" in wim.read(pages[0])
    set_secrecy(session, reread(session, guarded), secrecy="shelter", by=field.coordinator)
    session.commit()
    assert "Elif" not in wim.read(pages[0])
    assert "Milan" not in wim.read(pages[1])
    assert "Elif Peeters" in enter(field.coordinator).read(pages[0])


def test_another_child_of_the_household_that_may_start_earlier_is_named(
    field: Field, enter: Enter, session: Session
) -> None:
    small, older = at_home_visit(field, "Aya", date(2024, 11, 2)), at_home_visit(field, "Elif", date(2024, 5, 20))
    child_of(session, older).household_id = household_of(session, small)
    session.commit()
    wim = enter(field.worker)
    assert "Elif, ook op dit adres, mag vroeger starten: instapdatum ma 4 jan 2027" in wim.read(
        f"/cases/{small.reference}"
    )
    assert "mag vroeger starten" not in wim.read(f"/cases/{older.reference}")


def test_a_child_that_started_already_may_not_start_earlier(field: Field, enter: Enter, session: Session) -> None:
    small, older = at_home_visit(field, "Aya", date(2024, 11, 2)), at_home_visit(field, "Elif", date(2024, 5, 20))
    child_of(session, older).household_id = household_of(session, small)
    by, on = field.worker.person_id, date(2026, 11, 9)
    session.add(CaseAnchor(case_id=older.id, key="entry_day", on=on, at=clock.now(), by_id=by))
    session.commit()
    page = enter(field.worker).read(f"/cases/{small.reference}")
    assert "mag vroeger starten" not in page
    assert "instapdatum ma 9 nov 2026" in page


def test_the_story_can_be_narrowed_to_visits_or_notes(field: Field, enter: Enter) -> None:
    case = at_school_choice(field)
    url = f"/cases/{case.reference}"
    hanne = enter(field.guide)
    assert hanne.fill(f"{url}/notes", text="Moeder werkt in de namiddag").status_code == 302
    whole = story(hanne.read(url))
    assert "Notitie geschreven" in whole
    assert "Wil naar school" in whole
    assert "Dossier geopend" in whole
    visits = story(hanne.read(f"{url}?show=contacts"))
    assert "Wil naar school" in visits
    assert "Notitie geschreven" not in visits
    assert "Dossier geopend" not in visits
    assert "Notitie geschreven" in story(hanne.read(f"{url}?show=notes"))
    assert "Dossier geopend" in story(hanne.read(f"{url}?show=nonsense"))


def test_a_reminder_that_went_out_stands_in_the_story(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    step = newest(session, case)
    session.add(
        Reminder(
            step_id=step.id, address="wim@x.example", rung="aim", aim_on=step.aim_on, on=step.aim_on, at=clock.now()
        )
    )
    session.commit()
    assert "Herinnering per mail" in enter(field.worker).read(f"/cases/{case.reference}?show=mails")


def test_what_is_not_mine_to_do_is_said_with_the_reason(field: Field, enter: Enter) -> None:
    case = at_school_choice(field)
    page = enter(field.worker).read(f"/cases/{case.reference}")
    assert "Wat je nu niet kunt, en waarom" in page
    assert "het is aan" in page


def story(page: str) -> str:
    """The timeline of a case page."""
    return page[page.index('id="timeline"') :]


def household_of(session: Session, case: Case) -> int:
    """The household of the child of a case."""
    return child_of(session, case).household_id


def child_of(session: Session, case: Case):
    """The child of a case."""
    from outreach.children.models import Child

    return session.get_one(Child, case.child_id, execution_options=READ)
