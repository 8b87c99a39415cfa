"""The page behind a link: two taps, one reference, nothing about the child; and the pages from which it is sent."""

import logging
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.linking import send_link, withdraw_link
from outreach.cases.models import Case, Event, SignedLink, Step
from outreach.cases.routes.answers import WithoutTokens
from tests.cases.routes.conftest import Visitor, at_welcome
from tests.ground.field import Field

from .conftest import READ, Send, asking, letter_of, step_of, token_in

Enter = Callable[[Actor | None], Visitor]
STRANGE = "a" * 43


def address_of(session: Session, link: SignedLink) -> str:
    """Where the letter leads; everything is committed."""
    url = f"/answer/{token_in(letter_of(session, link))}?language=nl"
    session.commit()
    return url


def taps(stranger: Visitor, url: str, **typed: str) -> TestResponse:
    """Both taps: go on, then send an answer."""
    first = stranger.send(url, stranger.open_form(url))
    key = re.search(r'name="form_key" value="([^"]+)"', first.text)
    assert key, first.text
    return stranger.send(url, {"form_key": key[1], **typed})


def question(stranger: Visitor, url: str) -> str:
    """The page after the first tap."""
    page = stranger.send(url, stranger.open_form(url))
    assert page.status_code == 200
    return unescape(page.text)


def state(session: Session) -> tuple[object, ...]:
    """All that an answer could change."""
    session.rollback()
    events = session.scalar(select(func.count(Event.id)), execution_options=READ)
    steps = session.execute(select(Step.id, Step.state, Step.version).order_by(Step.id), execution_options=READ).all()
    links = session.execute(select(SignedLink.answered_at, SignedLink.withdrawn_at), execution_options=READ).all()
    session.rollback()
    return events, steps, links


def test_a_scanner_that_opens_every_link_first_changes_nothing(
    session: Session, enter: Enter, send: Send, case: Case
) -> None:
    """It asks, asks for the head, even presses the button of the first page; the school then answers as usual."""
    url, scanner = address_of(session, send()), enter(None)
    before = state(session)
    for _ in range(3):
        assert scanner.get(url).status_code == 200
        assert scanner.browser.head(url).status_code == 200
    scanner.send(url, scanner.open_form(url))
    empty = taps(scanner, url)
    assert empty.status_code == 422
    assert state(session) == before
    school = enter(None)
    assert "Dank je wel" in taps(school, url, answer="settling_in_held").text
    told = select(Event).where(Event.via == "link")
    assert session.scalars(told, execution_options=READ).one().kind == "outcome_reported"


def test_looking_tells_nothing_not_even_whether_there_is_such_a_link(
    session: Session, enter: Enter, send: Send
) -> None:
    url, scanner = address_of(session, send()), enter(None)
    real, none = scanner.get(url), scanner.get(f"/answer/{STRANGE}?language=nl")
    plain = [re.sub(r'form_key" value="[^"]+"|/answer/[^?"]+', "", page.text) for page in (real, none)]
    assert plain[0] == plain[1]


def test_the_page_carries_no_cookie_and_tells_no_other_site(session: Session, enter: Enter, send: Send) -> None:
    stranger = enter(None)
    url = address_of(session, send()).partition("?")[0]
    for page in (stranger.get(url), taps(stranger, url, answer="unknown_child")):
        assert page.headers.getlist("Set-Cookie") == []
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]


def test_a_form_this_page_did_not_make_is_refused(session: Session, enter: Enter, send: Send) -> None:
    url, stranger = address_of(session, send()), enter(None)
    other = stranger.open_form(f"/answer/{STRANGE}")["form_key"]
    for fields in ({}, {"form_key": "x"}, {"form_key": other}, {"form_key": other, "answer": "started"}):
        assert stranger.send(url, fields).status_code == 400


def test_nothing_on_the_page_follows_from_the_child(
    session: Session, field: Field, enter: Enter, send: Send, case: Case
) -> None:
    """Milan is four and of this town; Noor is two. What the school reads of them differs in the reference alone."""
    again = at_welcome(field, first_name="Noor", born_on=date(2024, 5, 20))
    pages = []
    for one in (case, again):
        link = send_link(session, one, step_of(session, one, "warm_welcome"), asking(), by=field.coordinator)
        session.flush()
        reference = one.reference
        page = question(enter(None), address_of(session, link))
        assert reference in page
        pages.append(re.sub(r'form_key" value="[^"]+"|/answer/[^?"]+', "", page).replace(reference, ""))
    assert pages[0] == pages[1]
    for word in ("Milan", "Noor", "Peeters", "Linde", "Gent", "Sleepstraat", "Lies", "Wim", "2022", "2024", "4 jan"):
        assert word not in pages[0], word
    assert "Warm onthaal" in pages[0]
    assert "LOP" in pages[0]


@pytest.mark.parametrize(
    ("language", "word"), [("nl", "Ik weet niet over welk kind"), ("fr", "de quel enfant"), ("en", "which child this")]
)
def test_it_speaks_three_languages(session: Session, enter: Enter, send: Send, language: str, word: str) -> None:
    url = address_of(session, send()).replace("language=nl", f"language={language}")
    page = question(enter(None), url)
    assert word in page
    assert f'<html lang="{language}"' in page
    assert f"?language={language}" in page


