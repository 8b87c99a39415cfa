"""A coordinator decides what a list says otherwise, in bulk; it is done, named where it cannot, and taken back."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.family import correct_address
from outreach.cases.commands.owning import take_step
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, Deed, Proposal
from outreach.children.addresses import AddressKind
from outreach.children.models import Child, Household, Residence
from outreach.database import transaction
from outreach.imports.models import DifferenceKind, ListDifference
from outreach.imports.queries.begun import LOADED
from tests.cases.conftest import Visitor, sign_in
from tests.cases.undo.test_taking_back import all_facts
from tests.ground.field import Field, make_field
from tests.imports.deciding import (
    ANTWERP,
    AYAAN,
    ELSEWHERE,
    NOOR,
    NOW,
    THEN,
    case_of,
    confirm,
    decide,
    field,
    ids_of,
    lies,
    look,
    move_of,
    sound,
    two_lists,
    undo,
)
from tests.imports.files import number_of, row
from tests.imports.loading import READ, load

__all__ = ["field", "lies", "sign_in"]

LISTS: dict[tuple[DifferenceKind, str], tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    (DifferenceKind.GONE, "verify"): ([AYAAN, NOOR], [NOOR]),
    (DifferenceKind.GONE, "keep"): ([AYAAN, NOOR], [NOOR]),
    (DifferenceKind.GONE, "later"): ([AYAAN, NOOR], [NOOR]),
    (DifferenceKind.MOVED, "take"): ([AYAAN, NOOR], [AYAAN | ELSEWHERE, NOOR | ELSEWHERE]),
    (DifferenceKind.MOVED, "keep"): ([AYAAN, NOOR], [AYAAN | ELSEWHERE, NOOR]),
    (DifferenceKind.RESPELT, "take"): ([AYAAN], [AYAAN | {"Voornaam": "Ayan"}]),
    (DifferenceKind.RESPELT, "keep"): ([AYAAN], [AYAAN | {"Voornaam": "Ayan"}]),
    (DifferenceKind.CAPITALS, "take"): ([AYAAN], [AYAAN | {"Voornaam": "AYAAN"}]),
    (DifferenceKind.BORN, "take"): ([AYAAN], [AYAAN | {"Geboortedatum": "02/03/2024"}]),
    (DifferenceKind.OUTSIDE, "keep"): ([NOOR], [NOOR, AYAAN | ANTWERP]),
}
"""Two lists for each answer."""


@pytest.mark.parametrize(("kind", "answer"), LISTS)
def test_each_decision_is_taken_back_exactly(
    field: Field, session: Session, lies: Visitor, kind: DifferenceKind, answer: str
) -> None:
    """Table by table, every row is as it was, and the group waits again."""
    batch_id = two_lists(field, *LISTS[kind, answer])
    count = len(ids_of(session, batch_id, kind))
    assert count
    before = all_facts(session)
    session.rollback()
    page = decide(lies, session, batch_id, kind, answer)
    assert ("1 kind beslist" if count == 1 else f"{count} kinderen beslist") in page
    sound(session)
    undo(lies, session, batch_id)
    session.expire_all()
    assert all_facts(session) == before
    statement = select(ListDifference.answer).where(ListDifference.kind == kind)
    assert set(session.scalars(statement, execution_options=READ)) == {None}
    sound(session)


def test_who_is_gone_is_looked_after_by_the_lead_and_nothing_is_closed(
    field: Field, session: Session, lies: Visitor
) -> None:
    batch_id = two_lists(field, [AYAAN, NOOR], [NOOR])
    decide(lies, session, batch_id, DifferenceKind.GONE, "verify")
    case = case_of(session, "Ayaan")
    step = move_of(session, case)
    assert (case.ended_at, step.key, step.organisation_id) == (None, "verification", case.lead_id)
    page, kept = look(lies, batch_id, DifferenceKind.GONE, "verify", ids_of(session, batch_id, DifferenceKind.GONE))
    assert kept == []
    assert "Zo valt er niets te beslissen" in page


def test_children_who_move_together_stay_together_and_who_moves_alone_is_apart(
    field: Field, session: Session, lies: Visitor
) -> None:
    """Ayaan and Noor go to the Kerkstraat; Adam, of the same household, stays."""
    adam = {"Voornaam": "Adam", "INSZ": number_of(date(2024, 6, 5)), "Geboortedatum": "05/06/2024"}
    batch_id = two_lists(field, [AYAAN, NOOR, adam], [AYAAN | ELSEWHERE, NOOR | ELSEWHERE, adam])
    ids = ids_of(session, batch_id, DifferenceKind.MOVED)
    page, kept = look(lies, batch_id, DifferenceKind.MOVED, "take", ids)
    assert "2 adressen wijzigen" in page
    assert "1 gezin splitst" in page
    session.rollback()
    confirm(lies, batch_id, DifferenceKind.MOVED, "take", kept)
    session.expire_all()
    homes = {
        name: (household, street)
        for name, household, street in session.execute(
            select(Child.first_name, Child.household_id, Residence.street)
            .join(Residence, Residence.child_id == Child.id)
            .where(Residence.until_at.is_(None)),
            execution_options=READ,
        )
    }
    assert homes["Ayaan"] == homes["Noor"]
    assert homes["Ayaan"][1] == "Kerkstraat"
    assert homes["Adam"] != homes["Ayaan"]
    sound(session)


def test_a_whole_household_moves_with_its_address(field: Field, session: Session, lies: Visitor) -> None:
    batch_id = two_lists(field, [AYAAN, NOOR], [AYAAN | ELSEWHERE, NOOR | ELSEWHERE])
    page, kept = look(lies, batch_id, DifferenceKind.MOVED, "take", ids_of(session, batch_id, DifferenceKind.MOVED))
    assert "1 gezin verhuist samen" in page
    session.rollback()
    confirm(lies, batch_id, DifferenceKind.MOVED, "take", kept)
    (household,) = session.scalars(select(Household), execution_options=READ).all()
    assert household.address_key.startswith("kerkstraat")


def test_what_moved_on_between_looking_and_deciding_is_named_and_left(
    field: Field, session: Session, lies: Visitor
) -> None:
    batch_id = two_lists(field, [AYAAN, NOOR, {"Voornaam": "Sam", "INSZ": ""}], [{"Voornaam": "Sam", "INSZ": ""}])
    ids = ids_of(session, batch_id, DifferenceKind.GONE)
    _page, kept = look(lies, batch_id, DifferenceKind.GONE, "verify", ids)
    session.rollback()
    noor = case_of(session, "Noor")
    with transaction(session):
        facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
        report_outcome(session, noor, move_of(session, noor), outcome="assign", facts=facts, by=field.coordinator)
    page = confirm(lies, batch_id, DifferenceKind.GONE, "verify", kept)
    assert "1 kind beslist" in page
    assert noor.reference in page
    session.expire_all()
    assert move_of(session, noor).key == "home_visit"


def test_two_coordinators_and_a_double_click_decide_once(field: Field, session: Session, lies: Visitor) -> None:
    batch_id = two_lists(field, [AYAAN, NOOR], [NOOR])
    _page, kept = look(lies, batch_id, DifferenceKind.GONE, "verify", ids_of(session, batch_id, DifferenceKind.GONE))
    session.rollback()
    confirm(lies, batch_id, DifferenceKind.GONE, "verify", kept, submission_key="once")
    page = confirm(lies, batch_id, DifferenceKind.GONE, "verify", kept, submission_key="once")
    assert "bleven zoals ze waren" not in page
    page = confirm(lies, batch_id, DifferenceKind.GONE, "keep", kept, submission_key="another")
    assert case_of(session, "Ayaan").reference in page
    decided = session.scalars(select(Deed.key).where(Deed.key != LOADED), execution_options=READ).all()
    assert len(decided) == 1


def test_a_case_that_moved_on_since_is_left_when_a_decision_is_taken_back(
    field: Field, session: Session, lies: Visitor
) -> None:
    """Both are to be checked; Lies takes Noor's step. Taken back: Ayaan is as before, Noor is named and left."""
    sam = {"Voornaam": "Sam", "INSZ": "", "Referentiepersoon": "Iemand Anders", "Huisnummer": "3"}
    batch_id = two_lists(field, [AYAAN, NOOR, sam], [sam])
    decide(lies, session, batch_id, DifferenceKind.GONE, "verify")
    noor = case_of(session, "Noor")
    with transaction(session):
        take_step(session, noor, move_of(session, noor), by=field.coordinator)
    reference = noor.reference
    assert reference in undo(lies, session, batch_id)
    session.expire_all()
    assert move_of(session, case_of(session, "Ayaan")).key == "intake"
    assert move_of(session, case_of(session, "Noor")).key == "verification"


