"""How a step stands today: late, near, tight, at rest, in days of its own counter; never a countdown below 0."""

from dataclasses import dataclass
from datetime import date

from outreach.cases.models import Step, StepState
from outreach.cases.workflow import processes
from outreach.schoolyear import Counter, SchoolCalendar


@dataclass(frozen=True)
class Standing:
    """`urgency` is one of late, tight, soon, fine, planned, paused; `days` are those late or left, in `counter`."""

    urgency: str
    days: int
    counter: Counter
    day: date | None
    """The day it is about: due, start of a planned step, last day of a pause."""
    lost: bool = False
    """Past the day the child loses something."""
    asleep: bool = False
    """At rest because its school is closed; `day` is when it wakes."""


def standing(step: Step, today: date, calendar: SchoolCalendar, paused_until: date | None = None) -> Standing:
    """Judge one step; a planned or paused step is never late."""
    counter = Counter(step.counter)
    if step.sleeps_until is not None:
        return Standing("paused", 0, counter, step.sleeps_until, asleep=True)
    if step.state == StepState.PAUSED:
        return Standing("paused", 0, counter, paused_until)
    if step.state == StepState.PLANNED:
        return Standing("planned", 0, counter, step.starts_on)
    due = step.due_on or step.opened_on
    if due < today:
        return Standing("late", max(calendar.between(due, today, counter), 1), counter, due, step.lost(today))
    left = max(calendar.between(today, due, counter), 0)
    if step.tight:
        return Standing("tight", left, counter, due)
    near = left <= processes().common.ladder.before_aim
    return Standing("soon" if near else "fine", left, counter, due)
