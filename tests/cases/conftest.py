"""A browser in which somebody of the field is signed in."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach.accounts.actors import Actor, builtin
from outreach.accounts.commands import set_password
from outreach.accounts.models import Person
from outreach.accounts.passwords import hash_password

PASSWORD = "een goed wachtwoord"

SignIn = Callable[[Actor], "Visitor"]


class Visitor:
    """Somebody at the screen: opens pages and sends forms as the page offers them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, path: str) -> TestResponse:
        return self.client.get(path)

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Send a form from any page; the hidden key of the form is new unless given."""
        return self.client.post(path, data={"csrf_token": self.token(), **fields})

    def token(self) -> str:
        """The token that every form of this browser carries."""
        page = self.client.get("/", follow_redirects=True).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        return found[1]


@pytest.fixture
def sign_in(client: FlaskClient, session: Session) -> SignIn:
    """Sign somebody in; everything made so far is committed."""

    def come_in(actor: Actor) -> Visitor:
        person = session.get_one(Person, actor.person_id)
        set_password(session, person=person, password_hash=hash_password(PASSWORD), by=builtin(session, "console"))
        email = person.email
        session.commit()
        page = client.get("/sign-in")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        answer = client.post("/sign-in", data={"csrf_token": token[1], "email": email, "password": PASSWORD})
        assert answer.status_code == 302
        return Visitor(client)

    return come_in