def test_capitals_are_accepted_in_one_click(field: Field, session: Session, lies: Visitor) -> None:
    batch_id = two_lists(field, [AYAAN], [AYAAN | {"Voornaam": "AYAAN"}])
    page = confirm(lies, batch_id, DifferenceKind.CAPITALS, "take", [], whole="1")
    assert "1 kind beslist" in page
    assert case_of(session, "AYAAN").ended_at is None


def test_a_child_outside_is_offered_to_the_area_it_lives_in(field: Field, session: Session, lies: Visitor) -> None:
    make_field(session, key="antwerpen", nis=("11002",))
    session.commit()
    batch_id = two_lists(field, [AYAAN, NOOR], [AYAAN | ANTWERP, NOOR])
    decide(lies, session, batch_id, DifferenceKind.OUTSIDE, "offer")
    (offer,) = session.scalars(select(Proposal), execution_options=READ).all()
    assert (offer.key, offer.case_id) == ("transfer", case_of(session, "Ayaan").id)


def test_an_area_without_outreach_is_said_and_nothing_is_closed(field: Field, session: Session, lies: Visitor) -> None:
    batch_id = two_lists(field, [AYAAN, NOOR], [AYAAN | ANTWERP, NOOR])
    ids = ids_of(session, batch_id, DifferenceKind.OUTSIDE)
    page, kept = look(lies, batch_id, DifferenceKind.OUTSIDE, "offer", ids)
    assert "werkt niet met Outreach" in page
    assert kept == []


