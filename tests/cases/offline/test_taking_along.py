"""Today's visits go along on the phone, and their reports come back once."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import Attempt, TakenAlong
from tests.cases.offline.conftest import Rings, visit_today
from tests.cases.routes.conftest import READ, at_home_visit, newest
from tests.ground.field import Field


def test_the_visits_of_today_and_only_those_go_along(session: Session, field: Field, phone_of: Rings) -> None:
    today = visit_today(field)
    at_home_visit(field, "Noor")
    phone = phone_of(field.worker)
    taken = phone.take_along()
    assert list(taken) == [today.reference]
    visit = taken[today.reference]
    assert "Milan" in visit["card"]
    assert "nobody_reached" in visit["form"]
    assert "csrf_token" not in visit["form"]
    assert "submission_key" not in visit["form"]
    session.rollback()
    rows = session.scalars(select(TakenAlong), execution_options=READ).all()
    assert [(row.person_id, row.step_id) for row in rows] == [(field.worker.person_id, int(visit["step"]))]


def test_nobody_at_home_is_recorded_once_however_often_it_is_sent(
    session: Session, field: Field, phone_of: Rings
) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    draft = phone.report(case.reference, outcome="nobody_reached", advice="evening")
    with clock.at(clock.now() + timedelta(hours=2)):
        first, second = phone.send(draft), phone.send(draft)
    assert (first.status_code, first.json["result"]) == (200, "recorded")
    assert second.json["result"] == "already"
    session.rollback()
    attempts = session.scalars(select(Attempt), execution_options=READ).all()
    assert [one.advice for one in attempts] == ["evening"]
    assert newest(session, case).state == "open"


def test_a_stranger_is_told_so_in_json(phone_of: Rings, enter: object) -> None:
    answer = enter(None).get("/offline/hello")  # type: ignore[operator]
    assert (answer.status_code, answer.json) == (401, {"signed_in": False})
