"""The family of a case put right on the page: in the case of every child it is about, and a child met at the door."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.commands.door import add_child_at_door
from outreach.cases.commands.household import household_of, join_households, say_siblings, split_household
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, Event
from outreach.cases.queries.verify import case_checks
from outreach.cases.words import refusal
from outreach.children.insz import parse
from outreach.children.models import Child
from outreach.errors import Refused
from tests.cases.area.field_of_many import READ, step_of
from tests.cases.conftest import SignIn
from tests.ground.field import Field, make_field


@pytest.fixture
def field(session: Session) -> Field:
    return make_field(session)


def kinds(session: Session, case: Case) -> list[str]:
    """What happened in a case."""
    session.flush()
    found = select(Event.kind).where(Event.case_id == case.id).order_by(Event.seq)
    return list(session.scalars(found, execution_options=READ))


def child_of(session: Session, case: Case) -> Child:
    """The child of a case."""
    return session.get_one(Child, case.child_id, execution_options=READ)


def test_it_is_said_in_the_case_of_every_child(field: Field, session: Session) -> None:
    milan, noor = field.case("Milan", date(2022, 3, 10)), field.case("Noor", date(2023, 6, 1))
    join_households(session, milan, other=household_of(session, noor), by=field.coordinator)
    say_siblings(session, noor, by=field.coordinator)
    say_siblings(session, milan, by=field.coordinator)
    split_household(session, milan, child=child_of(session, noor), with_contacts=False, by=field.coordinator)
    for case in (milan, noor):
        assert kinds(session, case) == ["case_opened", "household_joined", "siblings_said", "household_split"]
    assert [each for each in case_checks(session) if not each.ok] == []


def test_a_child_of_another_household_cannot_be_split_out(field: Field, session: Session) -> None:
    milan, noor = field.case("Milan", date(2022, 3, 10)), field.case("Noor", date(2023, 6, 1))
    with pytest.raises(Refused, match="child_of_other_household"):
        split_household(session, milan, child=child_of(session, noor), with_contacts=False, by=field.coordinator)


def add(field: Field, case: Case, first_name: str, born_on: date, insz: str | None = None) -> Case:
    """Wim meets a child at the door."""
    number = parse(insz) if insz else None
    return add_child_at_door(
        field.session,
        case,
        first_name=first_name,
        last_name="Peeters",
        born_on=born_on,
        insz=number,
        by=field.worker,
    )


def test_a_child_met_at_the_door_gets_a_case_in_the_same_household_at_intake(field: Field, session: Session) -> None:
    milan = field.case("Milan", date(2022, 3, 10))
    lotte = add(field, milan, "Lotte", date(2024, 1, 5))
    step = step_of(session, lotte)
    assert (step.key, lotte.lead_id, lotte.origin) == ("intake", milan.lead_id, "door")
    assert household_of(session, lotte).id == household_of(session, milan).id
    assert kinds(session, milan) == ["case_opened", "child_added"]
    assert [each for each in case_checks(session) if not each.ok] == []


@pytest.mark.parametrize(
    ("first_name", "born_on", "insz", "key"),
    [
        ("Milan", date(2022, 3, 10), None, "child_known"),
        ("MILAN", date(2022, 3, 10), "22.03.10-000.18", "child_known"),
        ("Lotte", date(2027, 1, 5), None, "born_in_future"),
        ("Lotte", date(2019, 1, 5), None, "child_too_old"),
        (" ", date(2024, 1, 5), None, "child_without_name"),
    ],
)
def test_a_child_that_is_known_or_cannot_be_right_is_refused(
    field: Field, first_name: str, born_on: date, insz: str | None, key: str
) -> None:
    milan = field.case("Milan", date(2022, 3, 10))
    with pytest.raises(Refused, match=key):
        add(field, milan, first_name, born_on, insz)


def assigned(field: Field, name: str, born_on: date) -> Case:
    """A case at Wim's team."""
    case = field.case(name, born_on)
    facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
    report_outcome(
        field.session, case, step_of(field.session, case), outcome="assign", facts=facts, by=field.coordinator
    )
    return case


def test_on_the_page_a_family_is_joined_and_called_siblings(field: Field, session: Session, sign_in: SignIn) -> None:
    milan, noor = assigned(field, "Milan", date(2022, 3, 10)), assigned(field, "Noor", date(2023, 6, 1))
    path, milan_id, other = f"/cases/{milan.reference}/household", milan.id, household_of(session, noor).id
    visitor = sign_in(field.worker)
    page = visitor.open(path)
    assert "Noor, op hetzelfde adres, horen ook bij dit gezin" in page.text
    assert visitor.send(path, what=f"join:{other}").status_code == 302
    assert "broers en zussen" in visitor.open(path).text
    assert visitor.send(path, what="siblings").status_code == 302
    assert visitor.send(path, what="siblings").status_code == 400
    session.rollback()
    case = session.get_one(Case, milan_id, execution_options=READ)
    assert kinds(session, case)[-2:] == ["household_joined", "siblings_said"]


def test_a_family_one_may_not_see_is_not_proposed_nor_joined(field: Field, session: Session, sign_in: SignIn) -> None:
    milan, noor = assigned(field, "Milan", date(2022, 3, 10)), field.case("Noor", date(2023, 6, 1))
    path, other = f"/cases/{milan.reference}/household", household_of(session, noor).id
    visitor = sign_in(field.worker)
    assert "Noor" not in visitor.open(path).text
    assert visitor.send(path, what=f"join:{other}").status_code == 400


def test_a_child_is_added_once_however_often_it_is_sent(field: Field, session: Session, sign_in: SignIn) -> None:
    milan = assigned(field, "Milan", date(2022, 3, 10))
    path = f"/cases/{milan.reference}/household/child"
    visitor = sign_in(field.worker)
    assert visitor.open(path).status_code == 200
    lotte = {"first_name": "Lotte", "last_name": "Peeters", "born_on": "2024-01-05", "submission_key": "once"}
    assert [visitor.send(path, **lotte).status_code for _ in range(2)] == [302, 302]
    again = visitor.send(path, **{**lotte, "submission_key": "twice"})
    assert again.status_code == 400
    assert refusal(Refused("child_known"), "nl") in again.text
    wrong = visitor.send(path, **{**lotte, "first_name": "Jef", "insz": "22.03.10-000.19"})
    assert wrong.status_code == 400
    session.rollback()
    assert len(session.scalars(select(Case), execution_options=READ).all()) == 2


def test_who_does_not_see_the_case_finds_nothing_there(field: Field, sign_in: SignIn) -> None:
    milan = assigned(field, "Milan", date(2022, 3, 10))
    path = f"/cases/{milan.reference}/household"
    visitor = sign_in(field.guide)
    assert visitor.open(path).status_code == 404
    assert visitor.open(f"{path}/child").status_code == 404
