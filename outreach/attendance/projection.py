"""What presence so far says about 30 June: expected half days with a band, what is still needed, until when. Pure.

The rate so far is carried on to 30 June (domain: the kleuterparticipatierapport). The band holds what comes of it in
about eight years out of ten. Its width: absences come in spells, so a half day tells less than one draw (`SPELLS`), and
habits change (`DRIFT`); both were set by simulation, and `docs/projection.md` shows how often the band holds.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from math import ceil, floor, sqrt

from outreach.schoolyear import (
    Basis,
    SchoolCalendar,
    Threshold,
    age_in,
    marking,
    presumed_present,
    school_year_of,
    thresholds_for,
)

SPELLS = 6.0
"""By how much spells of absence widen the variance of single half days."""

DRIFT = 0.03
"""How much the rate itself may change, as a standard deviation, between what was seen and what is to come."""

EIGHT_IN_TEN = 1.2816
"""Standard deviations to each side that hold eight in ten."""


class Standing(StrEnum):
    """Where a child stands against one threshold; `REACHED` to `NO_LONGER` from good to bad, the others aside."""

    REACHED = "reached"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    NO_LONGER = "no_longer"
    NEVER = "never"
    """Not attainable from the day the child could start: a late entrant. Never a reproach."""
    TOO_SOON = "too_soon"
    """No half day was possible yet."""


MARKED = frozenset({Standing.AT_RISK, Standing.NO_LONGER})
"""What a school looks at: projected below the threshold, "no longer attainable" included."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Half days of one child up to and including `as_of`; `accepted` absences are None where nobody tells them."""

    born_year: int
    as_of: date
    present: int
    possible: int
    accepted: int | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """Half days after the as-of date: those still to be earned, and those by decision counted as present."""

    half_days: int
    presumed: int = 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """One threshold for one child. `expected`, `low` and `high` are half days on 30 June, on the threshold's basis.

    `needed` is what is still to be earned after the as-of date, 0 when reached. `attainable_until` is the last school
    day from which, coming every half day, the threshold is still reached, every day before it lost; None when it is
    not attainable. `basis_known` is False when accepted absences count and nobody told them.
    """

    threshold: Threshold
    standing: Standing
    counted: int
    expected: float
    low: int
    high: int
    needed: int
    attainable_until: date | None
    basis_known: bool = True

    @property
    def about(self) -> int:
        """The expected half days as one says them: whole, half up."""
        return floor(self.expected + 0.5)

    @property
    def uncertain(self) -> bool:
        """The threshold lies within the band: it can still go either way."""
        return self.low < self.threshold.half_days <= self.high


@dataclass(frozen=True, slots=True)
class Projection:
    """Every threshold of a child, and the one that marks it; none at an age without thresholds."""

    outlooks: tuple[Outlook, ...]
    marking: Outlook | None

    @property
    def standing(self) -> Standing | None:
        """Where the child stands."""
        return self.marking.standing if self.marking else None

    @property
    def marked(self) -> bool:
        """Whether the school looks at this child."""
        return self.standing in MARKED


def project(presence: Presence, calendar: SchoolCalendar) -> Projection:
    """Every threshold that holds for this child in the school year of the as-of date.

    `calendar` carries the free days registered for the school alone. Raises OutsideCalendar.
    """
    year = school_year_of(presence.as_of)
    thresholds = thresholds_for(age_in(year, presence.born_year), year)
    left = left_after(presence.as_of, calendar)
    outlooks = tuple(outlook(presence, each, left, calendar) for each in thresholds)
    first = marking(thresholds)
    return Projection(outlooks, next((each for each in outlooks if each.threshold is first), None))


def outlook(presence: Presence, threshold: Threshold, left: Left, calendar: SchoolCalendar) -> Outlook:
    """One threshold for one child."""
    with_accepted = threshold.basis is Basis.WITH_ACCEPTED
    counted = presence.present + ((presence.accepted or 0) if with_accepted else 0)
    expected = counted + left.presumed + left.half_days * (counted / presence.possible if presence.possible else 0.0)
    low, high = _band(counted, presence.possible, left)
    needed = max(0, threshold.half_days - counted - left.presumed)
    attainable = needed <= left.half_days
    return Outlook(
        threshold=threshold,
        standing=_standing(presence, threshold, counted, left),
        counted=counted,
        expected=expected,
        low=low,
        high=high,
        needed=needed,
        attainable_until=_last_day(calendar, presence.as_of, needed) if attainable else None,
        basis_known=not with_accepted or presence.accepted is not None,
    )


def left_after(as_of: date, calendar: SchoolCalendar) -> Left:
    """Half days after a day up to 30 June, gross but for the closings in the calendar."""
    last = date(school_year_of(as_of).start + 1, 6, 30)
    return _left(calendar, as_of, last)


def possible_between(first: date, as_of: date, calendar: SchoolCalendar) -> int:
    """Half days a child that started on `first` could be there, the as-of date included."""
    return calendar.half_days_between(max(first, school_year_of(as_of).first_on), as_of)


@lru_cache(maxsize=4096)
def _left(calendar: SchoolCalendar, as_of: date, last: date) -> Left:
    presumed, rest = 0, calendar.half_days_between(as_of + timedelta(days=1), last)
    for window in presumed_present():
        first, until = max(window.start, as_of + timedelta(days=1)), min(window.end, last)
        if first <= until:
            rest -= calendar.half_days_between(first, until)
            presumed += SchoolCalendar(exceptions=False).half_days_between(first, until)
    return Left(rest, presumed)


def _standing(presence: Presence, threshold: Threshold, counted: int, left: Left) -> Standing:
    wanted = threshold.half_days - left.presumed
    if counted >= wanted:
        return Standing.REACHED
    if presence.possible + left.half_days < wanted:
        return Standing.NEVER
    if counted + left.half_days < wanted:
        return Standing.NO_LONGER
    if not presence.possible:
        return Standing.TOO_SOON
    whole = counted * (presence.possible + left.half_days)
    return Standing.AT_RISK if whole < wanted * presence.possible else Standing.ON_TRACK


def _band(counted: int, possible: int, left: Left) -> tuple[int, int]:
    sure = counted + left.presumed
    if not possible:
        return sure, sure + left.half_days
    rate = min(1.0, (counted + 1) / (possible + 2))
    expected = sure + left.half_days * min(1.0, counted / possible)
    spells = SPELLS * rate * (1 - rate) * left.half_days * (1 + left.half_days / possible)
    wide = EIGHT_IN_TEN * sqrt(spells + (DRIFT * left.half_days) ** 2)
    return max(sure, floor(expected - wide)), min(sure + left.half_days, ceil(expected + wide))


@lru_cache(maxsize=65536)
def _last_day(calendar: SchoolCalendar, as_of: date, needed: int) -> date | None:
    """The last school day after the as-of date from which so many half days are left; the last one when none is."""
    last = date(school_year_of(as_of).start + 1, 6, 30)
    return calendar.last_day_with_half_days(max(needed, 1), last)
