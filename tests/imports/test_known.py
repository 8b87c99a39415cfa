"""Children of a list that are known already: changed numbers, closed cases, households, other areas."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, Event, Proposal, Step
from outreach.cases.queries.verify import case_checks
from outreach.children.models import Child, Household, IdentityChange
from outreach.database import transaction
from outreach.imports.queries import import_checks
from tests.ground.field import Field, make_field
from tests.imports.files import number_of, row
from tests.imports.loading import READ, children, load, names, number_of_rows
from tests.imports.test_pages import close_case

BORN = date(2024, 3, 1)
OTHER = number_of(BORN, 0)


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session)
    session.commit()
    return made


def counts(loaded: Any) -> tuple[int, int, int]:
    """New, known and opened."""
    return loaded.counts["new"], loaded.counts["known"], loaded.counts["cases_opened"]


def test_another_number_is_the_same_child_when_all_else_is_equal(session: Session, field: Field) -> None:
    load(field, row(Voornaam="Ayaan", Naam="SÁFI"))
    assert counts(load(field, row(INSZ=OTHER, Naam="Safi", Straat="SLEEPSTRAAT"))) == (0, 1, 0)
    (change,) = session.scalars(select(IdentityChange), execution_options=READ)
    assert (change.before, change.after) == (number_of(BORN), OTHER)
    (child,) = children(session)
    assert child.insz == OTHER
    kinds = session.scalars(select(Event.kind).order_by(Event.seq), execution_options=READ).all()
    assert kinds == ["case_opened", "number_changed"]


@pytest.mark.parametrize(
    "otherwise",
    [{"Geboortedatum": "02/03/2024"}, {"Voornaam": "Aya"}, {"Bus": "2"}, {"Straat": "", "Huisnummer": "", "Bus": ""}],
    ids=["birth date", "name", "box", "no address"],
)
def test_another_number_with_something_else_otherwise_is_a_new_child(field: Field, otherwise: dict[str, str]) -> None:
    load(field, row())
    assert counts(load(field, row(INSZ=OTHER, **otherwise))) == (1, 0, 1)


def test_a_child_whose_own_number_is_on_the_list_does_not_get_another(session: Session, field: Field) -> None:
    load(field, row())
    assert counts(load(field, row(INSZ=OTHER), row())) == (1, 1, 1)
    assert number_of_rows(session, IdentityChange) == [0]


def test_two_children_it_could_be_are_none(session: Session, field: Field) -> None:
    load(field, row())
    load(field, row(), row(INSZ=OTHER))
    assert counts(load(field, row(INSZ=number_of(BORN, 998)))) == (1, 0, 1)


def test_a_child_without_a_number_is_known_again_and_may_get_one(session: Session, field: Field) -> None:
    load(field, row(INSZ=""))
    assert counts(load(field, row(INSZ="", Referentiepersoon="Iemand"))) == (0, 1, 0)
    assert counts(load(field, row())) == (0, 1, 0)
    (child,) = children(session)
    assert child.insz == number_of(BORN)


def test_a_number_on_the_double_row_is_not_lost(session: Session, field: Field) -> None:
    loaded = load(field, row(INSZ=""), row(), row(Huisnummer="9"))
    assert (loaded.counts["new"], loaded.counts["double"]) == (1, 2)
    (child,) = children(session)
    assert child.insz == number_of(BORN)


def test_same_address_and_reference_person_are_one_household(session: Session, field: Field) -> None:
    load(field, row(), row(INSZ="", Voornaam="Kwame", Referentiepersoon="Safi GRACE"))
    load(
        field,
        row(INSZ="", Voornaam="Lena"),
        row(INSZ="", Voornaam="Sam", Referentiepersoon="Iemand Anders"),
        row(INSZ="", Voornaam="Bo", Bus="2"),
        row(INSZ="", Voornaam="Mo", Referentiepersoon=""),
        row(INSZ="", Voornaam="Do", Referentiepersoon=""),
    )
    together: dict[int, list[str]] = {}
    for child in children(session):
        together.setdefault(child.household_id, []).append(child.first_name)
    assert sorted(together.values()) == [["Ayaan", "Kwame", "Lena"], ["Bo"], ["Do"], ["Mo"], ["Sam"]]
    said = session.scalars(select(Household.siblings_said_at), execution_options=READ).all()
    assert set(said) == {None}


def test_a_child_living_elsewhere_is_shown_and_its_case_marked(session: Session, field: Field) -> None:
    elsewhere = {"Postcode": "2000", "Gemeente": "Antwerpen", "NIS_code": "11002"}
    loaded = load(field, row(**elsewhere), row(INSZ="", Voornaam="Lena"))
    assert loaded.counts["outside"] == 1
    assert counts(loaded) == (2, 0, 2)
    statement = select(Child.first_name, Case.outside, Step.key).join(Case, Case.child_id == Child.id)
    statement = statement.join(Step, Step.case_id == Case.id).order_by(Child.id)
    found = [tuple(one) for one in session.execute(statement, execution_options=READ)]
    assert found == [("Ayaan", True, "intake"), ("Lena", False, "intake")]
    session.rollback()
    again = load(field, row(**elsewhere))
    assert (again.counts["known"], again.counts["outside"]) == (1, 1)


@pytest.mark.parametrize(
    ("closure", "asked"),
    [
        ("takes_part", "dropped_out"),
        ("already_enrolled", "still_so"),
        ("french_language_school", "still_so"),
        ("refused", "reopen"),
        ("not_reached", "reopen"),
    ],
)
def test_a_closed_case_is_asked_about_and_not_opened(session: Session, field: Field, closure: str, asked: str) -> None:
    load(field, row())
    peace = date(2027, 3, 1) if asked == "reopen" else None
    close_case(session, field, closure, peace)
    assert counts(load(field, row(), row(INSZ="", Voornaam="Lena"))) == (1, 1, 1)
    (proposal,) = session.scalars(select(Proposal), execution_options=READ)
    assert (proposal.key, proposal.not_before_on) == (asked, peace)
    assert proposal.organisation_id == field.area.coordinator_id
    session.rollback()
    load(field, row(), row(INSZ="", Voornaam="Mila"))
    assert number_of_rows(session, Proposal) == [1]


def test_nothing_is_asked_about_a_child_that_died(session: Session, field: Field) -> None:
    load(field, row())
    with transaction(session):
        case = session.scalars(select(Case), execution_options=READ).one()
        step = session.scalars(select(Step), execution_options=READ).one()
        report_outcome(session, case, step, outcome="died", facts={}, by=field.coordinator)
    assert counts(load(field, row(), row(INSZ="", Voornaam="Lena"))) == (1, 1, 1)
    assert number_of_rows(session, Proposal) == [0]


def test_old_municipality_codes_are_of_the_area_they_went_into(session: Session) -> None:
    aalst = make_field(session, "beveren", ("46030",))
    session.commit()
    old = row(Postcode="9120", Gemeente="Beveren", NIS_code="46003")
    assert load(aalst, old).counts["outside"] == 0


def test_everything_promised_holds_after_three_lists(session: Session, field: Field) -> None:
    load(field, row(), row(INSZ="", Voornaam="Kwame"))
    load(field, row(INSZ=OTHER), row(Geboortedatum=""), row(INSZ="", Voornaam="Lena"))
    with clock.at(datetime(2027, 3, 15, 9, 0, tzinfo=UTC)):
        load(field, row(INSZ=OTHER, Huisnummer="3"), as_of=date(2027, 3, 15))
    assert names(children(session)) == ["Ayaan", "Kwame", "Lena"]
    assert [check.key for check in [*case_checks(session), *import_checks(session)] if not check.ok] == []