def test_an_address_that_must_stay_hidden_is_not_overwritten(field: Field, session: Session, lies: Visitor) -> None:
    load(field, row(), as_of=THEN)
    ayaan = case_of(session, "Ayaan")
    with transaction(session):
        hidden = {"street": "Nergens", "number": "1", "postcode": "9000", "municipality": "Gent", "nis": "44021"}
        correct_address(session, ayaan, address=hidden, kind=AddressKind.SHELTER, by=field.coordinator)
    batch_id = load(field, row(**ELSEWHERE), row(**NOOR), as_of=NOW).batch_id
    page, kept = look(lies, batch_id, DifferenceKind.MOVED, "take", ids_of(session, batch_id, DifferenceKind.MOVED))
    assert "afgeschermd" in page
    assert kept == []


def test_a_later_list_overtakes_what_an_earlier_one_asked(field: Field, session: Session, lies: Visitor) -> None:
    """Gone in January, back in March: nobody goes to check any more."""
    load(field, row(), row(**NOOR), as_of=THEN)
    january = load(field, row(**NOOR), as_of=date(2027, 1, 15)).batch_id
    load(field, row(**NOOR), row(), as_of=NOW)
    page, kept = look(lies, january, DifferenceKind.GONE, "verify", ids_of(session, january, DifferenceKind.GONE))
    assert "een latere lijst zegt iets anders" in page
    assert kept == []


def test_a_number_that_changed_is_put_back(field: Field, session: Session, lies: Visitor) -> None:
    number = number_of(date(2024, 3, 1), 0)
    batch_id = two_lists(field, [AYAAN], [AYAAN | {"INSZ": number}])
    ids = ids_of(session, batch_id, DifferenceKind.RENUMBERED)
    assert len(ids) == 1
    decide(lies, session, batch_id, DifferenceKind.RENUMBERED, "put_back")
    session.expire_all()
    assert case_of(session, "Ayaan")
    assert session.scalars(select(Child.insz), execution_options=READ).one() != number


def test_a_number_put_back_on_the_receipt_is_no_question_any_more(
    field: Field, session: Session, lies: Visitor
) -> None:
    batch_id = two_lists(field, [AYAAN], [AYAAN | {"INSZ": number_of(date(2024, 3, 1), 0)}])
    (undo_path,) = re.findall(r'action="(/lists/\d+/numbers/\d+/undo)"', lies.open(f"/lists/{batch_id}").text)
    assert lies.send(undo_path).status_code == 302
    assert "Niets te beslissen" in lies.open(f"/lists/{batch_id}/differences").text
    answers = session.scalars(select(ListDifference.answer), execution_options=READ).all()
    assert answers == ["put_back"]


def test_cases_another_organisation_leads_are_a_number_without_names(
    field: Field, session: Session, lies: Visitor
) -> None:
    load(field, row(), row(**NOOR), as_of=THEN)
    ayaan = case_of(session, "Ayaan")
    with transaction(session):
        ids = {"lead_id": field.organisations["kg-gent"].id}
        session.execute(update(Case).where(Case.id == ayaan.id).values(**ids))
    batch_id = load(field, row(**NOOR), as_of=NOW).batch_id
    page = lies.open(f"/lists/{batch_id}/differences").text
    assert "Kind en Gezin Gent" in page
    assert "Ayaan" not in page
    page, kept = look(lies, batch_id, DifferenceKind.GONE, "verify", ids_of(session, batch_id, DifferenceKind.GONE))
    assert kept == []


def test_after_thirty_days_nothing_is_taken_back(field: Field, session: Session, lies: Visitor) -> None:
    batch_id = two_lists(field, [AYAAN, NOOR], [NOOR])
    decide(lies, session, batch_id, DifferenceKind.GONE, "verify")
    with transaction(session):
        session.execute(update(Deed).values(at=clock.now() - timedelta(days=31)))
    page = lies.open(f"/lists/{batch_id}/differences").text
    assert "Ouder dan 30 dagen" in page
    undo(lies, session, batch_id)
    assert move_of(session, case_of(session, "Ayaan")).key == "verification"


def test_nothing_ticked_is_said(field: Field, session: Session, lies: Visitor) -> None:
    batch_id = two_lists(field, [AYAAN, NOOR], [NOOR])
    answer = lies.send(f"/lists/{batch_id}/differences", group="gone", answer="verify")
    assert answer.status_code == 400
    assert "Vink minstens één kind aan" in answer.text
    assert lies.send(f"/lists/{batch_id}/differences", group="nothing", answer="verify").status_code == 400
