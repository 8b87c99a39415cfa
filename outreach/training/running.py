"""One `outreach run`: web, clock and mail sink around one database, from the first page until TERM or Ctrl-C."""

import fcntl
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from gunicorn.config import KNOWN_SETTINGS

from outreach import clock
from outreach.errors import Unsound
from outreach.training.crew import Crew, Ended
from outreach.training.sink import Sink

_CONSOLE = ("-c", "from outreach.cli import main; main()")
_LOOK_SECONDS = 0.2
WEB, WORLD, SCHEDULER = "web", "world", "scheduler"


@dataclass(frozen=True)
class Plan:
    """What is run: where its files are, whether a world is to be made first, and whether the clock was set."""

    data_dir: Path
    port: int
    environment: Mapping[str, str]
    to_make: bool
    clock_was_set: bool


def training_environment(port: int) -> dict[str, str]:
    """Our environment as our processes get it: training, on this port."""
    environment = {**os.environ, "OUTREACH_TRAINING": "1", "PORT": str(port)}
    environment.pop("OUTREACH_SMTP_URL", None)
    return environment


def listen(port: int) -> socket.socket:
    """A socket on this port of this machine alone; whoever comes before the pages are up waits. Raises Unsound."""
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError:
        raise Unsound("port_taken", port=port) from None


@contextmanager
def alone_in(data_dir: Path) -> Iterator[None]:
    """Hold the data folder: two runs would make, and wipe, each other's world. Raises Unsound."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Unsound("data_folder_in_use", folder=str(data_dir)) from None
        yield


def run_until_told(plan: Plan, listener: socket.socket, *, on_ready: Callable[[], None]) -> tuple[Ended, str] | None:
    """Serve until TERM or Ctrl-C (None), or until a process ends by itself: which one, and its last words."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: told.set())
    sink = Sink(plan.data_dir / "mails")
    if plan.to_make:
        sink.empty()
    sink.start()
    crew = Crew({**plan.environment, "OUTREACH_SMTP_URL": sink.url}, plan.data_dir / "logs")
    try:
        crew.start(WEB, web_arguments(listener.fileno()), more=_time(plan), keep=(listener.fileno(),))
        listener.close()
        if plan.to_make:
            crew.start(WORLD, (*_CONSOLE, "run", "--world-only"), more=_time(plan))
        return _watch(plan, crew, told, on_ready)
    finally:
        crew.stop()
        sink.stop()


def _watch(plan: Plan, crew: Crew, told: threading.Event, on_ready: Callable[[], None]) -> tuple[Ended, str] | None:
    made, ready = not plan.to_make, False
    if made:
        crew.start(SCHEDULER, (*_CONSOLE, "scheduler"), more=_time(plan))
    while not told.wait(_LOOK_SECONDS):
        for ended in crew.take_ended():
            if (ended.name, ended.code) != (WORLD, 0):
                return ended, crew.last_words(ended.name)
            made = True
            crew.start(SCHEDULER, (*_CONSOLE, "scheduler"), more=_time(plan))
        if made and not ready and is_ready(plan.port):
            ready = True
            on_ready()
    return None


def _time(plan: Plan) -> dict[str, str]:
    """A clock that was set runs on for processes that start later."""
    return {"OUTREACH_NOW": clock.now().isoformat()} if plan.clock_was_set else {}


def web_arguments(descriptor: int) -> list[str]:
    """The web server on a socket that listens already."""
    arguments = ["-m", "gunicorn", "--bind", f"fd://{descriptor}", "--worker-class", "gthread", "--threads", "8"]
    arguments += ["--graceful-timeout", "2", "--log-level", "warning"]
    if any("--no-control-socket" in (setting.cli or ()) for setting in KNOWN_SETTINGS):
        arguments.append("--no-control-socket")
    return [*arguments, "outreach.cli.run:training_app()"]


def is_ready(port: int) -> bool:
    """Whether /readyz says yes."""
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
