"""The days of participation reports of an area: open follow-ups move with them, after a look at which."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.partners.models import ReportDay
from tests.administration.conftest import Enter, confirm, moves
from tests.attendance.kleuters import case_of, field, newest_step, say
from tests.cases.routes.conftest import Visitor, enter
from tests.ground.field import Field

__all__ = ["enter", "field"]

ADD = "/administration/areas/gent/report-days/add"
USUAL = date(2027, 1, 15)
"""The tenth school day after the Christmas holiday."""


@pytest.fixture
def following(field: Field) -> Field:
    """5 January 2027: the school agreed with the parents of Ayaan, and follows."""
    say(field, "reason_known", reason="lives_far")
    say(field, "agreement_made")
    field.person("Dirk", "lop-gent", "administrator")
    _ = field.coordinator, field.worker
    field.session.commit()
    return field


@pytest.fixture
def lies(following: Field, enter: Enter) -> Visitor:
    """Who coordinates the area."""
    return enter(following.coordinator)


def last_day(session: Session) -> date | None:
    session.rollback()
    session.expire_all()
    found = newest_step(session).too_late_on
    session.rollback()
    return found


def test_without_a_day_of_its_own_the_usual_ones_hold_and_the_page_says_which(lies: Visitor, session: Session) -> None:
    assert last_day(session) == USUAL
    page = lies.read("/administration/areas/gent")
    assert "vr 15 jan 2027" in page
    assert "gebruikelijke dagen" in page


def test_a_day_that_is_noted_moves_the_open_follow_up_and_taken_away_moves_it_back(
    lies: Visitor, session: Session
) -> None:
    shown = lies.fill(ADD, on="2027-02-01")
    assert last_day(session) == USUAL, "nothing has changed yet"
    assert confirm(lies, ADD, shown).status_code == 302
    assert last_day(session) == date(2027, 2, 1)
    page = lies.read("/administration/areas/gent")
    assert "Participatierapporten verwacht op ma 1 feb 2027" in page
    assert "1 open datum verschoof" in page
    remove = f"/administration/report-days/{session.scalars(select(ReportDay.id)).one()}/remove"
    session.rollback()
    assert confirm(lies, remove, lies.fill(remove)).status_code == 302
    assert last_day(session) == USUAL


def test_the_next_of_several_days_counts_and_a_day_of_another_year_changes_nothing(
    lies: Visitor, session: Session
) -> None:
    for day in ("2027-03-15", "2027-01-25", "2027-10-04"):
        assert confirm(lies, ADD, lies.fill(ADD, on=day)).status_code == 302
    assert last_day(session) == date(2027, 1, 25)


@pytest.mark.parametrize(
    ("day", "said"), [("2027-02-01", "Die dag staat er al"), ("2072-02-01", "klopt het jaartal"), ("", "field-wrong")]
)
def test_a_day_that_cannot_be_is_refused_in_words(lies: Visitor, day: str, said: str) -> None:
    confirm(lies, ADD, lies.fill(ADD, on="2027-02-01"))
    answer = lies.fill(ADD, on=day)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(("name", "expected"), [("Dirk", 200), ("Wim", 403), ("Sofie", 403)])
def test_who_coordinates_and_who_administers_may(following: Field, enter: Enter, name: str, expected: int) -> None:
    assert enter(following.people[name]).get(ADD).status_code == expected


def test_the_case_says_why_its_date_moved(lies: Visitor, following: Field, enter: Enter, session: Session) -> None:
    confirm(lies, ADD, lies.fill(ADD, on="2027-02-01"))
    shown = lies.fill(ADD, on="2027-01-29")
    assert moves(shown.text) == [], "Lies does not see the case of the school"
    assert "in een dossier dat u niet ziet" in shown.text
    story = enter(following.school).read(f"/cases/{case_reference(session)}")
    assert "Omdat de dag van het volgende participatierapport veranderde" in story


def case_reference(session: Session) -> str:
    found = case_of(session).reference
    session.rollback()
    return found
