"""The two dates of a step, derived from rules and anchors, with why; pure calculation.

Terms as in process.md: an aim is when we want it done, too late is when the child loses something. A rule whose result
is past, or whose anchor has no value, is skipped. Nothing is born late: a too-late day nearer than five days of its
counter moves to the next entry day when nobody chose the entry day, is marked tight when somebody did, and is dropped
otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from outreach.cases.workflow.anchors import Circumstances
from outreach.cases.workflow.model import Anchor, DateRule, StepRule, TooLate
from outreach.schoolyear import SchoolCalendar

ROOM = 5
"""Days of its counter a too-late day must be away when a step opens."""


@dataclass(frozen=True)
class StepDates:
    """What a step is measured by. `why` is keys and data, to be explained in the reader's language."""

    aim_on: date | None
    too_late_on: date | None
    tight: bool
    why: dict[str, Any] = field(default_factory=dict)

    @property
    def due_on(self) -> date | None:
        """The earlier of the two."""
        return min((day for day in (self.aim_on, self.too_late_on) if day), default=None)


@dataclass(frozen=True)
class Candidate:
    """A day that a rule gives, and how it came about."""

    day: date
    rule: DateRule
    why: dict[str, Any]
    tight: bool = False


def derive(step: StepRule, at: Circumstances) -> StepDates:
    """Both dates of a step that opens (or starts its wave) on `at.opened_on`."""
    return combine(step.aim, step.too_late, at)


def combine(aims: tuple[DateRule, ...], too_late: TooLate, at: Circumstances) -> StepDates:
    """Judge the rules once, as on the day the step opens."""
    dropped: list[dict[str, Any]] = []
    last = _judged_too_late(too_late, at, dropped)
    aim = _judged_aim(aims, at, last)
    why: dict[str, Any] = {"opened_on": at.opened_on.isoformat()}
    if aim is not None:
        why["aim"] = aim.why
    if last is not None:
        why["too_late"] = last.why
    if dropped:
        why["dropped"] = dropped
    return StepDates(aim.day if aim else None, last.day if last else None, bool(last and last.tight), why)


def result(rule: DateRule, anchor_on: date, calendar: SchoolCalendar, *, forward: bool) -> tuple[date, dict[str, Any]]:
    """The day a rule gives and its data; never a day the counter skips: aims forward, too-late days back."""
    if rule.count > 0:
        counted = calendar.add(anchor_on, rule.count, rule.counter)
    elif rule.count < 0:
        counted = calendar.subtract(anchor_on, -rule.count, rule.counter)
    else:
        day = (calendar.on_or_after if forward else calendar.on_or_before)(anchor_on, rule.counter)
        return day, _why(rule, anchor_on, day, [])
    return counted.day, _why(rule, anchor_on, counted.day, counted.as_data()["skipped"])


def applies(rule: DateRule, at: Circumstances) -> bool:
    """Whether the rule is meant for this child: some are for compulsory school age only."""
    return rule.when is None or (rule.when == "compulsory") == at.compulsory


def _why(rule: DateRule, anchor_on: date, day: date, skipped: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "anchor": rule.anchor.value,
        "anchor_on": anchor_on.isoformat(),
        "count": rule.count,
        "counter": rule.counter.value,
        "on": day.isoformat(),
        "skipped": skipped,
    }


def _judged_too_late(rules: TooLate, at: Circumstances, dropped: list[dict[str, Any]]) -> Candidate | None:
    found = list(_candidates(rules.earliest, rules, at, dropped))
    if found:
        return min(found, key=lambda candidate: candidate.day)
    return next(iter(_candidates(rules.otherwise, rules, at, dropped)), None)


def _candidates(
    rules: Iterable[DateRule], too_late: TooLate, at: Circumstances, dropped: list[dict[str, Any]]
) -> Iterable[Candidate]:
    for rule in rules:
        if not applies(rule, at):
            continue
        candidate = _with_room(rule, too_late, at, dropped)
        if candidate is not None:
            yield candidate


def _with_room(
    rule: DateRule, too_late: TooLate, at: Circumstances, dropped: list[dict[str, Any]]
) -> Candidate | None:
    """The rule's day if the owner still has room to act; else the mended day, or None with the reason noted."""
    anchor_on = at.value(rule.anchor)
    if anchor_on is None:
        return None
    day, why = result(rule, anchor_on, at.calendar, forward=False)
    if _has_room(day, rule, at):
        return Candidate(day, rule, why)
    if rule.anchor is Anchor.ENTRY_DAY:
        if at.entry_chosen:
            return _tight(rule, too_late, anchor_on, day, at, dropped)
        return _next_entry_with_room(rule, anchor_on, at, dropped)
    dropped.append({**why, "reason": "past" if day < at.opened_on else "near"})
    return None


def _has_room(day: date, rule: DateRule, at: Circumstances) -> bool:
    return day >= at.opened_on and at.calendar.between(at.opened_on, day, rule.counter) >= ROOM


def _next_entry_with_room(
    rule: DateRule, anchor_on: date, at: Circumstances, dropped: list[dict[str, Any]]
) -> Candidate | None:
    entry = at.entry_day_after(anchor_on)
    while entry is not None:
        day, why = result(rule, entry, at.calendar, forward=False)
        if _has_room(day, rule, at):
            return Candidate(day, rule, {**why, "instead_of": anchor_on.isoformat()})
        entry = at.entry_day_after(entry)
    dropped.append({"anchor": rule.anchor.value, "anchor_on": anchor_on.isoformat(), "reason": "no_entry_day"})
    return None


def _tight(
    rule: DateRule,
    too_late: TooLate,
    anchor_on: date,
    day: date,
    at: Circumstances,
    dropped: list[dict[str, Any]],
) -> Candidate | None:
    """A chosen entry day stays: five days after opening, or the last day before it (the day itself) if sooner."""
    counted = at.calendar.add(at.opened_on, ROOM, rule.counter)
    if too_late.tight_until_anchor:
        limit = at.calendar.on_or_before(anchor_on, rule.counter)
    else:
        limit = at.calendar.subtract(anchor_on, 1, rule.counter).day
    if limit < at.opened_on:
        dropped.append({**_why(rule, anchor_on, day, []), "reason": "past"})
        return None
    chosen = min(counted.day, limit)
    why = {**_why(rule, anchor_on, chosen, []), "tight": True, "wanted": day.isoformat()}
    return Candidate(chosen, rule, why, tight=True)


def _judged_aim(rules: Iterable[DateRule], at: Circumstances, last: Candidate | None) -> Candidate | None:
    for rule in rules:
        anchor_on = at.value(rule.anchor)
        if anchor_on is None or not applies(rule, at):
            continue
        day, why = result(rule, anchor_on, at.calendar, forward=True)
        if day < at.opened_on:
            continue
        return _fitted(Candidate(day, rule, why), at, last)
    return None


def _fitted(aim: Candidate, at: Circumstances, last: Candidate | None) -> Candidate:
    """Not before the first day of its counter after opening, never after too late."""
    first = at.calendar.add(at.opened_on, 1, aim.rule.counter).day
    day, why = aim.day, aim.why
    if day < first:
        day, why = first, {**why, "moved": "first_day", "wanted": aim.day.isoformat()}
    if last is not None and day > last.day:
        day = at.calendar.on_or_before(last.day, aim.rule.counter)
        day = day if day >= at.opened_on else last.day
        why = {**why, "moved": "too_late", "wanted": aim.day.isoformat()}
    return Candidate(day, aim.rule, {**why, "on": day.isoformat()})