def test_taken_back_expired_and_never_sent_look_the_same(
    session: Session, field: Field, enter: Enter, send: Send, case: Case
) -> None:
    back, late = send(), send(address="ander@dewilg.example", days=1)
    withdraw_link(session, case, back, by=field.coordinator)
    urls = [address_of(session, back), address_of(session, late), f"/answer/{STRANGE}?language=nl"]
    stranger, seen = enter(None), []
    with clock.at(clock.now() + timedelta(days=3)):
        for url in urls:
            page = stranger.send(url, stranger.open_form(url))
            assert page.status_code == 410
            seen.append(re.sub(r"/answer/[^?\"]+", "", page.text))
    assert len(set(seen)) == 1
    assert "Deze link werkt niet meer" in seen[0]


def test_an_answer_that_was_given_says_when(session: Session, enter: Enter, send: Send) -> None:
    url, stranger = address_of(session, send()), enter(None)
    taps(stranger, url, answer="not_mine")
    page = stranger.send(url, stranger.open_form(url)).text
    assert "Dit is al beantwoord" in page
    assert "di 15 dec 2026, 10:00" in page


@pytest.mark.parametrize(("on", "status"), [("", 422), ("2026-12-14", 422), ("2028-01-01", 422), ("2026-12-18", 200)])
def test_not_yet_needs_a_day_that_can_be(
    session: Session, enter: Enter, send: Send, case: Case, on: str, status: int
) -> None:
    url = address_of(session, send())
    page = taps(enter(None), url, answer="not_yet", on=on)
    assert page.status_code == status
    if status == 422:
        assert 'value="not_yet" checked' in page.text, "what was chosen stays"
        assert step_of(session, case, "warm_welcome").planned_on is None


def test_who_tries_links_that_are_none_has_to_wait(enter: Enter, field: Field) -> None:
    stranger = enter(None)
    said = []
    for number in range(8):
        url = f"/answer/{number:043d}"
        said.append(stranger.send(url, stranger.open_form(url)).status_code)
    assert said[:5] == [410] * 5
    assert 429 in said[5:]


def test_no_log_writes_a_token(app: Flask) -> None:
    assert any(isinstance(each, WithoutTokens) for each in app.logger.filters)
    for args in (("/answer/geheim", "POST"), {"r": "GET /answer/geheim?language=nl HTTP/1.1"}):
        record = logging.LogRecord("x", logging.INFO, "", 0, "%s", None, None)
        record.args = args  # type: ignore[assignment]
        WithoutTokens().filter(record)
        assert "geheim" not in str(record.args)
        assert "/answer/..." in str(record.args)


def test_the_lead_sends_a_link_and_sees_it_on_the_case(
    session: Session, field: Field, enter: Enter, case: Case
) -> None:
    lies, reference = enter(field.coordinator), case.reference
    step = step_of(session, case, "warm_welcome").number
    session.rollback()
    url = f"/cases/{reference}/steps/{step}/link"
    assert "Vraag antwoord via een link" in lies.read(f"/cases/{reference}")
    offered = lies.open_form(url)
    assert offered["address"] == "de-linde@example.test"
    told = {"known": "y", "known_how": "phone", "known_on": "2026-12-14"}
    untold = lies.fill(url)
    assert untold.status_code == 422
    assert lies.fill(url, **told, offers=["started"]).status_code == 302
    page = lies.read(f"/cases/{reference}")
    assert "de-linde@example.test" in page
    assert "nog niet geopend" in page
    back = re.search(r'href="([^"]+/withdraw)"', page)
    assert back
    assert lies.fill(back[1]).status_code == 302
    assert "Wacht op antwoord via een link" not in lies.read(f"/cases/{reference}")


def test_a_day_ahead_is_no_day_on_which_somebody_was_told(
    session: Session, field: Field, enter: Enter, case: Case
) -> None:
    lies = enter(field.coordinator)
    url = f"/cases/{case.reference}/steps/{step_of(session, case, 'warm_welcome').number}/link"
    session.rollback()
    answer = lies.fill(url, known="y", known_how="welcome_sheet", known_on="2026-12-16")
    assert answer.status_code == 422
    assert "Deze dag ligt in de toekomst." in answer.text


def test_others_send_nothing(session: Session, field: Field, enter: Enter, case: Case) -> None:
    """Hanne had the school choice and still sees the case; another school sees nothing."""
    stranger = field.person("Stijn", "de-wilg", "school-contact")
    url = f"/cases/{case.reference}/steps/{step_of(session, case, 'warm_welcome').number}/link"
    session.commit()
    assert enter(field.guide).get(url).status_code == 403
    assert enter(stranger).get(url).status_code == 404


def test_the_timeline_says_by_link_to_whom_and_who_sent_it(
    session: Session, field: Field, enter: Enter, send: Send, case: Case
) -> None:
    url, reference = address_of(session, send()), case.reference
    taps(enter(None), url, answer="settling_in_held")
    page = enter(field.coordinator).read(f"/cases/{reference}")
    assert "Via link, gestuurd aan onthaal@dewilg.example door Lies" in page
    assert "Het dossiernummer was bekend aan de telefoon, op ma 14 dec 2026" in page
