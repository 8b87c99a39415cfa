"""PostgreSQL for the tests: TEST_DATABASE_URL if set, else a server of our own, started when a test first asks."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from tests.ground import cluster

_MEETING = pytest.StashKey[Path]()
"""The folder where the workers of one run meet: it holds the note of the server that the first of them started."""


def pytest_configure(config: pytest.Config) -> None:
    """Give all workers of this run one folder to meet in."""
    given = getattr(config, "workerinput", {}).get("postgres_meeting")
    config.stash[_MEETING] = Path(given or tempfile.mkdtemp(prefix="outreach-tests-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker of pytest-xdist where that folder is."""
    node.workerinput["postgres_meeting"] = str(node.config.stash[_MEETING])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server at the end of the whole run."""
    if hasattr(config, "workerinput"):
        return
    note = config.stash[_MEETING] / "server.json"
    if note.exists():
        _read(note).stop()
    shutil.rmtree(config.stash[_MEETING], ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest, worker_id: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database of this worker alone, removed at the end."""
    meeting = request.config.stash[_MEETING]
    server = make_url(os.environ.get("TEST_DATABASE_URL") or _our_server(meeting).url)
    server = server.set(drivername="postgresql+psycopg")
    name = f"{meeting.name}_{worker_id}".replace("-", "_").lower()
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    _run(engine, f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
    yield server.set(database=name).render_as_string(hide_password=False)
    _run(engine, f'DROP DATABASE "{name}" WITH (FORCE)')
    engine.dispose()


def _our_server(meeting: Path) -> cluster.Cluster:
    note = meeting / "server.json"
    with FileLock(meeting / "lock"):
        if not note.exists():
            started = cluster.start()
            note.write_text(json.dumps(vars(started), default=str), encoding="utf-8")
        return _read(note)


def _read(note: Path) -> cluster.Cluster:
    kept = json.loads(note.read_text(encoding="utf-8"))
    return cluster.Cluster(Path(kept["binaries"]), Path(kept["folder"]), kept["port"], kept["runs_as"])


def _run(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(statement))
