"""The sheet for parents: everybody may read it, and it says nothing about anybody."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from outreach.cases.routes.parents import PARTS, WORDS
from outreach.labels import LANGUAGES
from outreach.partners.letterhead import write_letterhead
from tests.ground.field import Field, make_field


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session)
    session.commit()
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_reads_the_sheet_in_their_language(client: FlaskClient, language: str) -> None:
    page = client.get(f"/parents?language={language}")
    assert page.status_code == 200
    assert f'<article class="sheet" lang="{language}">' in page.text
    assert WORDS.text("who.title", language) in page.text


def test_with_an_area_it_shows_whom_to_ring(client: FlaskClient, session: Session, field: Field) -> None:
    write_letterhead(
        session, field.area, name="Stad Gent", address="Botermarkt 1", phone="09 000 00 00", email="hallo@gent.example"
    )
    session.commit()
    page = client.get("/parents?area=gent").text
    for part in ("Stad Gent", "Botermarkt 1", "09 000 00 00", "hallo@gent.example"):
        assert part in page
    assert "09 000 00 00" not in client.get("/parents").text
    assert client.get("/parents?area=nowhere").status_code == 404


def test_nothing_follows_the_reader(client: FlaskClient) -> None:
    answer = client.get("/parents?language=fr&large=1")
    kept = answer.headers.getlist("Set-Cookie")
    assert all(cookie.startswith("outreach_language=fr;") for cookie in kept), "the language, and nothing else"
    assert 'class="sheet is-large"' in answer.text


def test_it_says_what_must_be_said(sqlite_app: Flask) -> None:
    """Who, what is kept, who reads it, how to object and whom to ring; in sentences one can read aloud."""
    assert set(PARTS) == {"who", "why", "kept", "read"}
    assert "bezwaar" in WORDS.text("rights.2", "nl")
    for key in WORDS:
        for language in LANGUAGES:
            assert len(WORDS.text(key, language)) <= 135, (key, language)
