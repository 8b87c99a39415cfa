"""A world to break, on both databases; `make chaos` breaks it often, `make check` for a moment."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.chaos.sink import Sink
from tests.chaos.world import World


@pytest.fixture
def world(app: Flask, tmp_path: Path) -> Iterator[World]:
    """An empty installation with a mail server that keeps a ledger."""
    sink = Sink().start()
    yield World(app, sink, tmp_path)
    sink.stop()


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]):
    """Print a count, also where pytest keeps what tests print."""

    def says(line: str) -> None:
        with capsys.disabled():
            print(f"  {line}")

    return says
