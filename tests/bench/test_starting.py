"""How long `outreach run` takes from nothing to a page, to a world, and to an end."""

import signal
from pathlib import Path
from time import perf_counter

import pytest

from tests.bench.conftest import say
from tests.training.test_run import READY, Run

pytestmark = pytest.mark.bench


def test_from_nothing_to_ready(tmp_path: Path) -> None:
    """`make setup` was done; the data folder is empty."""
    began = perf_counter()
    run = Run(tmp_path)
    try:
        run.until("")
        while _status(run) != 200:
            assert run.process.poll() is None
        page = perf_counter()
        run.until(READY)
        ready = perf_counter()
        run.process.send_signal(signal.SIGTERM)
        run.process.wait(30)
        ended = perf_counter()
    finally:
        run.close()
    say(f"start: a page after {page - began:.1f} s, ready after {ready - began:.1f} s; ends in {ended - ready:.1f} s")


def _status(run: Run) -> int:
    try:
        return run.get("/healthz")[0]
    except OSError:
        return 0
