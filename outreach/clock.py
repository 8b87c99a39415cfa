"""The one door to the time: moments are aware UTC, days are local dates in Brussels."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)
_start: tuple[datetime, float] | None = None


def now() -> datetime:
    """The present moment, aware UTC; inside `at` the moment given there."""
    fixed = _moment.get()
    if fixed is not None:
        return fixed
    if _start is None:
        return own()
    began_at, counter = _start
    return began_at + timedelta(seconds=monotonic() - counter)


def own() -> datetime:
    """What the clock of this machine says, right or wrong."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in Brussels."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same moment on a Brussels clock."""
    return moment.astimezone(BRUSSELS)


def moment_of(day: date, hour: int = 12, minute: int = 0) -> datetime:
    """The UTC moment of that Brussels wall-clock time."""
    return datetime.combine(day, time(hour, minute), BRUSSELS).astimezone(UTC)


def parse_moment(text: str) -> datetime:
    """An ISO moment; without offset it is Brussels time. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=BRUSSELS)
    return moment.astimezone(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock of this context at `moment` (a command's `--at`, a test, the training world)."""
    token = _moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moment.reset(token)


def start_from(moment: datetime | None) -> None:
    """Let this process's clock run on from `moment`, whatever happens to the machine's own; None returns to that.

    The moment is the database's (`scheduler.timekeeping`), or that of an invented world.
    """
    global _start  # one clock per process
    _start = None if moment is None else (moment.astimezone(UTC), monotonic())
