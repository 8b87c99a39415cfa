"""The end of a school year: what is proposed for an open case, and from which day it goes on in September. Pure.

Nothing here decides: every proposal waits for a person (process.md, "School year's end").
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from outreach.cases.workflow.anchors import SEPTEMBER as NINTH
from outreach.cases.workflow.dates import StepDates
from outreach.cases.workflow.model import Anchor, Outcome, Process, StepRule
from outreach.cases.workflow.moving import agreed_day
from outreach.cases.workflow.pausing import from_world, paused
from outreach.schoolyear import Counter, SchoolCalendar

_OPENS, _LAST_OF_YEAR = 6, 8
_PRIMARY_AGE = 6
_LAST_WEEK = 25
"""The last week of August begins on this day."""


class Decision(StrEnum):
    """What can be decided about an open case."""

    GOES_ON = "goes_on"
    SEPTEMBER = "september"
    PRIMARY_AGE = "primary_age"
    CLOSE = "close"


@dataclass(frozen=True)
class AtYearEnd:
    """What is known of an open case when the year ends; `born_on` is None for who may not see it.

    `rests_until`: the day a planned or paused step goes on. `gave_up`: the closure its owner would come to, every try
    made in vain. `restarts`: it can be left to the school, in September.
    """

    today: date
    born_on: date | None
    asleep: bool = False
    rests_until: date | None = None
    loses_on: date | None = None
    gave_up: str | None = None
    restarts: bool = False
    school_known: bool = False
    of_school: bool = False


@dataclass(frozen=True)
class Proposed:
    """A decision with the reason for it, as a key, and the day or closure the reason is about."""

    decision: Decision
    why: str
    day: date | None = None
    closure: str | None = None


def season(today: date) -> bool:
    """Whether cases can be decided on: from 1 June to the last day of August."""
    return _OPENS <= today.month <= _LAST_OF_YEAR


def told_from(year: int, calendar: SchoolCalendar) -> date:
    """The first working day of June, when it stands in the digest."""
    return calendar.on_or_after(date(year, _OPENS, 1), Counter.WORKING_DAYS)


def ring_on(year: int, calendar: SchoolCalendar) -> date:
    """The day on which a family is to be rung: the first working day of the last week of August."""
    return calendar.on_or_after(date(year, _LAST_OF_YEAR, _LAST_WEEK), Counter.WORKING_DAYS)


def turns_six(born_on: date, today: date) -> bool:
    """Whether primary school is next: six this calendar year, or already."""
    return today.year - born_on.year >= _PRIMARY_AGE


def propose(at: AtYearEnd) -> Proposed:
    """The decision that fits what is known, the strongest reason first."""
    if at.born_on is not None and turns_six(at.born_on, at.today):
        return Proposed(Decision.PRIMARY_AGE, "turns_six", date(at.today.year, NINTH, 1))
    if at.rests_until is not None:
        return Proposed(Decision.GOES_ON, "asleep" if at.asleep else "rests", at.rests_until)
    if at.gave_up is not None:
        return Proposed(Decision.CLOSE, "gave_up", closure=at.gave_up)
    if at.restarts:
        return Proposed(Decision.SEPTEMBER, "restarts")
    if at.loses_on is not None:
        return Proposed(Decision.GOES_ON, "loses_first", at.loses_on)
    if at.school_known:
        return Proposed(Decision.SEPTEMBER, "school_known")
    if at.of_school:
        return Proposed(Decision.SEPTEMBER, "school_sleeps")
    return Proposed(Decision.GOES_ON, "works_on")


def loses_on(dates: StepDates, today: date) -> date | None:
    """The day from the world on which something is lost before September comes: an aim does not move past it."""
    last = dates.too_late_on
    if last is None or not today <= last <= _end_of_august(today) or not from_world(dates.why.get("too_late", {})):
        return None
    return last


def until_september(dates: StepDates, today: date, counter: Counter, calendar: SchoolCalendar) -> StepDates:
    """The aim becomes 1 September, or the first day after it that counts; a too-late day of our own making moves along
    as in a pause, one from the world or one that is past does not."""
    first = calendar.on_or_after(_end_of_august(today) + timedelta(days=1), counter)
    if dates.too_late_on is not None and dates.too_late_on >= today:
        moved = paused(dates, today, _end_of_august(today), counter, calendar)
        why = {key: told for key, told in moved.why.items() if key != "pause"}
        dates = replace(moved, why=why)
    return agreed_day(dates, first, today, reason="september")


def restarting_outcome(process: Process, rule: StepRule) -> Outcome | None:
    """The outcome of a step that leaves the case to a step that begins with the new school year."""
    for outcome in rule.outcomes:
        following = process.find_step(outcome.to)
        starts = following.starts if following else None
        if starts is not None and starts.anchor is Anchor.SCHOOL_YEAR_START and not outcome.asks:
            return outcome
    return None


def _end_of_august(today: date) -> date:
    return date(today.year, NINTH, 1) - timedelta(days=1)
