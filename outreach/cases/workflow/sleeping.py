"""A step of a school at rest in summer: as in a pause, until the day its school is ready. Pure."""

from dataclasses import replace
from datetime import date, timedelta

from outreach.cases.workflow.dates import StepDates
from outreach.cases.workflow.pausing import paused, resumed
from outreach.schoolyear import Counter, SchoolCalendar


def asleep(dates: StepDates, from_on: date, wakes_on: date, counter: Counter, calendar: SchoolCalendar) -> StepDates:
    """A step of a school rests until it wakes in September; when that day moves, only the last one counts."""
    rested = dates.why.get("pause") or {}
    if rested.get("asleep") and rested["until_on"] >= (from_on - timedelta(days=1)).isoformat():
        from_on = date.fromisoformat(rested["from_on"])
        dates = resumed(dates, from_on, counter, calendar)
    rests = paused(dates, from_on, wakes_on - timedelta(days=1), counter, calendar)
    return replace(rests, why={**rests.why, "pause": {**rests.why["pause"], "asleep": True}})
