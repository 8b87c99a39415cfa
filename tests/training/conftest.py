"""A training environment on a database of its own, its world made and nobody signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from outreach import clock, schema
from outreach.accounts.actors import builtin, ensure_builtins
from outreach.accounts.commands import add_person, set_password
from outreach.accounts.passwords import hash_password
from outreach.application import create_app
from outreach.database import transaction
from outreach.extensions import db
from outreach.partners.commands import add_organisation
from outreach.training.commands import finish, prepare
from tests.conftest import IMPORT_DAY, make_settings

PASSWORD = "een goed wachtwoord"


@pytest.fixture
def training_app(tmp_path: Path) -> Iterator[Flask]:
    """Marked as training; the world is still being made."""
    settings = make_settings(tmp_path, f"sqlite:///{tmp_path / 'outreach.db'}").with_changes(training=True)
    app = create_app(settings)
    with clock.at(IMPORT_DAY), app.app_context():
        schema.upgrade()
        with transaction(db.session):
            ensure_builtins(db.session)
            prepare(db.session)
        yield app
        db.session.close()
        db.engine.dispose()


@pytest.fixture
def made_app(training_app: Flask) -> Flask:
    """The world is made, with one person in it."""
    with transaction(db.session):
        by = builtin(db.session, "console")
        team = add_organisation(db.session, key="de-brug", kind="inloopteam", name="De Brug")
        amina = add_person(
            db.session, email="amina@brug.example", name="Amina", role="worker", organisation=team, by=by
        )
        set_password(db.session, person=amina.person, password_hash=hash_password(PASSWORD), by=by)
        finish(db.session)
    return training_app


@pytest.fixture
def amina(made_app: Flask) -> FlaskClient:
    """Amina's browser, signed in."""
    made_app.config["WTF_CSRF_ENABLED"] = False
    browser = made_app.test_client()
    answer = browser.post("/sign-in", data={"email": "amina@brug.example", "password": PASSWORD})
    assert answer.status_code == 302
    return browser
