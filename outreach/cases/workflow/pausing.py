"""A step at rest: its aim moves on by the days of the pause, a day from the world does not wait. Pure."""

from dataclasses import replace
from datetime import date
from typing import Any

from outreach.cases.workflow.dates import StepDates
from outreach.cases.workflow.model import FROM_HERE, Anchor
from outreach.schoolyear import Counter, SchoolCalendar

Why = dict[str, Any]


def paused(dates: StepDates, from_on: date, until_on: date, counter: Counter, calendar: SchoolCalendar) -> StepDates:
    """Aims move on by the days of the pause, which ends with `until_on`; a too-late day from the world does not, and
    the aim stays before it. Each counts in its own counter, an agreed day in the step's (`counter`)."""
    span = {"from_on": from_on.isoformat(), "until_on": until_on.isoformat()}
    why = {**dates.why, "pause": {**span, "aim_on": _iso(dates.aim_on), "too_late_on": _iso(dates.too_late_on)}}
    last, aim = dates.too_late_on, dates.aim_on
    if last is not None and not from_world(dates.why.get("too_late", {})):
        last = moved_on(last, from_on, until_on, _counter(why.get("too_late", {}), counter), calendar)
        why["too_late"] = _with_pause(why.get("too_late", {}), span, last)
    if aim is not None:
        aim = moved_on(aim, from_on, until_on, _counter(why.get("aim", {}), counter), calendar)
        aim = min(aim, last) if last is not None and last >= from_on else aim
        why["aim"] = _with_pause(why.get("aim", {}), span, aim)
    return replace(dates, aim_on=aim, too_late_on=last, why=why)


def resumed(dates: StepDates, on: date, counter: Counter, calendar: SchoolCalendar) -> StepDates:
    """A pause that ends on `on`, before its last day: aims move on by the days it really took."""
    pause = dates.why.get("pause")
    if pause is None:
        return dates
    why = {key: told for key, told in dates.why.items() if key != "pause"}
    for which in ("aim", "too_late"):
        told = why.get(which)
        if told is not None and told.get("pauses") and told["pauses"][-1]["from_on"] == pause["from_on"]:
            why[which] = {**told, "pauses": told["pauses"][:-1], "on": pause[f"{which}_on"]}
    before = StepDates(_day(pause["aim_on"]), _day(pause["too_late_on"]), dates.tight, why)
    from_on = date.fromisoformat(pause["from_on"])
    if on <= from_on:
        return before
    after = paused(before, from_on, min(on, date.fromisoformat(pause["until_on"])), counter, calendar)
    return replace(after, why={key: told for key, told in after.why.items() if key != "pause"})


def from_world(why: Why) -> bool:
    """Whether a day comes from the world (an entry day, a window, a birthday, 30 June) and waits for nobody."""
    anchor = why.get("anchor")
    return anchor is not None and Anchor(anchor) not in FROM_HERE


def moved_on(day: date, from_on: date, until_on: date, counter: Counter, calendar: SchoolCalendar) -> date:
    """A day moved on by a pause; what still lay ahead comes back no sooner than the first day after it."""
    days = max(calendar.between(from_on, until_on, counter), 0)
    moved = calendar.add(day, days, counter).day
    return max(moved, calendar.add(until_on, 1, counter).day) if day >= from_on else moved


def _with_pause(told: Why, span: Why, day: date) -> Why:
    return {**told, "pauses": [*told.get("pauses", ()), span], "on": day.isoformat()}


def _counter(told: Why, otherwise: Counter) -> Counter:
    return Counter(told["counter"]) if "counter" in told else otherwise


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
