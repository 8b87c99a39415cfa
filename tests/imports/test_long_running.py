"""A long list of running cases is taken over, and back, outside the request: followed, stopped, and never half."""

import html
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.models import Attempt, Case
from outreach.children.models import Child
from outreach.database import transaction
from outreach.extensions import db
from outreach.imports import long_files
from outreach.imports.commands import loading_running
from outreach.imports.models import Batch, BatchState, JobState, UploadJob
from outreach.scheduler.uploads import work_on_one
from tests.cases.conftest import SignIn, Visitor, sign_in
from tests.ground.field import Field
from tests.imports.loading import READ, number_of_rows
from tests.imports.running_files import running_csv, running_row
from tests.imports.running_loading import broken, case_of, living, running_field
from tests.imports.test_running_pages import confirm
from tests.imports.working import coordinator, work

__all__ = ["sign_in"]

ROWS = (
    running_row(1, "2x niet thuis", "Wim", Laatste_contact="20/11/2026"),
    running_row(2, "2x niet thuis"),
    running_row(3),
)


@pytest.fixture(autouse=True)
def everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows count as many here, and how far it is is said after each."""
    monkeypatch.setattr(long_files, "LONG_RUNNING", 2)
    monkeypatch.setattr(loading_running, "_TOLD_EVERY", 1)


@pytest.fixture
def field(session: Session) -> Field:
    return running_field(session)


@pytest.fixture
def lies(sign_in: SignIn, field: Field) -> Iterator[Visitor]:
    yield from coordinator(sign_in, field)


def test_a_long_list_is_taken_over_and_back_by_another_process(
    app: Flask, lies: Visitor, field: Field, session: Session
) -> None:
    sent = confirm(lies, running_csv(*ROWS)).location
    assert re.fullmatch(r"/uploads/\d+", sent)
    assert number_of_rows(session, Child, Case) == [0, 0]
    assert "Wordt opgeladen" in html.unescape(lies.open(sent).text)
    preview = lies.open("/lists/running/1/preview")
    assert preview.location == sent, "whoever comes back sees how far it is"
    assert work(app)
    receipt = lies.open(sent).location
    assert receipt == "/lists/running/1"
    assert "De lijst is overgenomen" in lies.open(receipt).text
    assert number_of_rows(session, Child, Case, Attempt) == [3, 3, 1]
    assert living(session, "Safi1").person_id == field.worker.person_id
    session.rollback()
    back = lies.send("/lists/1/undo").location
    assert re.fullmatch(r"/uploads/\d+", back)
    assert case_of(session, "Safi1").ended_at is None
    assert work(app)
    assert lies.open(back).location == receipt
    assert "De lijst is teruggedraaid" in lies.open(receipt).text
    session.rollback()
    session.expire_all()
    assert case_of(session, "Safi1").ended_at is not None
    assert broken(session) == []


def test_stopped_halfway_nothing_is_taken_over(
    app: Flask, lies: Visitor, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = confirm(lies, running_csv(*ROWS)).location
    taken, real = [], loading_running.Taking.take

    def take(self: loading_running.Taking, *asked: object) -> None:
        real(self, *asked)  # type: ignore[arg-type]
        taken.append(asked)

    monkeypatch.setattr(loading_running.Taking, "take", take)
    db.session.rollback()
    assert work_on_one(app, lambda: len(taken) == 2)
    assert len(taken) == 2
    assert number_of_rows(session, Child, Case) == [0, 0]
    assert session.scalars(select(Batch.state), execution_options=READ).one() == BatchState.PREVIEWED
    session.rollback()
    with transaction(session):
        session.scalars(select(UploadJob), execution_options=READ).one().state = JobState.STOPPED
    page = html.unescape(lies.open(sent).text)
    assert "Er is niets opgeladen" in page
    assert 'href="/lists/running/1/preview"' in page
    again = lies.send("/lists/running/1/preview").location
    assert work(app)
    assert lies.open(again).location == "/lists/running/1"
    assert number_of_rows(session, Child, Case) == [3, 3]


def test_asked_twice_it_is_one_piece_of_work(app: Flask, lies: Visitor, session: Session) -> None:
    sent = confirm(lies, running_csv(*ROWS)).location
    assert lies.send("/lists/running/1/preview").location == sent
    assert work(app)
    assert not work(app)
    assert number_of_rows(session, Case) == [3]
