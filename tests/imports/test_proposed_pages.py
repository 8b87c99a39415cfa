"""A new child of a list that is probably known: both side by side, said to be one or two, and taken back."""

import re
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach.cases.models import Case
from outreach.children.models import Child, Grant
from outreach.database import transaction
from outreach.imports.models import DifferenceKind, ListDifference
from tests.cases.conftest import SignIn, Visitor, sign_in
from tests.cases.undo.test_taking_back import all_facts
from tests.ground.field import Field, make_field
from tests.imports.files import row
from tests.imports.loading import READ, load

__all__ = ["sign_in"]

THEN, NOW = date(2026, 12, 15), date(2027, 3, 15)
AGAIN = row(INSZ="", Voornaam="Ayan", Naam="Saffi", Straat="Kerkstraat", Huisnummer="5")
"""Ayaan of the Sleepstraat, respelt, moved and without a number."""


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session, nis=("44021", "44088", "44013", "43018"))
    session.commit()
    return made


@pytest.fixture
def lies(sign_in: SignIn, field: Field) -> Visitor:
    """The coordinator of the LOP, signed in."""
    return sign_in(field.coordinator)


@pytest.fixture
def batch_id(field: Field) -> int:
    load(field, row(), as_of=THEN)
    return load(field, AGAIN, as_of=NOW).batch_id


def asked(session: Session) -> ListDifference:
    statement = select(ListDifference).where(ListDifference.kind == DifferenceKind.PROPOSED)
    return session.scalars(statement, execution_options=READ).one()


def test_one_child_is_said_and_taken_back_exactly(lies: Visitor, batch_id: int, session: Session) -> None:
    assert "waarschijnlijk al gekend: 1 te beslissen" in lies.open(f"/lists/{batch_id}/differences").text
    page = lies.open(f"/lists/{batch_id}/proposed").text
    assert "Ayan Saffi" in page
    assert "Ayaan Safi" in page
    number, before = asked(session).id, all_facts(session)
    session.rollback()
    assert lies.send(f"/lists/{batch_id}/proposed/{number}", answer="same").status_code == 302
    session.expire_all()
    merged = session.scalars(select(Child.merged_into_id), execution_options=READ).all()
    assert sum(each is not None for each in merged) == 1
    session.rollback()
    assert "samengevoegd" in lies.open(f"/lists/{batch_id}/proposed").text
    assert lies.send(f"/lists/{batch_id}/proposed/{number}/undo").status_code == 302
    session.expire_all()
    assert all_facts(session) == before
    assert asked(session).answer is None


def test_two_children_is_said_once_and_a_second_answer_changes_nothing(
    lies: Visitor, batch_id: int, session: Session
) -> None:
    number = asked(session).id
    session.rollback()
    lies.send(f"/lists/{batch_id}/proposed/{number}", answer="not_the_same")
    lies.send(f"/lists/{batch_id}/proposed/{number}", answer="same")
    session.expire_all()
    assert asked(session).answer == "not_the_same"
    assert set(session.scalars(select(Child.merged_into_id), execution_options=READ)) == {None}
    assert "Geen paren te beslissen" in lies.open(f"/lists/{batch_id}/proposed").text


def test_of_a_child_of_others_only_who_coordinates_is_told(
    lies: Visitor, batch_id: int, field: Field, session: Session
) -> None:
    """Nothing of the known child is shown, and nothing can be said about the pair."""
    other = make_field(session, key="aalst", nis=("41002",))
    session.commit()
    known = session.get_one(Case, asked(session).case_id, execution_options=READ)
    _to_others(session, known, other)
    page = lies.open(f"/lists/{batch_id}/proposed").text
    assert "LOP Aalst" in page
    assert re.search(r"Ayaan|Sleepstraat", page) is None
    number = asked(session).id
    session.rollback()
    lies.send(f"/lists/{batch_id}/proposed/{number}", answer="same")
    session.expire_all()
    assert asked(session).answer is None


def _to_others(session: Session, case: Case, other: Field) -> None:
    """The case is led by another area, and ours sees nothing of it."""
    lead = other.area.coordinator_id
    with transaction(session):
        session.execute(update(Case).where(Case.id == case.id).values(lead_id=lead, area_id=other.area.id))
        session.execute(update(Grant).where(Grant.case_id == case.id).values(organisation_id=lead))
