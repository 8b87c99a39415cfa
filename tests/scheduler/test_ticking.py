"""The clock of one process: it ticks at once when it starts, heals what was missed, and ends when it is told."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from outreach import clock
from outreach.scheduler import ticking
from outreach.scheduler.jobs import Job
from outreach.scheduler.rhythms import Daily, EveryMinutes
from outreach.scheduler.ticking import Ticker

EIGHT = clock.parse_moment("2027-01-05T08:00")


def counting(times: list[str], name: str = "remind") -> Job:
    def work(_stopping: Callable[[], bool]) -> Mapping[str, Any]:
        times.append(clock.local(clock.now()).strftime("%a %H:%M"))
        return {}

    return Job(name, EveryMinutes(15, 8, 17), work)


def test_a_day_of_ticks_on_two_nodes_runs_each_quarter_once(app: Flask) -> None:
    times: list[str] = []
    job = counting(times)
    nodes = [Ticker(app, [job]), Ticker(app, [job])]
    for minute in range(-30, 75):
        with clock.at(EIGHT + timedelta(minutes=minute)):
            for node in nodes:
                node.tick(job)
    assert times == ["Tue 08:00", "Tue 08:15", "Tue 08:30", "Tue 08:45", "Tue 09:00"]


def test_after_three_days_down_a_job_runs_once_not_three_times(app: Flask) -> None:
    runs: list[str] = []
    job = Job("housekeeping", Daily(5), lambda _stopping: runs.append("ran") or {})
    ticker = Ticker(app, [job])
    for day in (0, 3):
        with clock.at(EIGHT + timedelta(days=day)):
            ticker.tick(job)
            ticker.tick(job)
    assert runs == ["ran", "ran"]


def test_it_ticks_when_it_starts_and_stops_when_told(app: Flask) -> None:
    ran = threading.Event()
    job = Job("deliver", EveryMinutes(1), lambda _stopping: ran.set() or {})
    ticker = Ticker(app, [job])
    ticker.start()
    assert ran.wait(30)
    assert ticker.stop()


def test_a_job_is_told_to_stop_and_one_that_hangs_does_not_hold_the_process(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticking, "GRACE_SECONDS", 0.1)
    started, answered = threading.Event(), threading.Event()
    told: list[bool] = []

    def talks_to_a_server_that_stalls(stopping: Callable[[], bool]) -> Mapping[str, Any]:
        started.set()
        answered.wait(30)
        told.append(stopping())
        return {}

    ticker = Ticker(app, [Job("deliver", EveryMinutes(1), talks_to_a_server_that_stalls)])
    ticker.start()
    assert started.wait(30)
    assert not ticker.stop()
    answered.set()
    for thread in threading.enumerate():
        if thread.name.startswith("ThreadPoolExecutor"):
            thread.join(30)
    assert told == [True]
