"""Each slot once, whoever ticks; a run that was killed or went wrong is run again."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.database import transaction
from outreach.extensions import db
from outreach.scheduler.models import JobRun
from outreach.scheduler.slots import KEPT, LEASE, TRY_AGAIN, forget_old_runs, run_slot

SLOT = clock.moment_of(clock.local(clock.parse_moment("2027-01-05")).date(), 8, 15)
SECOND = timedelta(seconds=1)

Sessions = Callable[[], Session]


@pytest.fixture
def sessions(app: Flask) -> Iterator[Sessions]:
    """Sessions on an empty database, a quarter past eight on a Tuesday."""
    with clock.at(SLOT):
        yield db.sessionmaker


def test_a_slot_is_run_once(sessions: Sessions) -> None:
    done: list[int] = []
    for turn in range(3):
        run_slot(sessions, "remind", SLOT, lambda turn=turn: done.append(turn) or {"digests_queued": 4})
    assert done == [0]
    with sessions() as session:
        run = session.scalars(select(JobRun)).one()
    assert (run.finished_at, run.failed_at, run.result) == (SLOT, None, {"digests_queued": 4})


def test_another_slot_and_another_job_have_their_own_turn(sessions: Sessions) -> None:
    assert run_slot(sessions, "remind", SLOT, dict) == {}
    assert run_slot(sessions, "remind", SLOT + timedelta(minutes=15), dict) == {}
    assert run_slot(sessions, "deliver", SLOT, dict) == {}


def test_four_processes_at_once_run_it_once(sessions: Sessions) -> None:
    begin = threading.Barrier(4)
    done: list[int] = []

    def process(number: int) -> None:
        begin.wait()
        with clock.at(SLOT):
            run_slot(sessions, "remind", SLOT, lambda: done.append(number) or {})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(process, range(4)))
    assert len(done) == 1


def test_a_killed_run_is_taken_over_when_its_lease_is_over(sessions: Sessions) -> None:
    with sessions() as session, transaction(session):
        session.add(JobRun(job="remind", slot_at=SLOT, owner="killed", started_at=SLOT, lease_until=SLOT + LEASE))
    with clock.at(SLOT + LEASE):
        assert run_slot(sessions, "remind", SLOT, dict) is None
    with clock.at(SLOT + LEASE + SECOND):
        assert run_slot(sessions, "remind", SLOT, dict) == {}
        assert run_slot(sessions, "remind", SLOT, dict) is None


def test_a_run_that_went_wrong_is_tried_again_a_minute_later(sessions: Sessions) -> None:
    def fails() -> dict[str, int]:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        run_slot(sessions, "remind", SLOT, fails)
    assert run_slot(sessions, "remind", SLOT, dict) is None
    with clock.at(SLOT + TRY_AGAIN + SECOND):
        assert run_slot(sessions, "remind", SLOT, dict) == {}
    with sessions() as session:
        run = session.scalars(select(JobRun)).one()
    assert run.finished_at is not None
    assert run.failed_at is None


def test_whoever_lost_the_run_does_not_close_it(sessions: Sessions) -> None:
    def taken_over_meanwhile() -> dict[str, int]:
        with clock.at(SLOT + LEASE + SECOND), sessions() as session, transaction(session):
            session.scalars(select(JobRun)).one().owner = "another"
        return {}

    run_slot(sessions, "remind", SLOT, taken_over_meanwhile)
    with sessions() as session:
        assert session.scalars(select(JobRun)).one().finished_at is None


def test_runs_of_long_ago_are_forgotten(sessions: Sessions) -> None:
    run_slot(sessions, "deliver", SLOT, dict)
    with clock.at(SLOT + KEPT - SECOND), sessions() as session, transaction(session):
        assert forget_old_runs(session) == 0
    with clock.at(SLOT + KEPT + SECOND), sessions() as session, transaction(session):
        assert forget_old_runs(session) == 1


def test_slots_taken_while_the_clock_was_an_hour_ahead_are_taken_again_when_their_time_comes(
    sessions: Sessions,
) -> None:
    done: list[str] = []
    later = SLOT + timedelta(hours=1)
    with clock.at(later):
        run_slot(sessions, "remind", later, lambda: done.append("too early") or {})
    with clock.at(SLOT + timedelta(minutes=56)):
        assert run_slot(sessions, "remind", later, dict) is None, "nodes may differ by some minutes"
    with clock.at(SLOT + timedelta(minutes=30)):
        assert run_slot(sessions, "remind", later, lambda: done.append("in time") or {}) == {}
        assert run_slot(sessions, "remind", later, dict) is None
    assert done == ["too early", "in time"]
