"""How the dates of an open step move: the next agreed day, a pause, a new aim, another calendar or anchor. Pure."""

from dataclasses import replace
from datetime import date
from typing import Any

from outreach.cases.workflow.anchors import Circumstances
from outreach.cases.workflow.dates import StepDates, result
from outreach.cases.workflow.model import FROM_HERE, Anchor, DateRule
from outreach.schoolyear import Counter, SchoolCalendar


def agreed_day(dates: StepDates, planned_on: date, today: date, reason: str = "planned") -> StepDates:
    """The next agreed day becomes the aim, not past too late; once too late has passed it does so all the same."""
    passed = dates.too_late_on is not None and dates.too_late_on < today
    aim = planned_on
    if dates.too_late_on is not None and not passed:
        aim = min(planned_on, dates.too_late_on)
    why = {**dates.why, "aim": {"agreed": reason, "on": aim.isoformat(), "planned_on": planned_on.isoformat()}}
    return replace(dates, aim_on=aim, why=why)


def counted_from(
    dates: StepDates, today: date, calendar: SchoolCalendar, aim: DateRule | None, too_late: DateRule | None,
    anchor_on: date | None = None,
) -> StepDates:
    """New dates that a stay brings with it, counted from today or from the day the family or school named."""
    why = dict(dates.why)
    last, soon, tight = dates.too_late_on, dates.aim_on, dates.tight
    start = anchor_on or today
    if too_late is not None:
        last, why["too_late"] = result(too_late, start, calendar, forward=False)
        tight = False
    if aim is not None:
        soon, why["aim"] = result(aim, start, calendar, forward=True)
    if soon is not None and last is not None and soon > last >= today:
        soon = last
    return StepDates(soon, last, tight, why)


def paused(dates: StepDates, from_on: date, until_on: date, counter: Counter, calendar: SchoolCalendar) -> StepDates:
    """Aims move on by the days of the pause; a too-late day from the world does not, and the aim stays before it."""
    days = max(calendar.between(from_on, until_on, counter), 0)
    last = dates.too_late_on
    if last is not None and not from_world(dates.why.get("too_late", {})):
        last = calendar.add(last, days, counter).day
    aim = dates.aim_on
    if aim is not None:
        aim = calendar.add(max(aim, from_on), days, counter).day
        aim = min(aim, last) if last is not None and last >= from_on else aim
    why = {**dates.why, "paused": {"from_on": from_on.isoformat(), "until_on": until_on.isoformat(), "days": days}}
    return replace(dates, aim_on=aim, too_late_on=last, why=why)


def from_world(why: dict[str, Any]) -> bool:
    """Whether a day comes from the world (an entry day, a window, a birthday, 30 June) and waits for nobody."""
    anchor = why.get("anchor")
    return anchor is not None and Anchor(anchor) not in FROM_HERE


def again(dates: StepDates, at: Circumstances) -> StepDates:
    """The same rules with today's calendar and anchors; what was judged when the step opened stays judged."""
    why = dict(dates.why)
    aim = _recounted(why, "aim", dates.aim_on, at, forward=True)
    last = _recounted(why, "too_late", dates.too_late_on, at, forward=False)
    if aim is not None and last is not None and aim > last:
        aim = last
    return replace(dates, aim_on=aim, too_late_on=last, why=why)


def _recounted(why: dict[str, Any], which: str, now: date | None, at: Circumstances, *, forward: bool) -> date | None:
    told = why.get(which)
    if now is None or not told or "anchor" not in told or told.get("tight") or told.get("moved"):
        return now
    rule = DateRule(count=told["count"], counter=Counter(told["counter"]), anchor=Anchor(told["anchor"]))
    anchor_on = at.value(rule.anchor)
    if anchor_on is None or told.get("instead_of"):
        anchor_on = date.fromisoformat(told["anchor_on"])
    day, fresh = result(rule, anchor_on, at.calendar, forward=forward)
    why[which] = {**told, **fresh}
    return day
