"""A long file is looked at and loaded outside the request: followed, stopped, taken up again, and never half."""

import io
import re
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.models import Membership
from outreach.cases.models import Case
from outreach.children.models import Child
from outreach.database import transaction
from outreach.extensions import db
from outreach.imports import long_files
from outreach.imports.commands import filling
from outreach.imports.commands.queueing import MOST_TRIES, claim, forget_old_jobs
from outreach.imports.models import Batch, BatchRow, JobState, UploadJob
from outreach.imports.progress import Stage
from outreach.scheduler import uploads as working
from outreach.scheduler.uploads import work_on_one
from tests.cases.conftest import SignIn, Visitor, sign_in
from tests.ground.field import Field, make_field
from tests.imports.files import TITLES, csv_bytes
from tests.imports.loading import READ, agree, number_of_rows
from tests.imports.test_pages import some_child, upload
from tests.imports.working import coordinator, work

__all__ = ["sign_in"]


@pytest.fixture(autouse=True)
def everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of more than two hundred bytes counts as long here."""
    monkeypatch.setattr(long_files, "LONG", 200)


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session, nis=("44021", "44088", "44013", "43018"))
    agree(made)
    session.commit()
    return made


@pytest.fixture
def lies(sign_in: SignIn, field: Field) -> Iterator[Visitor]:
    yield from coordinator(sign_in, field)


def long_list(*numbers: int) -> bytes:
    return csv_bytes([TITLES, *(some_child(number) for number in numbers)])


def states(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(UploadJob.state).order_by(UploadJob.id), execution_options=READ))


def looked_at(app: Flask, visitor: Visitor, content: bytes) -> str:
    """The preview of a long list, once it was looked at."""
    sent = upload(visitor, content)
    assert re.fullmatch(r"/uploads/\d+", sent.location), sent.text
    assert work(app)
    preview = visitor.open(sent.location)
    assert preview.status_code == 302
    return str(preview.location)


def test_a_long_list_is_looked_at_and_loaded_by_another_process(app: Flask, lies: Visitor, session: Session) -> None:
    sent = upload(lies, long_list(1, 2, 3), "lang.csv")
    waiting = lies.open(sent.location).text
    assert "Wacht" in waiting
    assert "lang.csv" in waiting
    assert "Wordt nagekeken" in lies.open("/lists").text
    assert work(app)
    preview = lies.open(sent.location).location
    assert re.fullmatch(r"/lists/\d+/preview", preview)
    page = lies.open(preview)
    assert page.status_code == 200
    assert number_of_rows(session, Child, Case, BatchRow) == [0, 0, 3]
    session.rollback()
    loading = lies.send(preview)
    assert re.fullmatch(r"/uploads/\d+", loading.location), loading.text
    assert number_of_rows(session, Child, Case) == [0, 0]
    assert lies.open(preview).location == loading.location, "whoever comes back sees how far it is"
    assert work(app)
    receipt = lies.open(loading.location).location
    assert lies.open(receipt).status_code == 200
    assert number_of_rows(session, Child, Case, BatchRow) == [3, 3, 3]
    assert not work(app)
    assert "Ingelezen" in lies.open("/lists").text or "Opgeladen" in lies.open("/lists").text


def test_the_preview_of_a_long_list_tells_what_a_short_one_tells(
    app: Flask, lies: Visitor, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known children with another name, doubles, refused and outside rows, and a crowded address with its question."""
    lies.send(looked_at(app, lies, long_list(1, 2)))
    work(app)
    rows = [
        some_child(1, Voornaam="Kindeke"),
        some_child(2),
        some_child(2),
        some_child(3, Geboortedatum="31/02/2023", INSZ=""),
        some_child(4, Gemeente="Aalst", Postcode="9300", NIS_code="41002"),
        *(some_child(number, Huisnummer="99") for number in range(10, 18)),
    ]
    content = csv_bytes([TITLES, *rows])
    long = lies.open(looked_at(app, lies, content)).text
    monkeypatch.setattr(long_files, "LONG", 1 << 20)
    short = lies.open(upload(lies, content).location).text

    def told(page: str) -> str:
        page = re.sub(r'value="[^"]{16,}"', "", page.split("<main")[1].split("</main>")[0])
        return re.sub(r"/lists/(files/)?\d+", "/lists/n", page)

    assert told(long) == told(short)
    assert "Kindeke" in long
    assert "wat voor plaats" in long or "Huisnummer" not in long


