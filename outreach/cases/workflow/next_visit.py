"""When to try a family again: a day that counts, at another hour than the ones that failed, and why. Pure."""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from outreach.schoolyear import Counter, SchoolCalendar

MORNING, NOON, AFTERNOON, EVENING = "morning", "noon", "afternoon", "evening"
PARTS = (MORNING, NOON, AFTERNOON, EVENING)
"""Parts of the day, by the hour they begin: before 12, from 12, from 14, from 17."""

WEDNESDAY, WEEKEND, RING_FIRST = "wednesday", "weekend", "ring_first"
"""Advice that is about a day or a way, not about an hour."""

_TRIED_FIRST = (AFTERNOON, EVENING, MORNING)
_WEEK = timedelta(days=7)
_WEEKS_AHEAD = 6
_WEDNESDAY, _SATURDAY = 2, 5


@dataclass(frozen=True)
class Sought:
    """A time somebody looked for the family at an hour: the day, the part of the day, whether by phone, whether they
    met anybody, and what was advised for the next time."""

    on: date
    part: str
    met: bool = False
    advice: str | None = None
    rang: bool = False

    @property
    def order(self) -> tuple[date, int, str]:
        """The later one is the greater."""
        return self.on, PARTS.index(self.part), self.advice or ""

    def heeds(self, advice: str) -> bool:
        """Whether this try was what somebody advised."""
        if advice == RING_FIRST:
            return self.rang
        weekday = {WEDNESDAY: self.on.weekday() == _WEDNESDAY, WEEKEND: self.on.weekday() >= _SATURDAY}
        return weekday.get(advice, self.part == advice)


@dataclass(frozen=True)
class NextVisit:
    """The day and part of the day proposed, and why: a key with its data, for the label of that key."""

    on: date
    part: str
    why: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """Between which days the next visit may lie: a day of this counter, on or after `earliest`, and not after `latest`
    unless that leaves no day after today."""

    today: date
    earliest: date
    latest: date | None
    calendar: SchoolCalendar
    counter: Counter

    def day(self) -> date:
        """The first day that counts, or the last one before it would be too late."""
        first = self.calendar.on_or_after(self.earliest, self.counter)
        if self.latest is None or first <= self.latest:
            return first
        last = self.calendar.on_or_before(self.latest, self.counter)
        return last if last > self.today else first

    def weekday(self, weekday: int) -> date | None:
        """The first such day of the week that is no holiday, if there is one in time."""
        ahead = (weekday - self.earliest.weekday()) % 7
        days = [self.earliest + timedelta(days=ahead) + _WEEK * week for week in range(_WEEKS_AHEAD)]
        fitting = [on for on in days if self._free_of_holidays(on) and (self.latest is None or on <= self.latest)]
        return fitting[0] if fitting else None

    def _free_of_holidays(self, on: date) -> bool:
        """A day that counts; a Saturday when the Friday before it does."""
        return self.calendar.counts(on - timedelta(days=on.weekday() == _SATURDAY), self.counter)


def part_of(hour: time) -> str:
    """The part of the day an hour falls in."""
    if hour.hour < 12:
        return MORNING
    if hour.hour < 14:
        return NOON
    return AFTERNOON if hour.hour < 17 else EVENING


def next_visit(sought: Sequence[Sought], frame: Frame, advice: str | None) -> NextVisit:
    """What the family or a neighbour advised; else the hour somebody was in; else one that was tried the least.

    `advice` is that of now; advice of before stands until somebody went by it.
    """
    advice = advice or standing_advice(sought)
    return _advised(frame, advice) or _where_met(sought, frame, advice) or _another_hour(sought, frame, advice)


def standing_advice(sought: Sequence[Sought]) -> str | None:
    """The last advice nobody has followed yet."""
    given = max((each for each in sought if each.advice), key=lambda each: each.order, default=None)
    if given is None or given.advice is None:
        return None
    followed = any(each.heeds(given.advice) for each in sought if each.order > given.order)
    return None if followed else given.advice


def _advised(frame: Frame, advice: str | None) -> NextVisit | None:
    if advice in PARTS:
        return NextVisit(frame.day(), advice, "advice", {"advice": advice})
    weekdays = {WEDNESDAY: (_WEDNESDAY, AFTERNOON), WEEKEND: (_SATURDAY, MORNING)}
    if advice not in weekdays:
        return None
    weekday, part = weekdays[advice]
    on = frame.weekday(weekday)
    return NextVisit(on, part, "advice", {"advice": advice}) if on else None


def _where_met(sought: Sequence[Sought], frame: Frame, advice: str | None) -> NextVisit | None:
    """The hour somebody was met last, unless it failed since."""
    met = max((each for each in sought if each.met), key=lambda each: each.order, default=None)
    if met is None or any(each.part == met.part and not each.met and each.on >= met.on for each in sought):
        return None
    return NextVisit(frame.day(), met.part, *_why("met", {"part": met.part}, advice))


def _another_hour(sought: Sequence[Sought], frame: Frame, advice: str | None) -> NextVisit:
    missed = Tally(each.part for each in sought if not each.met)
    told = {part: missed[part] for part in PARTS if missed[part]}
    part = min(_TRIED_FIRST, key=lambda one: (missed[one], _TRIED_FIRST.index(one)))
    on = frame.day()
    if missed[part]:
        tried = {each.part for each in sought if each.on.weekday() == _WEDNESDAY}
        wednesday = None if AFTERNOON in tried else frame.weekday(_WEDNESDAY)
        if wednesday is not None:
            return NextVisit(wednesday, AFTERNOON, *_why("wednesday", {"missed": told}, advice))
    return NextVisit(on, part, *_why("missed" if told else "nothing_known", {"missed": told}, advice))


def _why(key: str, data: Mapping[str, Any], advice: str | None) -> tuple[str, Mapping[str, Any]]:
    """To ring first changes nothing about day and hour; it is said all the same."""
    return ("advice", {"advice": RING_FIRST}) if advice == RING_FIRST else (key, data)
