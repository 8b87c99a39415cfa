"""The ground of the tests: both databases, one migrated per worker, emptied between tests, and a clock that stands."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Settings
from outreach import clock, schema
from outreach.accounts.actors import ensure_builtins
from outreach.application import create_app
from outreach.database import metadata
from outreach.extensions import db

pytest_plugins = ["tests.ground.browser", "tests.ground.postgres", "tests.ground.profiles", "tests.ground.smtp"]

IMPORT_DAY = datetime(2026, 12, 15, 9, 0, tzinfo=UTC)
"""The Tuesday on which most stories of the tests begin, ten in the morning in Brussels."""

_FIELD_KEYS = f"k1:{b64encode(bytes(range(32))).decode()}"
"""The same in every process of a run, so that they can look at one database."""


def make_settings(folder: Path, database_url: str) -> Settings:
    """Settings of a test: cheap passwords, no environment."""
    return Settings(
        data_dir=folder,
        database_url=database_url,
        secret_key="a secret of the tests",
        field_keys=_FIELD_KEYS,
        testing=True,
    )


def _migrated(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        schema.upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on an embedded database of this worker."""
    folder = tmp_path_factory.mktemp("sqlite")
    yield from _migrated(make_settings(folder, f"sqlite:///{folder / 'outreach.db'}"))


@pytest.fixture(scope="session")
def postgres_app(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[Flask]:
    """The application on a PostgreSQL database of this worker."""
    yield from _migrated(make_settings(tmp_path_factory.mktemp("postgres"), postgres_url))


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application with an empty database; every test that uses it runs on both databases."""
    name = "sqlite_app" if request.param == "sqlite" else "postgres_app"
    application: Flask = request.getfixturevalue(name)
    empty(application)
    with clock.at(IMPORT_DAY), application.app_context():
        yield application


def empty(application: Flask) -> None:
    """Take every row away but the built-in actors."""
    with application.app_context():
        with db.engine.begin() as connection:
            connection.execution_options(outreach_writes=True)
            if connection.dialect.name == "postgresql":
                names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
                connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
            else:
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
                for table in reversed(metadata.sorted_tables):
                    connection.execute(delete(table))
        ensure_builtins(db.session)
        db.session.commit()


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the application context of this test."""
    return db.session


class Browser(FlaskClient):
    """Each request has an application context of its own, as in real life: no user or session left from the last."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without pictures."""
    return Browser(app, app.response_class)