def test_two_clicks_and_two_tabs_start_one_load(app: Flask, lies: Visitor, session: Session) -> None:
    preview = looked_at(app, lies, long_list(1, 2, 3))
    first, second = lies.send(preview), lies.send(preview)
    assert first.location == second.location
    assert work(app)
    assert not work(app)
    assert lies.send(preview).location == lies.open(first.location).location, "afterwards both see the receipt"
    assert number_of_rows(session, Child, Case, Batch) == [3, 3, 1]


def test_a_file_sent_twice_by_a_double_click_is_looked_at_once(app: Flask, lies: Visitor, session: Session) -> None:
    first, second = (upload(lies, long_list(1, 2), submission_key="once") for _ in range(2))
    assert first.location == second.location
    assert states(session) == [JobState.WAITING]


def test_four_processes_claim_it_once(app: Flask, lies: Visitor, session: Session) -> None:
    upload(lies, long_list(1, 2, 3))
    begin, done = threading.Barrier(4), []

    def process(number: int) -> None:
        with app.app_context():
            begin.wait()
            if work_on_one(app, lambda: False):
                done.append(number)

    contexts = [copy_context() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: contexts[number].run(process, number), range(4)))
    assert len(done) == 1
    assert number_of_rows(session, Batch, BatchRow) == [1, 3]


def test_stopped_while_it_waits_nothing_begins(app: Flask, lies: Visitor, session: Session) -> None:
    sent = upload(lies, long_list(1, 2, 3))
    lies.send(f"{sent.location}/stop")
    assert not work(app)
    page = lies.open(sent.location).text
    assert "Gestopt" in page
    assert "/lists/upload" in page
    assert number_of_rows(session, Batch, BatchRow) == [0, 0]


