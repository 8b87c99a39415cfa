"""The account of all lists on one page: every row and every child is somewhere, once."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, Step
from outreach.children.models import Child
from outreach.imports.queries.accounting import accounts_of
from tests.cases.conftest import SignIn, sign_in
from tests.ground.field import Field, make_field
from tests.imports.files import row
from tests.imports.loading import DECEMBER, MARCH, READ, load, load_sample

__all__ = ["sign_in"]

THEN, NOW = date(2026, 12, 15), date(2027, 3, 15)


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session, nis=("44021", "44088", "44013", "43018"))
    session.commit()
    return made


def test_the_two_samples_add_up_alone_and_together(field: Field, session: Session) -> None:
    load_sample(field, DECEMBER, THEN)
    load_sample(field, MARCH, NOW)
    accounts = accounts_of(session, field.coordinator, field.area)
    (_march, second), (_december, first) = accounts.lists
    total = accounts.total
    assert (first.rows, first.new, first.double, first.listed) == (183, 180, 3, 180)
    assert total.rows == first.rows + second.rows
    assert total.listed == total.in_case == 202  # 180, and 22 new in March
    assert all(one.adds_up for one in (first, second, total))


def test_a_child_is_in_a_case_closed_or_explained(field: Field, session: Session) -> None:
    """Ayaan is enrolled already; Sam's record turns out to be Noor's."""
    load(field, row(), row(Voornaam="Noor", INSZ=""), row(Voornaam="Sam", INSZ=""), row(Geboortedatum="31/02/2023"))
    ids = {child.first_name: child.id for child in session.scalars(select(Child), execution_options=READ)}
    closed = session.scalars(select(Case).where(Case.child_id == ids["Ayaan"]), execution_options=READ).one()
    step = session.scalars(select(Step).where(Step.case_id == closed.id), execution_options=READ).one()
    report_outcome(session, closed, step, outcome="already_enrolled", facts={}, by=field.coordinator)
    session.execute(update(Child).where(Child.id == ids["Sam"]).values(merged_into_id=ids["Noor"]))
    session.commit()
    accounts = accounts_of(session, field.coordinator, field.area)
    total = accounts.total
    assert (total.rows, total.new, total.refused) == (4, 3, 1)
    assert (total.listed, total.in_case, total.closed, total.explained) == (3, 1, 1, 1)
    assert total.adds_up
    assert accounts.endings == [("already_enrolled", 1)]


def test_the_page_is_there_before_and_after_the_first_list(field: Field, session: Session, sign_in: SignIn) -> None:
    lies = sign_in(field.coordinator)
    assert "Nog geen lijst" in lies.open("/lists/account/gent").text
    load(field, row(), row(Voornaam="Noor", INSZ=""), as_of=THEN)
    page = lies.open("/lists/account/gent").text
    assert "kinderen ooit op een lijst" in page
    assert "klopt niet" not in page
    assert "/lists/account/gent" in lies.open("/lists").text
    assert lies.open("/lists/account/elsewhere").status_code == 404
