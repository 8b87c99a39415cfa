"""Dates follow facts: the dates of an open step when the calendar, the entry day or another anchor changes. Pure."""

from dataclasses import replace
from datetime import date
from typing import Any

from outreach.cases.workflow.anchors import Circumstances
from outreach.cases.workflow.dates import Candidate, StepDates, derive, fitted, result, tight_day
from outreach.cases.workflow.model import FROM_HERE, Anchor, DateRule, StepRule
from outreach.cases.workflow.moving import agreed_day
from outreach.cases.workflow.pausing import moved_on, paused
from outreach.schoolyear import Counter, SchoolCalendar

Why = dict[str, Any]

_NO_RULE = DateRule(counter=Counter.CALENDAR_DAYS, anchor=Anchor.STEP_OPENED)
"""An agreed day follows no rule."""

_WINDOW = frozenset({Anchor.REGISTRATION_CLOSES, Anchor.TICKET_EXPIRES})
"""Days an area makes known for a whole birth year, often after the first of its steps opened."""


def again(dates: StepDates, at: Circumstances, *, rule: StepRule | None = None, today: date | None = None) -> StepDates:
    """The same rules with another calendar or other anchors; what was judged when the step opened stays judged.

    `at.opened_on` is the day the step counts from. With `rule` and `today` both dates are judged anew from today when
    the entry day became a chosen one, or when a too-late day that lay ahead would be past now: no false "late". A
    registration window that was made known since, and closes before anything else is lost, becomes the too-late day.
    """
    last, aim = _too_late_again(dates, at), None
    if rule is not None and today is not None:
        last = _window_learned(dates, last, rule, at, today) or last
    aim = _aim_again(dates, at, last.day if last else dates.too_late_on, today)
    moved = _put(dates, aim, last)
    for pause in _pauses(dates.why):
        moved = _paused_again(moved, dates.why, pause, at.calendar)
    if rule is not None and today is not None and _to_judge_anew(dates, rule, at, moved.too_late_on, today):
        return _judged_anew(dates, rule, at, today)
    return moved


def _judged_anew(dates: StepDates, rule: StepRule, at: Circumstances, today: date) -> StepDates:
    """Both dates as if the step opened today; an agreed day and a running pause still hold."""
    fresh = derive(rule, replace(at, opened_on=max(today, at.opened_on)))
    agreed, pause = dates.why.get("aim", {}), dates.why.get("pause")
    if "agreed" in agreed and date.fromisoformat(agreed["planned_on"]) >= today:
        fresh = agreed_day(fresh, date.fromisoformat(agreed["planned_on"]), today, agreed["agreed"])
    if pause is not None and date.fromisoformat(pause["until_on"]) >= today:
        fresh = paused(fresh, today, date.fromisoformat(pause["until_on"]), rule.counter, at.calendar)
    return fresh


def _to_judge_anew(dates: StepDates, rule: StepRule, at: Circumstances, last_on: date | None, today: date) -> bool:
    rules = (*rule.aim, *rule.too_late.earliest, *rule.too_late.otherwise)
    uses_entry_day = any(each.anchor is Anchor.ENTRY_DAY for each in rules)
    named = any(dates.why.get(which, {}).get("rule") == "stay" for which in ("aim", "too_late"))  # a ticket, a result
    if uses_entry_day and at.entry_chosen and not dates.why.get("entry_chosen", False) and not named:
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
    return Candidate(day, rule, {**told, **fresh, "on": day.isoformat()})


def _window_learned(
    dates: StepDates, last: Candidate | None, rule: StepRule, at: Circumstances, today: date
) -> Candidate | None:
    """The day of a window nobody knew when the step opened, judged from today: with room to act, and the first loss."""
    if not any(each.anchor in _WINDOW and at.value(each.anchor) is not None for each in rule.too_late.earliest):
        return None
    told = dates.why.get("too_late", {})
    fresh = derive(rule, replace(at, opened_on=max(today, at.opened_on))).why.get("too_late")
    if fresh is None or Anchor(fresh["anchor"]) not in _WINDOW or fresh["anchor"] == told.get("anchor"):
        return None
    if told.get("rule") == "stay":
        return None
    day = date.fromisoformat(fresh["on"])
    stands_in = last is None or str(told.get("rule")).startswith("otherwise")
    return Candidate(day, _rule(fresh), fresh) if stands_in or last is None or day < last.day else None


def _aim_again(dates: StepDates, at: Circumstances, last_on: date | None, today: date | None) -> Candidate | None:
    told = dates.why.get("aim")
    if dates.aim_on is None or told is None:
        return None
    if "anchor" not in told:
        return _agreed_again(told, last_on, today or at.opened_on)
    rule = _rule(told)
    day, fresh = result(rule, _anchor_again(told, rule, at), at.calendar, forward=True)
    kept = {key: value for key, value in told.items() if key not in ("moved", "wanted")}
    return fitted(Candidate(day, rule, {**kept, **fresh}), at.opened_on, last_on, at.calendar)


def _agreed_again(told: Why, last_on: date | None, today: date) -> Candidate | None:
    if "planned_on" not in told or told.get("pauses"):
        return None
    day = date.fromisoformat(told["planned_on"])
    if last_on is not None and (
        last_on >= today or told.get("moved") == "too_late"
    ):  # it was said while that lay ahead
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


def _put(dates: StepDates, aim: Candidate | None, last: Candidate | None) -> StepDates:
    why = {**dates.why, **({"aim": aim.why} if aim else {}), **({"too_late": last.why} if last else {})}
    aim_on, too_late_on = aim.day if aim else dates.aim_on, last.day if last else dates.too_late_on
    return replace(dates, aim_on=aim_on, too_late_on=too_late_on, why=why)


def _pauses(why: Why) -> list[Why]:
    """The pauses that moved one of the dates, in order."""
    found = [pause for which in ("aim", "too_late") for pause in why.get(which, {}).get("pauses", ())]
    return sorted({pause["from_on"]: pause for pause in found}.values(), key=lambda pause: str(pause["from_on"]))


def _paused_again(dates: StepDates, before: Why, pause: Why, calendar: SchoolCalendar) -> StepDates:
    """The dates moved by a pause they had, each only if that pause moved it."""
    from_on, until_on = date.fromisoformat(pause["from_on"]), date.fromisoformat(pause["until_on"])
    why, last, aim = dict(dates.why), dates.too_late_on, dates.aim_on
    if last is not None and pause in before.get("too_late", {}).get("pauses", ()):
        last = moved_on(last, from_on, until_on, _rule(why["too_late"]).counter, calendar)
        why["too_late"] = {**why["too_late"], "on": last.isoformat()}
    told = why.get("aim", {})
    if aim is not None and "anchor" in told and pause in told.get("pauses", ()):
        aim = moved_on(aim, from_on, until_on, _rule(told).counter, calendar)
        aim = min(aim, last) if last is not None and last >= from_on else aim
        why["aim"] = {**told, "on": aim.isoformat()}
    running = why.get("pause")
    if running is not None and running["from_on"] == pause["from_on"]:
        left = {"aim_on": dates.aim_on, "too_late_on": dates.too_late_on}
        why["pause"] = {**running, **{key: day.isoformat() if day else None for key, day in left.items()}}
    return replace(dates, aim_on=aim, too_late_on=last, why=why)


def _rule(told: Why) -> DateRule:
    return DateRule(count=told["count"], counter=Counter(told["counter"]), anchor=Anchor(told["anchor"]))
