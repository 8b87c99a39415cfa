"""When a job has its turn: from any moment to the slot it belongs to, the same on every node."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from outreach import clock


class Rhythm(Protocol):
    """Something that knows which slot a moment belongs to."""

    def slot_at(self, moment: datetime) -> datetime | None:
        """The slot that should have been run by now; None when the job has no turn at this hour."""


@dataclass(frozen=True)
class EveryMinutes:
    """Every so many minutes (a divisor of 60), if given only between two hours of the Brussels clock."""

    minutes: int
    from_hour: int = 0
    until_hour: int = 24

    def slot_at(self, moment: datetime) -> datetime | None:
        """The quarter (or minute, ...) the moment lies in."""
        if not self.from_hour <= clock.local(moment).hour < self.until_hour:
            return None
        moment = moment.astimezone(UTC)
        return moment.replace(minute=moment.minute - moment.minute % self.minutes, second=0, microsecond=0)


@dataclass(frozen=True)
class Daily:
    """Once a day at an hour of the Brussels clock; run late if the hour was missed, never twice a day.

    The hour may not be 2 or 3: on two nights a year the clock skips or repeats it.
    """

    hour: int

    def __post_init__(self) -> None:
        if self.hour in (2, 3):
            raise ValueError("daylight saving skips or repeats this hour")

    def slot_at(self, moment: datetime) -> datetime | None:
        """Today's hour, or yesterday's when today's is still to come."""
        today: date = clock.local(moment).date()
        slot = clock.moment_of(today, self.hour)
        return slot if slot <= moment else clock.moment_of(today - timedelta(days=1), self.hour)