def test_stopped_halfway_a_load_leaves_nothing_and_can_be_asked_again(
    app: Flask, lies: Visitor, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = looked_at(app, lies, long_list(*range(12)))
    loading = lies.send(preview).location
    monkeypatch.setattr(filling, "_PORTION", 4)
    pressed = threading.Event()

    def told(self: Any, stage: Stage, rows: int) -> None:
        if stage is Stage.WRITTEN and rows == 4:
            with ThreadPoolExecutor(
                1
            ) as browser:  # the page is another process: it must get through while rows are written
                answer = browser.submit(copy_context().run, lies.send, f"{loading}/stop").result(timeout=30)
                assert answer.status_code == 302
            pressed.set()
            self.tell()
        self.check()

    monkeypatch.setattr(working.Follower, "__call__", told)
    assert work(app)
    assert pressed.is_set()
    assert states(session)[-1] == JobState.STOPPED
    assert number_of_rows(session, Child, Case, BatchRow) == [0, 0, 12]
    assert "Gestopt" in lies.open(loading).text
    monkeypatch.undo()
    again = lies.send(preview).location
    assert again != loading
    assert work(app)
    assert number_of_rows(session, Child, Case, BatchRow) == [12, 12, 12]


def test_after_the_commit_it_is_said_that_it_was_too_late(app: Flask, lies: Visitor, session: Session) -> None:
    loading = lies.send(looked_at(app, lies, long_list(1, 2, 3))).location
    assert work(app)
    answer = lies.send(f"{loading}/stop")
    receipt = lies.open(lies.open(answer.location).location).text
    assert "te laat om te stoppen" in receipt
    assert number_of_rows(session, Child, Case) == [3, 3]


def test_what_a_killed_process_had_begun_is_done_by_another_a_minute_later(
    app: Flask, lies: Visitor, session: Session
) -> None:
    sent = upload(lies, long_list(1, 2, 3))
    with db.sessionmaker() as other, transaction(other):
        assert claim(other, "a process that is killed") is not None
    assert not work(app), "it may still live"
    later = clock.now() + long_files.LEASE + timedelta(seconds=1)
    with clock.at(later):
        assert "onderbroken" in lies.open(sent.location).text
        assert work(app)
    assert states(session) == [JobState.DONE]
    assert number_of_rows(session, Batch, BatchRow) == [1, 3]


def test_a_process_that_lost_the_work_cannot_finish_it(
    app: Flask, lies: Visitor, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading = lies.send(looked_at(app, lies, long_list(1, 2, 3))).location
    write_then = working.write_then

    def slow(within: Session, *given: Any) -> Any:
        within.execute(update(UploadJob).values(owner="another").execution_options(synchronize_session=False))
        return write_then(within, *given)

    monkeypatch.setattr(working, "write_then", slow)
    monkeypatch.setattr(working.Follower, "_beats", lambda self: None)
    work(app)
    assert number_of_rows(session, Child, Case) == [0, 0]
    assert lies.open(loading).status_code == 200


def test_a_process_that_is_told_to_end_gives_its_work_back(app: Flask, lies: Visitor, session: Session) -> None:
    upload(lies, long_list(1, 2, 3))
    assert work_on_one(app, lambda: True)
    assert states(session) == [JobState.WAITING]
    assert work(app)
    assert states(session) == [JobState.DONE]
    assert session.scalars(select(UploadJob.tries), execution_options=READ).one() == 1


def test_work_that_brings_its_process_down_each_time_is_given_up(app: Flask, lies: Visitor, session: Session) -> None:
    sent = upload(lies, long_list(1, 2, 3))
    session.rollback()
    with transaction(session):
        session.execute(update(UploadJob).values(tries=MOST_TRIES).execution_options(synchronize_session=False))
    assert not work(app)
    assert "Er is niets half gedaan" in lies.open(sent.location).text


def test_a_fault_further_on_in_the_file_is_said_on_the_page(app: Flask, lies: Visitor, session: Session) -> None:
    sent = upload(lies, long_list(1, 2))
    session.rollback()
    with transaction(session):
        session.execute(update(Membership).values(ended_at=clock.now()).execution_options(synchronize_session=False))
    work(app)
    assert states(session) == [JobState.FAILED]
    assert number_of_rows(session, Batch) == [0]
    assert sent.status_code == 302


def test_when_nobody_picks_it_up_the_page_says_so(lies: Visitor) -> None:
    sent = upload(lies, long_list(1, 2))
    assert "nog niet opgepikt" not in lies.open(sent.location).text
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert "nog niet opgepikt" in lies.open(sent.location).text


def test_another_file_takes_the_place_of_the_one_that_is_looked_at(app: Flask, lies: Visitor, session: Session) -> None:
    upload(lies, long_list(1, 2))
    second = upload(lies, long_list(3, 4, 5))
    assert work(app)
    assert not work(app)
    assert number_of_rows(session, BatchRow) == [3]
    assert lies.open(second.location).status_code == 302


def test_another_file_does_not_touch_a_list_that_is_being_loaded(app: Flask, lies: Visitor, session: Session) -> None:
    lies.send(looked_at(app, lies, long_list(1, 2)))
    upload(lies, long_list(3, 4, 5))
    assert work(app)
    assert work(app)
    assert number_of_rows(session, Child) == [2]


def test_only_who_may_load_lists_there_sees_it(
    app: Flask, sign_in: SignIn, lies: Visitor, field: Field, session: Session
) -> None:
    looking = upload(lies, long_list(1, 2)).location
    colleague = field.person("Bert", "lop-gent", "coordinator")
    wim = field.worker
    session.commit()
    work(app)
    loading = lies.send(lies.open(looking).location).location
    lies.send("/sign-out")
    bert = sign_in(colleague)
    assert bert.open(looking).status_code == 404, "looking is its sender's alone"
    assert bert.open(loading).status_code == 200
    assert "lijst.csv" in bert.open("/lists").text
    bert.send("/sign-out")
    assert sign_in(wim).open(loading).status_code == 403


def test_work_is_forgotten_a_day_after_its_end(app: Flask, lies: Visitor, session: Session) -> None:
    lies.send(looked_at(app, lies, long_list(1, 2)))
    work(app)
    session.rollback()
    with clock.at(clock.now() + timedelta(days=1, minutes=1)), transaction(session):
        assert forget_old_jobs(session) == 2
        assert number_of_rows(session, UploadJob, Child) == [0, 2]


def test_a_long_excel_list_says_about_how_many_rows_it_has() -> None:
    from tests.imports.files import xlsx_bytes

    rows = [TITLES, *(some_child(number) for number in range(50))]
    assert long_files.about_rows(io.BytesIO(xlsx_bytes(("Lijst", rows)))) == 51
    assert long_files.about_rows(io.BytesIO(csv_bytes(rows))) == 51


def test_who_saves_something_while_a_list_is_written_loses_nothing(app: Flask, lies: Visitor, session: Session) -> None:
    """The embedded database has one writer: whoever waits too long for it gets what was typed back, to send again."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has many writers")
    session.close()
    db.engine.dispose()
    hasty = event.listens_for(db.engine, "connect")(lambda raw, _: raw.execute("PRAGMA busy_timeout=20"))
    try:
        with sqlite3.connect(db.engine.url.database or "", isolation_level=None) as loading:
            loading.execute("BEGIN IMMEDIATE")
            answer = lies.send("/lists/columns/7/forget", said="wat ik typte")
            loading.execute("ROLLBACK")
        loading.close()
    finally:
        event.remove(db.engine, "connect", hasty)
        db.engine.dispose()
    assert answer.status_code == 503
    assert "wat ik typte" in answer.text
    assert "/lists/columns/7/forget" in answer.text
    assert answer.headers["Retry-After"]
