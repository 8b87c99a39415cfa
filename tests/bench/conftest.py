"""What the figures are measured on: one filled database of each kind for the whole of `make bench`, and the machine."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.extensions import db
from outreach.schoolyear import Counter, SchoolCalendar
from tests.bench.dataset import CASES, Flanders, fill
from tests.conftest import empty


@dataclass(frozen=True)
class Filled:
    """The application on a database with 100,000 open cases, and the moment they are seen at."""

    app: Flask
    database: str
    flanders: Flanders

    @property
    def now(self) -> datetime:
        """Five past eight on the next working day."""
        return self.flanders.now


def say(line: str) -> None:
    """One figure."""
    print(f"  {line}")


@pytest.fixture(scope="session", autouse=True)
def machine() -> None:
    """What it is measured on comes first."""
    kib = int(Path("/proc/meminfo").read_text().split()[1])
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"\n{os.cpu_count()} cores, {kib >> 20} GiB, {system}, Python {platform.python_version()}, load {load}")


@contextmanager
def second_database(postgres_url: str) -> Iterator[str]:
    """Another empty database on the same server."""
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    name = f"{engine.url.database}_second"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0"))
    yield engine.url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest) -> Filled:
    """Flanders on each database."""
    app = request.getfixturevalue("sqlite_app" if request.param == "sqlite" else "postgres_app")
    empty(app)
    day = SchoolCalendar().on_or_after(clock.today(), Counter.WORKING_DAYS)
    began = perf_counter()
    with app.app_context():
        flanders = Flanders(clock.moment_of(day, 8, 5), builtin(db.session, "import").person_id)
        db.session.rollback()
        with db.engine.connect().execution_options(outreach_writes=True) as connection:
            fill(connection, flanders)
            connection.commit()
            connection.execute(text("ANALYZE"))
            connection.commit()
    print(f"\n{request.param}: {CASES:,} open cases written in {perf_counter() - began:.0f} s")
    return Filled(app, request.param, flanders)
