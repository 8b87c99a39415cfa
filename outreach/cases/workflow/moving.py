"""How the dates of an open step move: the next agreed day, a pause, a new aim, another calendar or anchor. Pure."""

from dataclasses import replace
from datetime import date
from typing import Any

from outreach.cases.workflow.anchors import Circumstances
from outreach.cases.workflow.dates import Candidate, StepDates, derive, fitted, result, tight_day
from outreach.cases.workflow.model import FROM_HERE, Anchor, DateRule, Stay, StepRule
from outreach.schoolyear import Counter, SchoolCalendar

Why = dict[str, Any]


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


def paused(dates: StepDates, from_on: date, until_on: date, counter: Counter, calendar: SchoolCalendar) -> StepDates:
    """Aims move on by the days of the pause, which ends with `until_on`; a too-late day from the world does not, and
    the aim stays before it. `resumed` takes a pause that ends sooner back to what was left of it."""
    span = {"from_on": from_on.isoformat(), "until_on": until_on.isoformat()}
    why = {**dates.why, "pause": {**span, "aim_on": _iso(dates.aim_on), "too_late_on": _iso(dates.too_late_on)}}
    last, aim = dates.too_late_on, dates.aim_on
    if last is not None and not from_world(dates.why.get("too_late", {})):
        last = _later(last, from_on, until_on, counter, calendar)
        why["too_late"] = _with_pause(why.get("too_late", {}), span, last)
    if aim is not None:
        aim = _later(aim, from_on, until_on, counter, calendar)
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


def again(dates: StepDates, at: Circumstances, *, rule: StepRule | None = None, today: date | None = None) -> StepDates:
    """The same rules with another calendar or other anchors; what was judged when the step opened stays judged.

    `at.opened_on` is the day the step counts from. With `rule` and `today` both dates are judged anew from today when
    the entry day became a chosen one, or when a too-late day that lay ahead would be past now: no false "late".
    """
    last = _too_late_again(dates, at)
    why = dict(dates.why)
    if last is not None:
        why["too_late"] = last.why
    last_on = last.day if last else dates.too_late_on
    aim = _aim_again(dates, at, last_on, today)
    if aim is not None:
        why["aim"] = aim.why
    if rule is not None and today is not None and _to_judge_anew(dates, rule, at, last_on, today):
        return derive(rule, replace(at, opened_on=max(today, at.opened_on)))
    return replace(dates, aim_on=aim.day if aim else dates.aim_on, too_late_on=last_on, why=why)


def _to_judge_anew(dates: StepDates, rule: StepRule, at: Circumstances, last_on: date | None, today: date) -> bool:
    rules = (*rule.aim, *rule.too_late.earliest, *rule.too_late.otherwise)
    uses_entry_day = any(each.anchor is Anchor.ENTRY_DAY for each in rules)
    if uses_entry_day and at.entry_chosen and not dates.why.get("entry_chosen", False):
        return True
    ahead = dates.too_late_on is not None and dates.too_late_on >= today
    return ahead and last_on is not None and last_on < today


def _too_late_again(dates: StepDates, at: Circumstances) -> Candidate | None:
    told = dates.why.get("too_late")
    if dates.too_late_on is None or told is None or "anchor" not in told:
        return None
    rule = _rule(told)
    anchor_on = _anchor_again(told, rule, at)
    day, fresh = result(rule, anchor_on, at.calendar, forward=False)
    if told.get("tight"):
        day = tight_day(rule, anchor_on, at, until_anchor=told["until_anchor"]) or dates.too_late_on
        fresh = {**fresh, "wanted": fresh["on"], "skipped": []}
    day = _through_pauses(day, told, rule.counter, at.calendar)
    return Candidate(day, rule, {**told, **fresh, "on": day.isoformat()})


def _aim_again(dates: StepDates, at: Circumstances, last_on: date | None, today: date | None) -> Candidate | None:
    told = dates.why.get("aim")
    if dates.aim_on is None or told is None:
        return None
    if "anchor" not in told:
        return _agreed_again(told, last_on, today or at.opened_on)
    rule = _rule(told)
    day, fresh = result(rule, _anchor_again(told, rule, at), at.calendar, forward=True)
    kept = {key: value for key, value in told.items() if key not in ("moved", "wanted")}
    day = _through_pauses(day, told, rule.counter, at.calendar)
    return fitted(Candidate(day, rule, {**kept, **fresh}), at.opened_on, last_on, at.calendar)


def _agreed_again(told: Why, last_on: date | None, today: date) -> Candidate | None:
    if "planned_on" not in told or told.get("pauses"):
        return None
    day = date.fromisoformat(told["planned_on"])
    if last_on is not None and last_on >= today:
        day = min(day, last_on)
    return Candidate(day, _NO_RULE, {**told, "on": day.isoformat()})


def _anchor_again(told: Why, rule: DateRule, at: Circumstances) -> date:
    """The anchor's day as it is now; days of our own making never change, and a lost one stays as it was."""
    known = date.fromisoformat(told["anchor_on"])
    if rule.anchor in FROM_HERE:
        return known
    found = at.value(rule.anchor)
    if not at.entry_chosen:
        for _ in range(told.get("passed", 0)):
            found = at.entry_day_after(found) if found is not None else None
    return found or known


def _later(day: date, from_on: date, until_on: date, counter: Counter, calendar: SchoolCalendar) -> date:
    """A day moved on by a pause; what still lay ahead comes back no sooner than the first day after it."""
    days = max(calendar.between(from_on, until_on, counter), 0)
    moved = calendar.add(max(day, from_on), days, counter).day
    return max(moved, calendar.add(until_on, 1, counter).day) if day >= from_on else moved


def _through_pauses(day: date, told: Why, counter: Counter, calendar: SchoolCalendar) -> date:
    for pause in told.get("pauses", ()):
        from_on, until_on = (date.fromisoformat(pause[key]) for key in ("from_on", "until_on"))
        day = _later(day, from_on, until_on, counter, calendar)
    return day


def _with_pause(told: Why, span: Why, day: date) -> Why:
    return {**told, "pauses": [*told.get("pauses", ()), span], "on": day.isoformat()}


def _rule(told: Why) -> DateRule:
    return DateRule(count=told["count"], counter=Counter(told["counter"]), anchor=Anchor(told["anchor"]))


_NO_RULE = DateRule(counter=Counter.CALENDAR_DAYS, anchor=Anchor.STEP_OPENED)
"""An agreed day follows no rule."""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
