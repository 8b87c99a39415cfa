"""The mark of a training database: what is made in it, what is taken away, and who refuses it."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from outreach import schema
from outreach.accounts.actors import BUILTINS, builtin
from outreach.application import create_app
from outreach.database import transaction
from outreach.errors import Refused, Unsound
from outreach.extensions import db
from outreach.partners.commands import add_area
from outreach.partners.queries import areas
from outreach.training.commands import finish, prepare, take_away_world
from outreach.training.queries import is_training_database, world_is_made
from tests.conftest import make_settings


def test_an_empty_database_gets_a_world(session: Session) -> None:
    with transaction(session):
        assert prepare(session)
    assert is_training_database(session)
    assert not world_is_made(session)
    with transaction(session):
        finish(session)
    assert world_is_made(session)


def test_the_second_run_uses_the_world_as_it_is(session: Session) -> None:
    with transaction(session):
        prepare(session)
        add_area(session, key="gent", name="Gent", nis=["44021"])
        finish(session)
    with transaction(session):
        assert not prepare(session)
    assert [area.key for area in areas(session)] == ["gent"]


def test_a_world_left_half_made_is_made_anew(session: Session) -> None:
    with transaction(session):
        prepare(session)
        add_area(session, key="gent", name="Gent", nis=["44021"])
    with transaction(session):
        assert prepare(session)
    assert areas(session) == []
    assert {builtin(session, key).via for key in BUILTINS} == set(BUILTINS)


def test_a_database_with_data_of_somebodys_own_is_served_and_never_filled(session: Session) -> None:
    with transaction(session):
        add_area(session, key="aalst", name="Aalst", nis=["41002"])
    with transaction(session):
        assert not prepare(session)
    assert [area.key for area in areas(session)] == ["aalst"]
    assert world_is_made(session)


def test_without_the_mark_nothing_is_taken_away(session: Session) -> None:
    with transaction(session):
        add_area(session, key="aalst", name="Aalst", nis=["41002"])
    with pytest.raises(Refused):
        take_away_world(session)
    assert [area.key for area in areas(session)] == ["aalst"]


def test_a_production_server_refuses_a_training_database(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    create_app(settings, production=True)
    with transaction(db.session):
        prepare(db.session)
    with pytest.raises(Unsound, match="training_database_in_production"):
        create_app(settings, production=True)
    with pytest.raises(Unsound, match="training_in_production"):
        create_app(settings.with_changes(training=True), production=True)


def test_a_production_server_may_start_before_the_migrations(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("new")
    app = create_app(make_settings(folder, f"sqlite:///{folder / 'outreach.db'}"), production=True)
    with app.app_context():
        assert not schema.is_current()
        db.session.close()
        db.engine.dispose()
