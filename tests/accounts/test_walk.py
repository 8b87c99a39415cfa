"""On the first day: three hints, one after another, until one has seen them, and again for who asks."""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor, actor_for
from outreach.accounts.commands import add_person
from outreach.accounts.models import ROLES, Membership
from outreach.accounts.sessions import open_session
from outreach.accounts.walk import HINTS, LENGTH, hints_seen, note_hints_seen, walk_of
from outreach.labels import LANGUAGES
from outreach.partners.commands import add_organisation
from tests.conftest import Browser


def enter(app: Flask, session: Session, membership: Membership) -> Browser:
    """A browser of somebody who signed in."""
    token = open_session(session, membership=membership)
    session.commit()
    browser = Browser(app, app.response_class)
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return browser


def press(browser: Browser, seen: int) -> str:
    """Send the form of the hint; the page one comes back to."""
    return browser.post(
        "/hints", data={**token_of(browser), "seen": seen, "back": "/my-work"}, follow_redirects=True
    ).text


def token_of(browser: Browser) -> dict[str, str]:
    """The form token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/my-work").text)
    assert found
    return {"csrf_token": found[1]}


def hint_on(page: str) -> str | None:
    found = re.search(r"Goed om te weten, (\d) van 3", page)
    return found[1] if found else None


def test_amina_sees_three_hints_one_after_another_and_then_none(
    app: Flask, session: Session, amina: Membership
) -> None:
    browser = enter(app, session, amina)
    assert hint_on(browser.get("/my-work").text) == "1"
    assert hint_on(browser.get("/my-work").text) == "1", "looking is not reading"
    assert hint_on(press(browser, 1)) == "2"
    assert hint_on(press(browser, 2)) == "3"
    assert hint_on(press(browser, 3)) is None
    assert hint_on(enter(app, session, amina).get("/my-work").text) is None, "remembered for the person"


def test_who_wants_no_more_hints_gets_none_until_asked_for(app: Flask, session: Session, amina: Membership) -> None:
    browser = enter(app, session, amina)
    assert hint_on(press(browser, LENGTH)) is None
    assert "Toon de eerste tips opnieuw" in browser.get("/help").text
    assert hint_on(press(browser, 0)) == "1"


def test_hints_stand_on_the_page_one_begins_with_only(app: Flask, session: Session, amina: Membership) -> None:
    browser = enter(app, session, amina)
    assert hint_on(browser.get("/settings").text) is None
    assert hint_on(browser.get("/help").text) is None


def test_a_button_pressed_twice_skips_no_hint(session: Session, amina: Membership) -> None:
    by = actor_for(amina)
    for _time in range(2):
        note_hints_seen(session, seen=1, by=by)
        session.flush()
    assert hints_seen(session, by) == 1
    note_hints_seen(session, seen=99, by=by)
    assert hints_seen(session, by) == LENGTH


def test_the_hints_never_send_somebody_to_another_site(app: Flask, session: Session, amina: Membership) -> None:
    browser = enter(app, session, amina)
    answer = browser.post("/hints", data={**token_of(browser), "seen": 1, "back": "https://elsewhere.example/"})
    assert answer.location == "/"


@pytest.mark.parametrize("role", [*ROLES, "guide"])
def test_every_role_has_hints_of_its_own(role: str) -> None:
    for language in LANGUAGES:
        said = [HINTS.text(f"{role}.{number + 1}", language) for number in range(LENGTH)]
        assert len(set(said)) == LENGTH
        assert all(len(text) < 160 for text in said)


def test_who_guides_the_school_choice_gets_other_hints_than_who_visits(session: Session, by: Actor) -> None:
    house = add_organisation(session, key="hvhk", kind="huis-van-het-kind", name="Huis van het Kind")
    guide = add_person(session, email="g@hvhk.example", name="G", role="worker", organisation=house, by=by)
    session.flush()
    assert walk_of(actor_for(guide)) == "guide"
