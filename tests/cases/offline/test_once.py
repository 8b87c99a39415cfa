"""Once, whole, or not at all: two sendings at the same moment, and a server that stops in the middle."""

from collections.abc import Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from outreach.cases.models import Attempt, ConflictItem, Event
from outreach.clock import at, now
from outreach.extensions import db
from outreach.web.submissions import Submission
from tests.cases.offline.conftest import Rings, visit_today
from tests.cases.offline.test_merged_stories import AGREED, colleague, said_meanwhile
from tests.cases.routes.conftest import READ, _last
from tests.ground.field import Field


def test_two_sendings_at_the_same_moment_are_one_visit(
    app: Flask, session: Session, field: Field, phone_of: Rings
) -> None:
    case = visit_today(field)
    phones = [phone_of(field.worker), phone_of(field.worker)]
    phones[0].take_along()
    draft = phones[0].report(case.reference, outcome="nobody_reached")
    session.rollback()
    together, answers, moment = Barrier(2), [], now()

    def send(phone: Any) -> None:
        with at(moment):
            together.wait()
            answers.append(phone.send(draft))

    threads = [Thread(target=send, args=(phone,)) for phone in phones]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answer.json["result"] for answer in answers) == ["already", "recorded"]
    session.rollback()
    assert session.scalar(select(func.count(Attempt.id)), execution_options=READ) == 1


def test_the_page_whose_answer_was_lost_and_its_draft_are_one_visit(
    session: Session, field: Field, phone_of: Rings
) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    url = f"/cases/{case.reference}/steps/{_last(field, case).number}/visit"
    session.rollback()
    fields = {**phone.visitor.open_form(url), "outcome": "nobody_reached"}
    assert phone.visitor.send(url, fields).status_code == 302
    draft = phone.seal(str(_last(field, case).id), fields, {})
    session.rollback()
    assert phone.send(draft).json["result"] == "already"


class Killed(Exception):
    """The machine stops."""


@pytest.fixture
def killer(app: Flask) -> Iterator[dict[str, int]]:
    """Stops at the n-th writing statement; 0 never."""
    state = {"at": 0, "seen": 0}

    def count(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            state["seen"] += 1
            if state["seen"] == state["at"]:
                raise Killed

    event.listen(db.engine, "before_cursor_execute", count)
    yield state
    event.remove(db.engine, "before_cursor_execute", count)


def test_killed_at_any_statement_nothing_half_is_kept(
    app: Flask, session: Session, field: Field, phone_of: Rings, killer: dict[str, int]
) -> None:
    case = visit_today(field)
    phone = phone_of(field.worker)
    phone.take_along()
    said_meanwhile(field, case, "wants_school", colleague(field), **AGREED)
    draft = phone.report(case.reference, outcome="wrong_address", note="een zin")
    before = _counted(session)
    for number in range(1, 40):
        killer.update(at=number, seen=0)
        try:
            answer = phone.send(draft)
        except Killed:
            assert _counted(session) == before
            continue
        finally:
            killer.update(at=0, seen=0)
        assert answer.json["result"] == "conflict"
        break
    assert number > 5, "there was something to kill"
    assert _counted(session) != before
    assert phone.send(draft).json["result"] == "already"


def _counted(session: Session) -> list[int]:
    session.rollback()
    found = [
        session.scalar(select(func.count()).select_from(model), execution_options=READ) or 0
        for model in (Attempt, ConflictItem, Event, Submission)
    ]
    session.rollback()
    return found
