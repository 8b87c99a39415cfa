"""A long list on the console: one line on a terminal that says how far it is; Ctrl-C stops it as a whole."""

import signal
import sys
from types import FrameType
from typing import Any, Self

from outreach.cli.console import LANGUAGE
from outreach.errors import Refused
from outreach.imports.progress import Stage
from outreach.imports.words import word

_STOPS = (signal.SIGINT, signal.SIGTERM)
_CLEAR = "\r\x1b[K"


class Progress:
    """While it is open, a wish to stop waits for the next portion of rows, so that a commit is never cut in two."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._stopped = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._before = {sign: signal.signal(sign, self._stop) for sign in _STOPS}
        return self

    def __exit__(self, *_error: object) -> None:
        for sign, before in self._before.items():
            signal.signal(sign, before)
        if self._shown:
            print(_CLEAR, end="", file=sys.stderr, flush=True)

    def __call__(self, stage: Stage, rows: int) -> None:
        """Say how many rows are done. Raises Refused when somebody asked to stop: nothing has changed then."""
        if self._stopped:
            raise Refused("list_stopped")
        if self._shown:
            said = word(f"progress.{stage}", LANGUAGE, rows=f"{rows:,}".replace(",", "."))
            print(f"{_CLEAR}{said}", end="", file=sys.stderr, flush=True)

    def _stop(self, _sign: int, _frame: FrameType | None) -> None:
        self._stopped = True
