"""What a visit keeps beside its outcome: the next time, the family's language, whom to ring, a note at each child."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Attempt, Case, Event, Note
from outreach.children.households import split_household
from outreach.children.models import Child, FamilyContact, HouseholdMembership, VisitWithTwo
from tests.ground.field import Field

from .conftest import READ, Visitor, at_home_visit, newest

Enter = Callable[[Actor | None], Visitor]

AGREED = {"parents_know": "yes", "parents_agree": "yes"}


@pytest.fixture
def elif_and_can(field: Field, session: Session) -> tuple[Case, Case]:
    """Two children of one household, both to be visited by Wim."""
    first, second = at_home_visit(field, "Elif", date(2023, 6, 10)), at_home_visit(field, "Can", date(2022, 3, 1))
    one, other = (session.get_one(Child, case.child_id, execution_options=READ) for case in (first, second))
    joined = select(HouseholdMembership).where(HouseholdMembership.child_id == other.id)
    session.scalars(joined, execution_options=READ).one().household_id = one.household_id
    other.household_id = one.household_id
    session.commit()
    return first, second


def visit_url(session: Session, case: Case) -> str:
    """The report of the newest step."""
    number = newest(session, case).number
    reference = session.get_one(Case, case.id, execution_options=READ).reference
    session.rollback()
    return f"/cases/{reference}/steps/{number}/visit"


def all_of(session: Session, model: type) -> list[Any]:
    """Every row there is, as the database has it now."""
    session.rollback()
    return list(session.scalars(select(model).order_by(model.id), execution_options=READ))  # type: ignore[attr-defined]


def test_nobody_home_twice_in_the_morning_means_an_afternoon(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), visit_url(session, case)
    wim.fill(url, outcome="nobody_reached")
    with clock.at(clock.now() + timedelta(days=23)):
        wim = enter(field.worker)
        kept = wim.fill(url, outcome="nobody_reached")
        step = newest(session, case)
        assert (step.planned_on, step.planned_part) == (date(2027, 1, 14), "afternoon")
        assert "donderdag 14 januari, namiddag: twee keer ’s morgens niemand bereikt" in wim.read(kept.location)


def test_another_day_than_the_one_proposed_is_kept(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim = enter(field.worker)
    wim.fill(visit_url(session, case), outcome="nobody_reached", planned_on="2026-12-19", planned_part="noon")
    step = newest(session, case)
    assert (step.planned_on, step.planned_part) == (date(2026, 12, 19), "noon")


def test_a_day_agreed_afterwards_says_nothing_of_the_hour(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), visit_url(session, case)
    wim.fill(url, outcome="nobody_reached")
    wim.fill(url.replace("/visit", "/plan"), on="2027-01-05")
    assert newest(session, case).planned_part is None


def test_a_note_of_a_visit_stands_at_each_child(
    elif_and_can: Any, field: Field, enter: Enter, session: Session
) -> None:
    wim = enter(field.worker)
    wim.fill(visit_url(session, elif_and_can[0]), outcome="wants_school", note="Oma past op", **AGREED)
    notes = all_of(session, Note)
    assert {note.case_id for note in notes} == {case.id for case in elif_and_can}
    assert len({note.occasion for note in notes}) == 1
    reference = session.get_one(Case, elif_and_can[1].id, execution_options=READ).reference
    corrected = next(note for note in notes if note.case_id == elif_and_can[1].id)
    wim.fill(f"/cases/{reference}/notes/{corrected.id}", text="Opa past op")
    for case in elif_and_can:
        page = wim.read(f"/cases/{session.get_one(Case, case.id, execution_options=READ).reference}")
        session.rollback()
        assert "Opa past op" in page
        assert "Oma past op" not in page


def test_the_family_s_language_and_interpreter_are_known_at_each_child(
    elif_and_can: Any, field: Field, enter: Enter, session: Session
) -> None:
    wim, url = enter(field.worker), visit_url(session, elif_and_can[0])
    wim.fill(url, outcome="nobody_reached", language="tr", interpreter="y")
    assert {(child.language, child.interpreter) for child in all_of(session, Child)} == {("tr", True)}
    page = wim.read(url)
    assert "Turks (tolk nodig)" in page
    wim.send(url, {**wim.open_form(url), "outcome": "nobody_reached", "interpreter": None})
    assert {child.interpreter for child in all_of(session, Child)} == {False}


def test_what_was_not_on_the_screen_is_not_forgotten(field: Field, enter: Enter, session: Session) -> None:
    """A hidden part is not sent: that says nothing about the interpreter the family needs."""
    case = at_home_visit(field)
    wim, url = enter(field.worker), visit_url(session, case)
    wim.fill(url, outcome="nobody_reached", language="tr", interpreter="y")
    hidden = {"language", "language_was", "interpreter", "interpreter_was"}
    shown = {name: value for name, value in wim.open_form(url).items() if name not in hidden}
    wim.send(url, {**shown, "outcome": "nobody_reached"})
    (child,) = all_of(session, Child)
    assert (child.language, child.interpreter) == ("tr", True)


def test_could_not_talk_asks_the_language_and_notes_the_interpreter(
    field: Field, enter: Enter, session: Session
) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), visit_url(session, case)
    refused = wim.fill(url, outcome="could_not_talk", note="Praat wat Pools?")
    assert refused.status_code == 422
    assert "Praat wat Pools?" in refused.text
    wim.fill(url, outcome="could_not_talk", language="pl")
    (child,) = all_of(session, Child)
    assert (child.language, child.interpreter) == ("pl", True)


def test_both_parents_are_added_and_put_right_in_the_report(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), visit_url(session, case)
    mother = {"contacts-0-name": "Fatma", "contacts-0-phone": "0470 00 00 01", "contacts-0-language": "tr"}
    wim.fill(url, outcome="nobody_reached", **mother, **{"contacts-1-name": "Murat"})
    assert all_of(session, FamilyContact) == []  # a father without a number: nothing was kept
    wim.fill(url, outcome="nobody_reached", **mother)
    wim.fill(url, outcome="nobody_reached", **{"contacts-0-phone": "0470 00 00 09"})
    (contact,) = all_of(session, FamilyContact)
    assert (contact.name, contact.relation, contact.phone) == ("Fatma", "mother", "0470 00 00 09")
    changed = [event for event in all_of(session, Event) if event.kind == "contact_changed"]
    assert "0470 00 00 01" in (changed[0].personal or "")


def test_a_number_somebody_else_put_right_meanwhile_stays(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), visit_url(session, case)
    wim.fill(url, outcome="nobody_reached", **{"contacts-0-name": "Fatma", "contacts-0-phone": "0470 00 00 01"})
    taken_along = wim.open_form(url)
    (contact,) = all_of(session, FamilyContact)
    contact.phone = "0470 00 00 02"
    session.commit()
    assert wim.send(url, {**taken_along, "outcome": "nobody_reached"}).status_code == 302
    assert [each.phone for each in all_of(session, FamilyContact)] == ["0470 00 00 02"]


def test_visiting_with_two_is_for_those_who_visit_and_ends_by_itself(
    field: Field, enter: Enter, session: Session
) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), visit_url(session, case)
    wim.fill(url, outcome="nobody_reached", with_two="dog")
    reference = url.split("/")[2]
    warning = "Ga hier met twee op bezoek: hond (tot di 15 jun 2027)."
    for page in (url, f"/cases/{reference}"):
        assert warning in wim.read(page), page
    with clock.at(clock.moment_of(date(2027, 1, 4), 9)):
        assert warning in enter(field.worker).read("/my-work")
    lies = enter(field.coordinator)
    told = lies.read(f"/cases/{reference}")
    assert "hond" not in told
    assert "et twee" not in told
    assert lies.get(f"/cases/{reference}/with-two").status_code == 403
    with clock.at(clock.now() + timedelta(days=183)):
        assert warning not in enter(field.worker).read(f"/cases/{reference}")


def test_visiting_with_two_can_be_ended(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), visit_url(session, case)
    page = f"/cases/{url.split('/')[2]}/with-two"
    wim.fill(page, reason="tense_before")
    warning = "Ga hier met twee op bezoek: eerder een gespannen situatie"
    assert warning in wim.read(url)
    wim.fill(url, outcome="nobody_reached", with_two_ended="y")
    assert warning not in wim.read(url)
    assert [bool(said.ended_at) for said in all_of(session, VisitWithTwo)] == [True]


def test_a_child_of_a_family_visited_with_two_takes_the_warning_along(
    elif_and_can: Any, field: Field, enter: Enter, session: Session
) -> None:
    wim, url = enter(field.worker), visit_url(session, elif_and_can[0])
    wim.fill(url, outcome="nobody_reached", with_two="dog")
    moved = session.get_one(Child, elif_and_can[1].child_id, execution_options=READ)
    split_household(session, moved, with_contacts=False, by=field.worker)
    session.commit()
    assert "Ga hier met twee op bezoek: hond" in wim.read(visit_url(session, elif_and_can[1]))


def test_who_saves_second_sees_the_number_typed_too(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), visit_url(session, case)
    stale = wim.open_form(url)
    wim.fill(url, outcome="nobody_reached")
    mother = {"contacts-0-name": "Fatma", "contacts-0-phone": "0470 00 00 01"}
    answer = wim.send(url, {**stale, "outcome": "wants_school", **mother, **AGREED})
    assert answer.status_code == 409
    assert "Fatma, moeder, 0470 00 00 01" in answer.text
    assert answer.text.count("<dd>di 15 dec 2026</dd>") == 2
    assert answer.text.count("<dd>10:00</dd>") == 2


def test_a_letter_that_came_back_and_another_child_are_kept(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim = enter(field.worker)
    given = {"channel": "letter", "letter_returned": "y", "other_child": "y"}
    kept = wim.fill(visit_url(session, case), outcome="wrong_address", **given)
    page = wim.read(kept.location)
    assert "De brief kwam terug" in page
    assert f"/cases/{kept.location.split('/')[2]}/household/child" in page


def test_a_visit_as_text_has_the_own_note_and_no_name(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim = enter(field.worker)
    said = {"barriers": "cost", "help": "register", "spoke_with": "mother", "language": "tr"}
    kept = wim.fill(visit_url(session, case), outcome="wants_school", note="Komt zaterdag", **said, **AGREED)
    page = wim.read(kept.location)
    text = page.split("<textarea", 1)[1].split("</textarea>", 1)[0]
    for line in ("Resultaat: Wil naar school", "Gesproken met: moeder", "Wat in de weg staat: kosten", "Komt zaterdag"):
        assert line in text, line
    assert "Daarna: Schoolkeuze, Huis van het Kind Gent" in text
    assert "Milan" not in text
    others = enter(field.coordinator).read(kept.location)
    assert "Resultaat: Wil naar school" in others
    assert "Komt zaterdag" not in others


def test_who_sees_only_a_reference_has_no_text(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    answers = {"parents_know": "no", "parents_agree": "no"}
    kept = enter(field.worker).fill(visit_url(session, case), outcome="wants_school", **answers)
    assert enter(field.guide).get(kept.location).status_code == 403
    assert enter(field.school).get(kept.location).status_code == 404


def test_a_report_sent_twice_tells_everything_once(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    wim, url = enter(field.worker), visit_url(session, case)
    mother = {"contacts-0-name": "Fatma", "contacts-0-phone": "0470 00 00 01"}
    fields = {**wim.open_form(url), "outcome": "nobody_reached", "with_two": "dog", "note": "Hond los", **mother}
    first, second = wim.send(url, fields), wim.send(url, fields)
    assert first.location == second.location
    assert [len(all_of(session, model)) for model in (Attempt, Note, FamilyContact, VisitWithTwo)] == [1, 1, 1, 1]
