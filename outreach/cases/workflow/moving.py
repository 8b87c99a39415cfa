"""How the dates of a step that goes on move: the next agreed day, or days its outcome brings along. Pure."""

from dataclasses import replace
from datetime import date

from outreach.cases.workflow.anchors import Circumstances
from outreach.cases.workflow.dates import StepDates, derive, result
from outreach.cases.workflow.model import DateRule, Stay, StepRule
from outreach.schoolyear import SchoolCalendar


def agreed_day(dates: StepDates, planned_on: date, today: date, reason: str = "planned") -> StepDates:
    """The next agreed day becomes the aim, not past too late; once too late has passed it does so all the same.

    `reason` is `planned` (agreed with the family, or proposed by the channel) or `new_aim` (set once by the owner).
    """
    passed = dates.too_late_on is not None and dates.too_late_on < today
    aim = planned_on
    if dates.too_late_on is not None and not passed:
        aim = min(planned_on, dates.too_late_on)
    why = {**dates.why, "aim": {"agreed": reason, "on": aim.isoformat(), "planned_on": planned_on.isoformat()}}
    return replace(dates, aim_on=aim, why=why)


def stayed(dates: StepDates, rule: StepRule, stay: Stay, at: Circumstances) -> StepDates:
    """The dates of a step that goes on, as its outcome says; `at.opened_on` is the day of the report."""
    if stay.again:
        return derive(rule, at)
    for aim, too_late in ((None, stay.too_late), (stay.aim, None)):
        moved = aim or too_late
        anchor_on = at.value(moved.anchor) if moved else None
        if anchor_on is not None:
            dates = counted_from(dates, at.opened_on, at.calendar, aim, too_late, anchor_on)
    return dates


def counted_from(
    dates: StepDates,
    today: date,
    calendar: SchoolCalendar,
    aim: DateRule | None,
    too_late: DateRule | None,
    anchor_on: date | None = None,
) -> StepDates:
    """New dates that a stay brings with it, counted from today or from the day the family or school named.

    A day that would be past already is not taken: what stood there stays.
    """
    why, start = dict(dates.why), anchor_on or today
    last, soon, tight = dates.too_late_on, dates.aim_on, dates.tight
    if too_late is not None:
        day, told = result(too_late, start, calendar, forward=False)
        if day >= today:
            last, tight, why["too_late"] = day, False, {"rule": "stay", **told}
    if aim is not None:
        day, told = result(aim, start, calendar, forward=True)
        if day >= today:
            soon, why["aim"] = day, {"rule": "stay", **told}
    if soon is not None and last is not None and soon > last >= today:
        soon = last
        why["aim"] = {**why.get("aim", {}), "moved": "too_late", "on": soon.isoformat()}
    return StepDates(soon, last, tight, why)
