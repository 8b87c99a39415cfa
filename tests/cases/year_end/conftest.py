"""An area at the turn of a school year: a child that is welcomed at a school, and the clock of a morning."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.reminding import Swept, remind
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.models import Case
from tests.cases.commands.test_one_child import last_step
from tests.ground.field import Field, make_field

AGREED = {"parents_know": "yes", "parents_agree": "yes"}

Welcome = Callable[..., Case]


@pytest.fixture
def field(session: Session) -> Field:
    """An area with its people."""
    field = make_field(session)
    assert field.coordinator
    assert field.worker
    return field


@pytest.fixture
def visited(field: Field) -> Welcome:
    """A child whose home visit Wim has to do."""

    def made(name: str = "Noor", born_on: date = date(2023, 3, 10)) -> Case:
        case = field.case(name, born_on)
        facts: dict[str, Any] = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
        if born_on.year + 5 <= clock.today().year:
            facts["schooling_check"] = "no"
        say(field, case, "assign", field.coordinator, **facts)
        return case

    return made


@pytest.fixture
def welcome(field: Field, visited: Welcome) -> Welcome:
    """A child that is enrolled at De Linde; Sofie has the welcome by name."""

    def made(name: str = "Milan", born_on: date = date(2023, 3, 10), entry_on: date = date(2027, 9, 1)) -> Case:
        case = visited(name, born_on)
        step = last_step(field.session, case)
        occasion = Occasion(channel="door", at=clock.now())
        record_home_visit(field.session, [Visited(case, step, "wants_school", AGREED)], occasion, by=field.worker)
        linde = field.organisations["de-linde"].id
        person = field.school.person_id
        say(field, case, "enrolled", field.guide, school=linde, entry_day=entry_on, person=person, **AGREED)
        return case

    return made


def say(field: Field, case: Case, outcome: str, by: Any, **facts: Any) -> None:
    """An outcome of the newest step."""
    report_outcome(field.session, case, last_step(field.session, case), outcome=outcome, facts=facts, by=by)


def morning(session: Session, day: date) -> Swept:
    """What the clock does on a morning."""
    with clock.at(clock.moment_of(day, 8, 5)):
        swept = remind(session)
        session.flush()
        return swept
