"""What people choose for themselves: the language, the look, the page to begin with, and where they are signed in."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from outreach.accounts.models import Membership, Person
from outreach.database import transaction
from tests.conftest import Browser

from .test_pages import come_in


def token_on(client: FlaskClient, url: str) -> str:
    """The token against forgery of the forms on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(url).text)
    assert found is not None
    return found[1]


def choose(client: FlaskClient, **fields: str):
    """Fill in the settings page; what is not said stays as the device and the role say."""
    said = {"language": "nl", "theme": "", "start_page": ""} | fields
    return client.post("/settings", data={"csrf_token": token_on(client, "/settings"), **said})


def language_of(page: str) -> str:
    """What the page itself says it is written in."""
    found = re.search(r'<html lang="(\w+)"', page)
    assert found is not None
    return found[1]


def test_amina_reads_french_from_the_moment_she_chooses_it(client: FlaskClient, amina: Membership) -> None:
    come_in(client, amina)
    assert language_of(client.get("/settings").text) == "nl"
    assert choose(client, language="fr").location == "/settings"
    page = client.get("/settings").text
    assert language_of(page) == "fr"
    assert "Enregistré." in page, "also what was said about the choice itself"
    assert "Bewaard" not in page


def test_the_page_shows_who_one_is_and_what_is_chosen(client: FlaskClient, amina: Membership) -> None:
    come_in(client, amina)
    choose(client, language="en", theme="dark")
    page = client.get("/settings").text
    assert "Amina El Amrani" in page
    assert "amina@brug.example" in page
    assert re.search(r'<input[^>]*checked[^>]*value="en"', page)
    assert re.search(r'<input[^>]*checked[^>]*value="dark"', page)


def test_light_or_dark_is_remembered_and_the_device_decides_again(
    client: FlaskClient, session: Session, amina: Membership
) -> None:
    come_in(client, amina)
    choose(client, theme="dark")
    session.rollback()
    assert session.get_one(Person, amina.person_id).theme == "dark"
    choose(client, theme="")
    session.rollback()
    assert session.get_one(Person, amina.person_id).theme is None


def test_carine_begins_with_the_people_page(client: FlaskClient, carine: Membership) -> None:
    come_in(client, carine)
    assert client.get("/").location == "/my-work"
    choose(client, start_page="people.index")
    assert client.get("/").location == "/people"


def test_a_start_page_of_another_role_is_not_offered_nor_followed(
    client: FlaskClient, session: Session, amina: Membership
) -> None:
    come_in(client, amina)
    assert "people.index" not in client.get("/settings").text
    assert choose(client, start_page="people.index").status_code in (302, 400)
    session.rollback()
    with transaction(session):
        session.get_one(Person, amina.person_id).start_page = "people.index"
    assert client.get("/").location == "/my-work"


@pytest.mark.parametrize("wrong", [{"language": "de"}, {"theme": "pink"}, {"language": ""}])
def test_a_choice_that_is_not_there_is_given_back(
    client: FlaskClient, amina: Membership, wrong: dict[str, str]
) -> None:
    come_in(client, amina)
    assert choose(client, **wrong).status_code == 400


def test_a_lost_phone_is_signed_out_from_the_desk(app: Flask, session: Session, amina: Membership) -> None:
    phone, desk = Browser(app, app.response_class), Browser(app, app.response_class)
    come_in(phone, amina)
    come_in(desk, amina)
    assert "1 ander toestel" in desk.get("/settings").text
    desk.post("/settings/end-other-sessions", data={"csrf_token": token_on(desk, "/settings")})
    assert phone.get("/my-work").location.startswith("/sign-in")
    assert desk.get("/my-work").status_code == 200
    assert "enkel op dit toestel" in desk.get("/settings").text


def test_signing_others_out_leaves_a_colleague_alone(app: Flask, amina: Membership, carine: Membership) -> None:
    mine, hers = Browser(app, app.response_class), Browser(app, app.response_class)
    come_in(mine, amina)
    come_in(hers, carine)
    mine.post("/settings/end-other-sessions", data={"csrf_token": token_on(mine, "/settings")})
    assert hers.get("/my-work").status_code == 200


def test_the_foot_of_a_page_changes_the_language_and_leads_back(client: FlaskClient, amina: Membership) -> None:
    come_in(client, amina)
    fields = {"csrf_token": token_on(client, "/my-work?whose=team"), "language": "en"}
    here = {"Referer": "http://localhost/my-work?whose=team"}
    assert client.post("/settings/language", data=fields, headers=here).location == "/my-work?whose=team"
    assert language_of(client.get("/my-work").text) == "en"
    elsewhere = {"Referer": "https://elsewhere.example/my-work"}
    assert client.post("/settings/language", data=fields | {"language": "xx"}, headers=elsewhere).location == "/"
    assert language_of(client.get("/my-work").text) == "en"


@pytest.mark.parametrize(
    ("browser", "spoken"),
    [("fr-BE,fr;q=0.9,nl;q=0.8", "fr"), ("en-GB", "en"), ("de,tr;q=0.5", "nl"), ("", "nl"), ("nl-BE,en;q=0.2", "nl")],
)
def test_a_stranger_is_spoken_to_as_the_browser_asks(client: FlaskClient, browser: str, spoken: str) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": browser} if browser else {})
    assert language_of(page.text) == spoken


def test_a_stranger_who_chooses_french_keeps_it_and_the_page_that_was_wanted(client: FlaskClient) -> None:
    page = client.get("/sign-in?next=/my-work").text
    assert 'href="/sign-in?next=%2Fmy-work&amp;language=fr"' in page
    assert language_of(client.get("/sign-in?next=/my-work&language=fr").text) == "fr"
    assert language_of(client.get("/sign-in", headers={"Accept-Language": "en"}).text) == "fr"


def test_after_signing_out_the_sign_in_page_still_speaks_ones_language(client: FlaskClient, amina: Membership) -> None:
    come_in(client, amina)
    choose(client, language="fr")
    client.get("/my-work")
    client.post("/sign-out", data={"csrf_token": token_on(client, "/settings")})
    assert language_of(client.get("/sign-in").text) == "fr"


def test_ones_own_language_goes_before_what_the_browser_says(client: FlaskClient, amina: Membership) -> None:
    come_in(client, amina)
    assert language_of(client.get("/my-work?language=en", headers={"Accept-Language": "fr"}).text) == "nl"
