"""The database itself refuses a step that cannot be: living without a day, ended and living, in no known state."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.ground.field import make_field

BORN = date(2022, 3, 1)


@pytest.mark.parametrize(
    "change",
    [
        "due_on = NULL",
        "ended_at = opened_at",
        "state = 'done'",
        "state = 'withdrawn', due_on = NULL",
        "state = 'asleep'",
        "state = 'asleep', ended_at = opened_at",
    ],
)
def test_what_a_step_cannot_be(session: Session, change: str) -> None:
    make_field(session).case("Noor", BORN)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE step SET {change}"))
    session.rollback()


@pytest.mark.parametrize(
    "change",
    ["state = 'paused'", "state = 'planned'", "state = 'done', ended_at = opened_at, due_on = NULL"],
)
def test_what_a_step_can_be(session: Session, change: str) -> None:
    make_field(session).case("Noor", BORN)
    session.commit()
    session.execute(text(f"UPDATE step SET {change}"))
    session.rollback()
