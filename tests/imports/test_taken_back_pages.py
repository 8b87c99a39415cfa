"""The wrong list is taken back on its receipt: on the page, or outside the request when it is long."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.words import add_note
from outreach.cases.models import Case
from outreach.database import transaction
from outreach.extensions import db
from outreach.imports import long_files
from outreach.imports.commands import taking_back as commands
from outreach.imports.models import Batch, BatchState, UploadJob
from outreach.scheduler.uploads import work_on_one
from tests.cases.conftest import SignIn, Visitor, sign_in
from tests.ground.field import Field, make_field
from tests.imports.deciding import AYAAN, LOU, NOOR, NOW, THEN, case_of, sound
from tests.imports.files import TITLES, csv_bytes, row
from tests.imports.loading import READ, agree, load
from tests.imports.test_pages import upload
from tests.imports.working import coordinator, work

__all__ = ["sign_in"]


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session)
    agree(made)
    assert made.person("Hilde", "kg-gent", "coordinator")
    session.commit()
    return made


@pytest.fixture
def lies(sign_in: SignIn, field: Field) -> Iterator[Visitor]:
    yield from coordinator(sign_in, field)


def open_cases(session: Session) -> int:
    session.rollback()
    session.expire_all()
    return session.scalar(select(func.count(Case.id)).where(Case.ended_at.is_(None)), execution_options=READ) or 0


def receipt(visitor: Visitor, batch_id: int | None) -> str:
    return html.unescape(visitor.open(f"/lists/{batch_id}").text)


def test_the_wrong_list_is_taken_back_with_one_click_and_a_second_does_nothing(
    lies: Visitor, field: Field, session: Session
) -> None:
    load(field, row(**AYAAN), as_of=THEN)
    wrong = load(field, row(**AYAAN), row(**NOOR), row(**LOU), as_of=NOW)
    with transaction(session):
        noor = case_of(session, "Noor").reference
        add_note(session, case_of(session, "Noor"), text="gebeld", shared=False, by=field.coordinator)
    page = receipt(lies, wrong.batch_id)
    assert "Was het de verkeerde lijst?" in page
    assert "In 1 dossier gebeurde intussen iets" in page
    twice = {"submission_key": "once"}
    assert lies.send(f"/lists/{wrong.batch_id}/undo", **twice).location == f"/lists/{wrong.batch_id}"
    page = receipt(lies, wrong.batch_id)
    assert "De lijst is teruggedraaid" in page
    assert noor in page
    again = lies.open(lies.send(f"/lists/{wrong.batch_id}/undo", **twice).location)
    assert "Dit is al teruggedraaid." not in html.unescape(again.text), "a double click is one"
    assert "Was het de verkeerde lijst?" not in page
    assert lies.open(f"/lists/{wrong.batch_id}/differences").location == f"/lists/{wrong.batch_id}"
    assert lies.open(f"/lists/{wrong.batch_id}/proposed").location == f"/lists/{wrong.batch_id}"
    assert lies.open(f"/lists/{wrong.batch_id}/preview").location == f"/lists/{wrong.batch_id}"
    assert "teruggedraaid" in lies.open("/lists").text
    assert open_cases(session) == 2
    later = html.unescape(lies.open(lies.send(f"/lists/{wrong.batch_id}/undo").location).text)
    assert "Dit is al teruggedraaid." in later
    sound(session)


def test_the_right_list_after_the_wrong_one_says_which_cases_open_again(
    lies: Visitor, field: Field, session: Session
) -> None:
    wrong = load(field, row(**AYAAN), row(**NOOR))
    lies.send(f"/lists/{wrong.batch_id}/undo")
    sent = upload(lies, csv_bytes([TITLES, row(**AYAAN), row(**NOOR)]))
    page = html.unescape(lies.open(sent.location).text)
    assert "2 dossiers openen opnieuw" in page
    assert page.count("Opent opnieuw: ") == 2
    assert "krijgt de vraag" not in page
    assert "0 nieuwe kinderen" not in page
    lies.send(sent.location)
    assert open_cases(session) == 2


def test_a_list_that_has_to_stay_says_why(lies: Visitor, field: Field, session: Session) -> None:
    first = load(field, row(**AYAAN), row(**NOOR), as_of=THEN)
    later = load(field, row(**AYAAN), as_of=NOW)
    assert "een latere lijst" in receipt(lies, first.batch_id)
    assert "een latere lijst" in html.unescape(lies.open(lies.send(f"/lists/{first.batch_id}/undo").location).text)
    with transaction(session):
        for batch in session.scalars(select(Batch), execution_options=READ):
            batch.at -= timedelta(days=31)
    assert "meer dan 30 dagen geleden" in receipt(lies, later.batch_id)
    assert open_cases(session) == 2


def test_another_organisation_of_the_area_does_not_take_it_back(
    sign_in: SignIn, field: Field, session: Session
) -> None:
    loaded = load(field, row(**AYAAN))
    hilde = sign_in(field.people["Hilde"])
    assert "Was het de verkeerde lijst?" not in receipt(hilde, loaded.batch_id)
    page = html.unescape(hilde.open(hilde.send(f"/lists/{loaded.batch_id}/undo").location).text)
    assert "Alleen de organisatie die deze lijst oplaadde" in page
    assert open_cases(session) == 1


def test_a_long_list_is_taken_back_outside_the_request(
    app: Flask, lies: Visitor, sign_in: SignIn, field: Field, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_files, "LONG_TO_TAKE_BACK", 2)
    wrong = load(field, row(**AYAAN), row(**NOOR), row(**LOU))
    sent = lies.send(f"/lists/{wrong.batch_id}/undo").location
    assert re.fullmatch(r"/uploads/\d+", sent)
    assert lies.send(f"/lists/{wrong.batch_id}/undo").location == sent, "asked twice it is one piece of work"
    assert open_cases(session) == 3
    assert "Wordt teruggedraaid" in html.unescape(lies.open(sent).text)
    assert "Deze lijst wordt nu teruggedraaid" in receipt(lies, wrong.batch_id)
    with transaction(session):
        left = case_of(session, "Noor").reference
        add_note(session, case_of(session, "Noor"), text="gebeld", shared=False, by=field.coordinator)
    assert work(app)
    assert lies.open(sent).location == f"/lists/{wrong.batch_id}"
    page = receipt(lies, wrong.batch_id)
    assert "De lijst is teruggedraaid" in page
    assert left in page
    assert open_cases(session) == 1
    sound(session)
    session.rollback()
    lies.send("/sign-out")
    hilde = sign_in(field.people["Hilde"])
    assert hilde.open(sent).status_code == 302
    assert left not in receipt(hilde, wrong.batch_id), "which cases stayed is for who asked"


def test_stopped_on_the_way_nothing_is_taken_back(
    app: Flask, lies: Visitor, field: Field, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_files, "LONG_TO_TAKE_BACK", 2)
    monkeypatch.setattr(commands, "MANY", 1)
    wrong = load(field, row(**AYAAN), row(**NOOR), row(**LOU))
    sent = lies.send(f"/lists/{wrong.batch_id}/undo").location
    ended, real = [], commands.end_mistaken

    def end_some(*args: object, **terms: object) -> None:
        real(*args, **terms)  # type: ignore[arg-type]
        ended.append(args)

    monkeypatch.setattr(commands, "end_mistaken", end_some)
    db.session.rollback()
    assert work_on_one(app, lambda: bool(ended))  # the process is told to end once a case was closed
    assert len(ended) == 1
    assert open_cases(session) == 3
    assert session.scalars(select(Batch.state), execution_options=READ).one() == BatchState.LOADED
    job = session.scalars(select(UploadJob), execution_options=READ).one()
    assert job.state == "waiting", "another process takes it up"
    with transaction(session):
        session.get_one(UploadJob, job.id, execution_options=READ).state = "stopped"
    page = html.unescape(lies.open(sent).text)
    assert "Er is niets teruggedraaid" in page
    assert f'href="/lists/{wrong.batch_id}"' in page
    with clock.at(clock.now() + timedelta(hours=1)):
        assert "Was het de verkeerde lijst?" in receipt(lies, wrong.batch_id)
    sound(session)
