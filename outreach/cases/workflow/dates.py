"""The two dates of a step, derived from rules and anchors, with why; pure calculation.

Terms as in docs/process.md: an aim is when we want it done, too late is when the child loses something. A rule whose
result is past, or whose anchor has no value, is skipped. Nothing is born late: a too-late day nearer than five days of
its counter moves to the next entry day when nobody chose the entry day, is marked tight when somebody did, and is
dropped otherwise.
"""

from collections.abc import Iterable, Iterator
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
    """What a step is measured by. `why` is keys and data, to be explained in the reader's language and derived again:
    per date the rule that was chosen, its anchor, count, counter and what was skipped; and the rules that were not."""

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

    @property
    def tight(self) -> bool:
        """Whether a chosen entry day leaves too little room."""
        return bool(self.why.get("tight"))


def derive(step: StepRule, at: Circumstances) -> StepDates:
    """Both dates of a step that opens (or starts its wave) on `at.opened_on`."""
    return combine(step.aim, step.too_late, at)


def combine(aims: tuple[DateRule, ...], too_late: TooLate, at: Circumstances) -> StepDates:
    """Judge the rules once, as on the day the step opens."""
    judge = _Judge(at, too_late.tight_until_anchor)
    last = judge.too_late(too_late)
    aim = judge.aim(aims, last)
    why: dict[str, Any] = {"opened_on": at.opened_on.isoformat(), "entry_chosen": at.entry_chosen}
    if aim is not None:
        why["aim"] = aim.why
    if last is not None:
        why["too_late"] = last.why
    if judge.dropped:
        why["dropped"] = judge.dropped
    return StepDates(aim.day if aim else None, last.day if last else None, last is not None and last.tight, why)


def result(rule: DateRule, anchor_on: date, calendar: SchoolCalendar, *, forward: bool) -> tuple[date, dict[str, Any]]:
    """The day a rule gives and its data; never a day the counter skips: aims forward, too-late days back."""
    if rule.count > 0 or (rule.count == 0 and forward):
        counted = calendar.add(anchor_on, rule.count, rule.counter)
    else:
        counted = calendar.subtract(anchor_on, -rule.count, rule.counter)
    why = {
        "anchor": rule.anchor.value,
        "anchor_on": anchor_on.isoformat(),
        "count": rule.count,
        "counter": rule.counter.value,
        "counted_on": counted.day.isoformat(),
        "on": counted.day.isoformat(),
        "skipped": counted.as_data()["skipped"],
    }
    return counted.day, why


def tight_day(rule: DateRule, anchor_on: date, at: Circumstances, *, until_anchor: bool) -> date | None:
    """The too-late day before a chosen entry day that is near: the fifth day after opening, or the last one before the
    entry day (`until_anchor`: that day itself) if sooner. None when that is past."""
    if until_anchor:
        limit = at.calendar.on_or_before(anchor_on, rule.counter)
    else:
        limit = at.calendar.subtract(anchor_on, 1, rule.counter).day
    return min(at.calendar.add(at.opened_on, ROOM, rule.counter).day, limit) if limit >= at.opened_on else None


def fitted(aim: Candidate, opened_on: date, last_on: date | None, calendar: SchoolCalendar) -> Candidate:
    """Not before the first day of its counter after opening, never after too late."""
    wanted = aim.day.isoformat()
    first = calendar.add(opened_on, 1, aim.rule.counter).day
    day, why = aim.day, aim.why
    if day < first:
        day, why = first, {**why, "moved": "first_day", "wanted": wanted}
    if last_on is not None and day > last_on:
        rounded = calendar.on_or_before(last_on, aim.rule.counter)
        day, why = max(rounded, min(opened_on, last_on)), {**why, "moved": "too_late", "wanted": wanted}
    return Candidate(day, aim.rule, {**why, "on": day.isoformat()})


class _Judge:
    """Chooses among the rules of one step; `dropped` keeps those that had a day but could not be used."""

    def __init__(self, at: Circumstances, until_anchor: bool) -> None:
        self.at = at
        self.until_anchor = until_anchor
        self.dropped: list[dict[str, Any]] = []

    def too_late(self, rules: TooLate) -> Candidate | None:
        found = list(self._usable(rules.earliest, "earliest"))
        if found:
            return min(found, key=lambda candidate: candidate.day)
        return next(self._usable(rules.otherwise, "otherwise"), None)

    def aim(self, rules: Iterable[DateRule], last: Candidate | None) -> Candidate | None:
        """The first rule with a day that is not past; where time is tight, the first with a day at all."""
        for index, rule in enumerate(rules):
            anchor_on = self.at.value(rule.anchor)
            if anchor_on is None or not self._applies(rule):
                continue
            day, why = result(rule, anchor_on, self.at.calendar, forward=True)
            why = {"rule": f"aim.{index}", **why}
            if day < self.at.opened_on and not (last is not None and last.tight):
                self.dropped.append({**why, "reason": "past"})
                continue
            return fitted(Candidate(day, rule, why), self.at.opened_on, last.day if last else None, self.at.calendar)
        return None

    def _usable(self, rules: Iterable[DateRule], place: str) -> Iterator[Candidate]:
        for index, rule in enumerate(rules):
            anchor_on = self.at.value(rule.anchor)
            if anchor_on is not None and self._applies(rule):
                candidate = self._with_room(rule, anchor_on, f"{place}.{index}")
                if candidate is not None:
                    yield candidate

    def _applies(self, rule: DateRule) -> bool:
        return rule.when is None or (rule.when == "compulsory") == self.at.compulsory

    def _with_room(self, rule: DateRule, anchor_on: date, place: str) -> Candidate | None:
        """The rule's day if the owner still has room to act; else the mended day, or None with the reason noted."""
        day, why = result(rule, anchor_on, self.at.calendar, forward=False)
        why = {"rule": place, **why}
        if self._has_room(day, rule):
            return Candidate(day, rule, why)
        mended = None
        if rule.anchor is Anchor.ENTRY_DAY:
            mend = self._tight if self.at.entry_chosen else self._at_later_entry
            mended = mend(rule, anchor_on, why)
        if mended is None:
            self.dropped.append({**why, "reason": "past" if day < self.at.opened_on else "near"})
        return mended

    def _has_room(self, day: date, rule: DateRule) -> bool:
        at = self.at
        return day >= at.opened_on and at.calendar.between(at.opened_on, day, rule.counter) >= ROOM

    def _at_later_entry(self, rule: DateRule, anchor_on: date, why: dict[str, Any]) -> Candidate | None:
        entry, passed = self.at.entry_day_after(anchor_on), 1
        while entry is not None:
            day, later = result(rule, entry, self.at.calendar, forward=False)
            if self._has_room(day, rule):
                return Candidate(day, rule, {**why, **later, "passed": passed, "instead_of": anchor_on.isoformat()})
            entry, passed = self.at.entry_day_after(entry), passed + 1
        return None

    def _tight(self, rule: DateRule, anchor_on: date, why: dict[str, Any]) -> Candidate | None:
        day = tight_day(rule, anchor_on, self.at, until_anchor=self.until_anchor)
        if day is None:
            return None
        marks = {"tight": True, "until_anchor": self.until_anchor, "wanted": why["on"], "on": day.isoformat()}
        return Candidate(day, rule, {**why, **marks, "skipped": []})
