"""Gent with its partners, the people who keep it up, and how they go through a form and its preview."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach.accounts.actors import Actor
from tests.cases.area.field_of_many import give, in_order
from tests.cases.routes.conftest import Filled, Visitor, enter
from tests.ground.field import Field, make_field

__all__ = ["enter"]

Enter = Callable[[Actor | None], Visitor]

JANUARY = date(2027, 1, 4)
CLOSED = (date(2027, 1, 11), date(2027, 1, 12))


@pytest.fixture
def field(session: Session) -> Field:
    """Milan's visit by De Brug counts from 4 January, Noor waits at intake; Dirk administers, Tine leads De Brug."""
    made = make_field(session)
    milan = made.case("Milan", date(2022, 3, 10))
    give(made, in_order(made, milan), first_on=JANUARY)
    made.case("Noor", date(2022, 5, 1))
    made.person("Dirk", "lop-gent", "administrator")
    made.person("Tine", "de-brug", "team-lead")
    _ = made.coordinator, made.worker, made.school
    session.commit()
    return made


@pytest.fixture
def dirk(field: Field, enter: Enter) -> Visitor:
    """The administrator."""
    return enter(field.people["Dirk"])


@pytest.fixture
def lies(field: Field, enter: Enter) -> Visitor:
    """Who coordinates the area."""
    return enter(field.coordinator)


@pytest.fixture
def tine(field: Field, enter: Enter) -> Visitor:
    """The team lead of De Brug."""
    return enter(field.people["Tine"])


def days(first: date, last: date, reason: str = "storm") -> dict[str, str]:
    """Closing days as they are typed."""
    return {"from_on": first.isoformat(), "until_on": last.isoformat(), "reason": reason}


def confirm(visitor: Visitor, url: str, preview: TestResponse, **changed: Any) -> TestResponse:
    """Press the button of the page that shows what moves."""
    assert preview.status_code == 200, preview.text
    fields = {**Filled(preview.text).fields, **changed}
    return visitor.send(url, fields)


def moves(page: str) -> list[tuple[str, str]]:
    """The rows of a preview: case and kind of step."""
    return re.findall(r'<span class="ref">([^<]+)</span></a></th>\s*<td data-label="[^"]*"><span>([^<]+?) *<', page)
