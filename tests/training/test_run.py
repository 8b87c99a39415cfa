"""`outreach run` as people start it: one command, a world, and nothing left behind when it ends."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic

import pytest

COMMAND = [sys.executable, "-c", "from outreach.cli import main; main()", "run"]
PATIENCE_SECONDS = 600
"""Only so that a fault ends as a failure, on whatever machine."""

READY, MAKING = "Klaar", "De oefenwereld wordt gemaakt"


class Run:
    """One `outreach run` in a data folder, on a port that was free a moment ago."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.process = subprocess.Popen(
            COMMAND,
            env={**environment_of(folder), "PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []

    def until(self, word: str) -> None:
        """Read what it says up to a line with this word in it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if word in line:
                return
        raise AssertionError("".join(self.said))

    def get(self, path: str) -> tuple[int, str]:
        """What a page answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def processes(self) -> set[int]:
        """Every process that works in this folder, ours included."""
        mark = f"OUTREACH_DATA_DIR={self.folder}".encode()
        return {
            int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and mark in _environ(entry)
        }

    def close(self) -> None:
        """End it, whatever state it is in."""
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def _environ(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def environment_of(folder: Path) -> dict[str, str]:
    """Nothing of whoever runs the tests but the data folder."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("OUTREACH_")}
    return {**own, "OUTREACH_DATA_DIR": str(folder)}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def running(folder: Path, port: int | None = None) -> Iterator[Run]:
    """A run that is certainly over at the end."""
    run = Run(folder, port)
    alarm = threading.Timer(PATIENCE_SECONDS, run.process.kill)
    alarm.start()
    try:
        yield run
    finally:
        alarm.cancel()
        run.close()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
def test_one_command_makes_a_world_serves_it_again_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """One story, because making a world takes long."""
    with running(tmp_path) as run:
        first_run_until_term(run)
    what_was_made_is_sound(tmp_path)
    what_was_made_shows_every_state(tmp_path)
    with running(tmp_path) as run:
        second_run_until_killed(run)


def first_run_until_term(run: Run) -> None:
    run.until(MAKING)
    assert run.get("/healthz")[0] == 200
    status, page = run.get("/sign-in")
    assert status == 200 or MAKING in page
    run.until(READY)
    assert run.get("/readyz")[0] == 200
    run.until("nora@gent.example")
    assert {"web", "scheduler", "world"} == {file.stem for file in (run.folder / "logs").iterdir()}
    run.process.terminate()
    assert run.process.wait() == 0
    assert run.processes() == set()


def what_was_made_is_sound(folder: Path) -> None:
    verify = [*COMMAND[:-1], "verify", "--json"]
    answer = subprocess.run(verify, env=environment_of(folder), capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def what_was_made_shows_every_state(folder: Path) -> None:
    """Whatever the day: somebody who looks around finds each kind of case at work."""
    with closing(sqlite3.connect(folder / "outreach.db")) as database:
        count = partial(count_of, database)
        for state in ("open", "planned", "paused", "done", "withdrawn"):
            assert count("step", f"state = '{state}'") > 0, state
        assert count("step", "state = 'open' and due_on < date('now')") > 0
        assert count("closure") > 20
        assert count("note") > 50
        assert count("attempt") > 100
        assert count("child") > 180
        assert count("outbox_message", "state = 'sent'") > 100
        assert count("outbox_message", "state <> 'sent'") == 0
    assert len(list((folder / "mails").glob("*.eml"))) > 100


def count_of(database: sqlite3.Connection, table: str, condition: str = "true") -> int:
    counted: int = database.execute(f"select count(*) from {table} where {condition}").fetchone()[0]
    return counted


def second_run_until_killed(run: Run) -> None:
    run.until(READY)
    assert MAKING not in "".join(run.said)
    with running(run.folder) as another:
        another.until("draait al")
        assert another.process.wait() == 2
    assert len(run.processes()) > 2
    run.process.send_signal(signal.SIGKILL)
    run.process.wait()
    wait_until_gone(run)


def wait_until_gone(run: Run) -> None:
    deadline, tick = monotonic() + PATIENCE_SECONDS, threading.Event()
    while run.processes():
        assert monotonic() < deadline
        tick.wait(0.05)


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        running(tmp_path, other.getsockname()[1]) as run,
    ):
        run.until("al in gebruik")
        assert run.process.wait() == 2
