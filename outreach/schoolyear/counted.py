"""What is counted and what comes out: counters, closing days, a counted day with what was skipped."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any


class Counter(StrEnum):
    """What counts as one day."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    SCHOOL_DAYS = "school_days"
    OUTREACH_DAYS = "outreach_days"


@dataclass(frozen=True)
class Closing:
    """Days an area, a school or an organisation is closed, both included; `reason` is what people call it."""

    start: date
    end: date
    reason: str

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a closing ends before it starts: {self.start} - {self.end}")


@dataclass(frozen=True)
class Skipped:
    """Days next to each other that did not count, for one reason.

    `key` is a holiday, free day or public holiday, or `weekend`, `closing`, `exception`. `reason` is what people
    call the closing, or the key of the exception.
    """

    start: date
    end: date
    key: str
    reason: str | None = None

    def as_data(self) -> dict[str, Any]:
        """JSON-able, for storing."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat(), "key": self.key, "reason": self.reason}


SkippedBetween = Callable[[date, date, Counter], tuple[Skipped, ...]]


@dataclass(frozen=True)
class Counted:
    """`day` is the `n`-th day of `counter` after (or before) `start`; n = 0: `start` rounded to a day that counts."""

    day: date
    start: date
    n: int
    counter: Counter
    skipped_between: SkippedBetween = field(repr=False, compare=False)

    @cached_property
    def skipped(self) -> tuple[Skipped, ...]:
        """The days on the way from `start` to `day` that did not count; `start` itself only when it was rounded.

        Found when asked: counting has to stay fast.
        """
        aside = timedelta(days=1 if self.n else 0)
        if self.day >= self.start:
            return self.skipped_between(self.start + aside, self.day, self.counter)
        return self.skipped_between(self.day, self.start - aside, self.counter)

    def as_data(self) -> dict[str, Any]:
        """JSON-able, for storing; `explain` reads it."""
        return {
            "day": self.day.isoformat(),
            "start": self.start.isoformat(),
            "n": self.n,
            "counter": self.counter.value,
            "skipped": [part.as_data() for part in self.skipped],
        }
