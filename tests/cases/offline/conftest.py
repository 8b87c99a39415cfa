"""The field of the pages, with phones."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.planning import plan_visit
from outreach.cases.models import Case, Step
from tests.cases.offline.phone import Phone
from tests.cases.routes.conftest import READ, Visitor, _last, at_home_visit, enter, field
from tests.ground.field import Field

__all__ = ["enter", "field"]

Rings = Callable[[Actor], Phone]


@pytest.fixture
def phone_of(enter: Callable[[Actor | None], Visitor]) -> Rings:
    """Somebody's phone."""
    return lambda actor: Phone(enter(actor))


def visit_today(field: Field, first_name: str = "Milan", born_on: date = date(2022, 3, 10)) -> Case:
    """A family Wim visits today."""
    case = at_home_visit(field, first_name, born_on)
    plan_visit(field.session, case, _last(field, case), on=clock.today(), by=field.worker)
    field.session.commit()
    return case


def step_of(session: Session, step_id: int) -> Step:
    """A step as the database has it now."""
    session.rollback()
    return session.get_one(Step, step_id, execution_options=READ, populate_existing=True)
