"""One time for all nodes of an installation: the database's, whatever the clock of a machine says."""

import threading
from collections.abc import Callable
from time import monotonic

from sqlalchemy.orm import Session
from structlog import get_logger

from outreach import clock
from outreach.database.timing import moment_of_database

log = get_logger()

Sessions = Callable[[], Session]

TOLERATED_SECONDS = 30
"""A clock that differs more than this is told of in the log; its node works on the right time all the same."""

_LOOK_AGAIN_SECONDS = 20


class Timekeeper:
    """Sets this process's clock by the database's, now and then; in between it runs on without the machine's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked_at: float | None = None

    def keep(self, sessions: Sessions) -> None:
        """Look at the database's clock, if that was not done a moment ago."""
        with self._lock:
            if self._looked_at is None or monotonic() - self._looked_at > _LOOK_AGAIN_SECONDS:
                keep_time(sessions)
                self._looked_at = monotonic()


def keep_time(sessions: Sessions) -> None:
    """Let this process's clock run on from the database's; on the embedded database nothing changes."""
    with sessions() as session:
        moment = moment_of_database(session)
    if moment is None:
        return
    ahead = (clock.own() - moment).total_seconds()
    clock.start_from(moment)
    if abs(ahead) > TOLERATED_SECONDS:
        log.warning("clock_of_this_machine_is_wrong", seconds_ahead=round(ahead))
