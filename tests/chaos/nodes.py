"""Processes of the program that a test starts, kills and waits for."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.node import started_in

PATIENCE_SECONDS = 300
"""Only so that a fault ends as a failure."""


@dataclass
class Nodes:
    """Children of one forking process; they share an environment and a log."""

    environment: dict[str, str]
    log: Path
    codes: dict[int, int] = field(default_factory=dict)
    killed: set[int] = field(default_factory=set)

    def __enter__(self) -> "Nodes":
        self._changed = threading.Condition()
        self._started: queue.Queue[int] = queue.Queue()
        others = {name: value for name, value in os.environ.items() if not name.startswith("OUTREACH_")}
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.node"],
            cwd=started_in(),
            env={**others, **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._parent.stdin is not None
        self._parent.stdin.close()
        self._parent.wait(PATIENCE_SECONDS)
        self._listening.join()
        assert self._parent.stdout is not None
        self._parent.stdout.close()

    def start(self, *words: str, **how: Any) -> int:
        """Start `outreach` with these words: its process id."""
        order = {"words": words, "log": str(self.log), **how}
        assert self._parent.stdin is not None
        self._parent.stdin.write(json.dumps(order) + "\n")
        self._parent.stdin.flush()
        return self._started.get(timeout=PATIENCE_SECONDS)

    def run(self, *words: str, **how: Any) -> int:
        """Let it end by itself: its exit code."""
        return self.wait(self.start(*words, **how))

    def wait(self, pid: int, seconds: float = PATIENCE_SECONDS) -> int:
        """Wait for its end: the exit code, -9 for one that was killed. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: pid in self.codes, seconds):
                raise TimeoutError(pid)
            return self.codes[pid]

    def kill(self, pid: int) -> bool:
        """End it at once, wherever it is: whether it still ran."""
        if pid in self.codes or pid in self.killed:
            return False
        self.killed.add(pid)
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def said(self) -> str:
        """Everything they printed."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def _listen(self) -> None:
        assert self._parent.stdout is not None
        for line in self._parent.stdout:
            event = json.loads(line)
            if "started" in event:
                self._started.put(event["started"])
            else:
                with self._changed:
                    self.codes[event["ended"]] = event["code"]
                    self._changed.notify_all()
