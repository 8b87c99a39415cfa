"""A process that loads the program once and then forks: each child is a console command, or a node whose time runs
faster, and can be killed. Orders come in as lines of JSON, what became of each child goes out the same way.
"""

import json
import os
import resource
import select
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask

import config
from outreach import cli, clock
from outreach.application import create_app
from outreach.cases.workflow import processes
from outreach.notifications import delivery, transport
from outreach.scheduler import timekeeping
from outreach.scheduler.jobs import JOBS, Job
from outreach.scheduler.ticking import Ticker

Order = dict[str, Any]

MINUTE = 60.0


def main() -> None:
    """Fork a child for each order; end with whoever gives them."""
    processes()
    children: set[int] = set()
    waiting = b""
    while True:
        if select.select([0], [], [], 0.01)[0]:
            read = os.read(0, 65536)
            if not read:
                break
            *lines, waiting = (waiting + read).split(b"\n")
            for line in lines:
                children.add(_fork(json.loads(line)))
        _reap(children)
    for child in children:
        os.kill(child, signal.SIGKILL)


@lru_cache
def _application() -> Flask:
    """Made before the forks, so that a node of two seconds is at work for two seconds; it holds no connection yet."""
    return create_app(config.load())


def _fork(order: Order) -> int:
    if "tick" in order:
        _application()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            code = _be(order)
        except BaseException:  # noqa: BLE001 - said, whatever it is
            traceback.print_exc()
        finally:
            with suppress(OSError):  # its disk may be full
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)
    print(json.dumps({"started": child}), flush=True)
    return child


def _reap(children: set[int]) -> None:
    while children:
        child, status = os.waitpid(-1, os.WNOHANG)
        if child == 0:
            return
        children.discard(child)
        print(json.dumps({"ended": child, "code": os.waitstatus_to_exitcode(status)}), flush=True)


def _be(order: Order) -> int:
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a line that was said survives a kill
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if "answers_within" in order:
        transport.TIMEOUT_SECONDS = transport.ACCEPTING_SECONDS = order["answers_within"]
    if "batch_seconds" in order:
        delivery._BATCH_SECONDS = order["batch_seconds"]
    if "largest_file" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"], resource.RLIM_INFINITY))
    if "tick" in order:
        _tick(order["tick"])
    try:
        sys.argv = ["outreach", *order["words"]]
        cli.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    return 0


def _tick(how: Order) -> None:
    """A node: `outreach scheduler` whose minutes are shorter, on a machine whose clock is off by `off` seconds.

    Whatever counts real seconds is made shorter with them, so that a lease stays longer than the slowest batch.
    """
    speed, began, start = how["speed"], how["began"], clock.parse_moment(how["start"])

    def right() -> Any:
        return start + timedelta(seconds=(time.monotonic() - began) * speed)

    clock.own = lambda: right() + timedelta(seconds=how["off"])
    clock.monotonic = lambda: time.monotonic() * speed  # type: ignore[attr-defined]
    timekeeping._LOOK_AGAIN_SECONDS = 20 / speed
    if how["database_has_a_clock"]:
        timekeeping.moment_of_database = lambda _session: right()  # type: ignore[attr-defined]
    delivery._BATCH_SECONDS = 120 / speed
    delivery._INSIST_SECONDS = (0.5, 1, 2, 4)
    transport.TIMEOUT_SECONDS, transport.ACCEPTING_SECONDS = 1.0, 2.0
    ticker = Ticker(_application())
    for job in JOBS:
        threading.Thread(target=_run, args=(ticker, job, MINUTE / speed), daemon=True).start()
    threading.Event().wait()


def _run(ticker: Ticker, job: Job, minute: float) -> None:
    while True:
        try:
            ticker.tick(job)
        except Exception as fault:  # noqa: BLE001 - as APScheduler does: said, and on to the next minute
            print(f"tick failed: {job.name}: {type(fault).__name__}", flush=True)
        time.sleep(minute / 4)


def started_in() -> Path:
    """The checkout, from which the module can be run."""
    return Path(__file__).parents[2]


if __name__ == "__main__":
    main()
