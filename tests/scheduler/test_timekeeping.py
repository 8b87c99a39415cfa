"""One time for all nodes: a machine whose clock is off works on the database's."""

from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from outreach import clock
from outreach.extensions import db
from outreach.scheduler import timekeeping
from outreach.scheduler.timekeeping import Timekeeper, keep_time

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def own_clock() -> Iterator[None]:
    """The clock of the process runs on its own before and afterwards."""
    clock.start_from(None)
    yield
    clock.start_from(None)


@pytest.fixture
def running(app: Flask) -> Callable[[Callable[[], datetime]], datetime]:
    """Do something where the clock is not held still, as in a process of its own."""

    def runs(work: Callable[[], datetime]) -> datetime:
        def in_context() -> datetime:
            with app.app_context():
                return work()

        return Context().run(in_context)

    return runs


@pytest.mark.parametrize("off", [HOUR, -HOUR, timedelta(days=400)], ids=str)
def test_a_node_whose_clock_is_off_takes_the_time_of_the_database(
    app: Flask, running, monkeypatch: pytest.MonkeyPatch, off: timedelta
) -> None:
    right = datetime.now(UTC)
    monkeypatch.setattr(clock, "own", lambda: datetime.now(UTC) + off)
    told: list[int] = []
    monkeypatch.setattr(timekeeping.log, "warning", lambda _, seconds_ahead: told.append(seconds_ahead))

    def now() -> datetime:
        keep_time(db.sessionmaker)
        return clock.now()

    seen = running(now)
    if db.engine.dialect.name == "postgresql":
        assert abs(seen - right) < MINUTE
        assert abs(told[0] - off.total_seconds()) < 60
    else:
        assert abs(seen - right - off) < MINUTE, "the embedded database has no clock but this machine's"
        assert told == []


def test_between_two_looks_the_clock_of_the_machine_may_jump(
    app: Flask, running, monkeypatch: pytest.MonkeyPatch
) -> None:
    follows = db.engine.dialect.name == "postgresql"
    right = datetime.now(UTC)
    keeper = Timekeeper()

    def now() -> datetime:
        keeper.keep(db.sessionmaker)
        monkeypatch.setattr(clock, "own", lambda: datetime.now(UTC) - HOUR)
        keeper.keep(db.sessionmaker)
        return clock.now()

    assert abs(running(now) - (right if follows else right - HOUR)) < MINUTE


def test_a_web_node_whose_clock_is_off_is_not_ready(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").json["checks"]["clock"]
    monkeypatch.setattr(clock, "own", lambda: datetime.now(UTC) + HOUR)
    answer = client.get("/readyz")
    apart = db.engine.dialect.name == "postgresql"
    assert answer.json["checks"]["clock"] is not apart
    assert answer.status_code == (503 if apart else 200)
