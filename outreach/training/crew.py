"""The processes of one `outreach run`: started together, ended together, none left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from outreach.training import tied

PATIENCE_SECONDS = 3.5
"""How long the processes may take to end before they are ended; together with the rest this stays under 5 s."""

_LAST_LINES = 15


@dataclass(frozen=True)
class Ended:
    """A process that stopped by itself."""

    name: str
    code: int


class Crew:
    """Starts processes with one environment; each writes to its own file in `logs`."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._environment = dict(environment)
        self._logs = logs
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        self, name: str, arguments: Sequence[str], *, more: Mapping[str, str] | None = None, keep: tuple[int, ...] = ()
    ) -> None:
        """Start Python with these arguments; `keep` are open file descriptors it inherits, `more` is for it alone.

        It gets a process group of its own, so that Ctrl-C reaches only us and we end the others in order.
        """
        tie = [sys.executable, "-I", "-S", str(Path(tied.__file__)), str(os.getpid())]
        with self.log_of(name).open("wb") as log:
            self._processes[name] = subprocess.Popen(
                [*tie, sys.executable, *arguments],
                env={**self._environment, **(more or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=keep,
                start_new_session=True,
            )

    def log_of(self, name: str) -> Path:
        """Where a process writes."""
        return self._logs / f"{name}.log"

    def last_words(self, name: str) -> str:
        """The end of what a process wrote."""
        lines = self.log_of(name).read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_LAST_LINES:])

    def take_ended(self) -> list[Ended]:
        """The processes that ended by themselves since the last time one asked."""
        ended = [
            Ended(name, process.returncode) for name, process in self._processes.items() if process.poll() is not None
        ]
        for one in ended:
            del self._processes[one.name]
        return ended

    def stop(self) -> None:
        """TERM for all, then KILL for who is left; returns when none is."""
        for process in self._processes.values():
            _signal(process, signal.SIGTERM)
        deadline = monotonic() + PATIENCE_SECONDS
        for process in self._processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(deadline - monotonic(), 0))
        for process in self._processes.values():
            _signal(process, signal.SIGKILL)
            process.wait()
        self._processes.clear()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    """To the whole group: a web server has processes of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
