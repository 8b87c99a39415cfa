"""A digest in the making: whose it is, what it says, what is new in it, and when it may leave."""

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from outreach import clock
from outreach.cases.queries.readers import Reader
from outreach.cases.queries.reminders import OpenStep
from outreach.notifications.commands import Digest
from outreach.notifications.lines import Line

BATCH = 5
"""So many new steps are named one by one; more are one line."""

LATE, NEWS = "late", "news"
"""What makes a mail go out: something late, or anything else."""


class Mark(NamedTuple):
    """A rung that goes with a letter and will not go again: of a step, under a name, since a day."""

    step_id: int
    name: str
    since: date
    weight: str = NEWS


class StepLine(NamedTuple):
    """A line about one step, with a link to it, or to the step of that `number`; `rule` says why it is written.

    It is written out only when its letter leaves: most of what is due today was said before.
    """

    step: OpenStep
    group: str
    key: str
    on: date | None
    rule: dict[str, Any]
    number: int | None = None

    @property
    def about(self) -> str:
        """The step, as the post room knows it."""
        return f"step:{self.step.id}"

    def written(self) -> Line:
        """The line as the post room takes it."""
        step = self.step
        data: dict[str, Any] = {
            "reference": step.reference,
            "process": step.process,
            "step": step.key,
            "path": f"/cases/{step.reference}/steps/{self.number or step.number}",
        }
        if self.on is not None:
            data["on"] = self.on
        rule = {"counter": step.counter, "aim_on": step.aim_on.isoformat(), **self.rule}
        return Line(group=self.group, subject=f"{self.about}:{self.key}", key=self.key, data=data, rule=rule)


@dataclass
class Letter:
    """The lines for one address today, the rungs that are new in it, and late steps of teams, which are counted."""

    reader: Reader
    lines: list[tuple[date, Line | StepLine]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    new: list[tuple[date, StepLine, Mark]] = field(default_factory=list)
    teams: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    hours: Tally[int] = field(default_factory=Tally)
    closes: int = 24
    announced: bool = False

    def welcome(self, reader: Reader) -> None:
        """Somebody may act for several organisations: the mail leaves when all those it speaks of are at work."""
        self.hours[max(reader.hour, reader.opens)] += 1
        self.closes = min(self.closes, reader.closes)

    @property
    def begins(self) -> int:
        """From which hour it may leave."""
        return min(max(self.hours, default=0), self.closes - 1)

    def leaves(self, hour: int) -> bool:
        """Whether a digest goes at this hour: it is a chosen day, the hour has come, and something in it is new."""
        if not self.reader.wanted or not self.begins <= hour < self.closes:
            return False
        if self.reader.only_late:
            return any(mark.weight == LATE for mark in self.marks)
        return bool(self.marks or self.new or self.announced)

    def is_at_work(self, hour: int) -> bool:
        """Whether an urgent mail may come now."""
        return self.reader.opens <= hour < self.reader.closes

    def digest(self, today: date) -> Digest:
        """Most urgent first; new steps one by one, or as a number when they are many; counts of teams last."""
        in_order = [line for _, line in sorted(self.lines, key=lambda entry: entry[0])]
        lines = [line.written() if isinstance(line, StepLine) else line for line in in_order]
        lines += self._new_lines()
        for (kind, path), steps in sorted(self.teams.items()):
            data = {"kind": kind, "count": len(steps), "path": path}
            lines.append(Line("help", f"team:{kind}:late", "team_late", data, {"rung": "team_late"}))
        return self._mail(lines, today)

    def urgent(self, today: date, new: Iterable[tuple[date, StepLine, Mark]]) -> Digest:
        """Only what cannot wait."""
        return self._mail([line.written() for _, line, _ in sorted(new, key=lambda entry: entry[0])], today)

    def all_marks(self) -> list[Mark]:
        """Every rung this digest carries."""
        return [*self.marks, *(mark for _, _, mark in self.new)]

    def _new_lines(self) -> list[Line]:
        said = {line.about for _, line in self.lines}
        new = [entry for entry in self.new if entry[1].about not in said]
        if len(new) <= BATCH:
            return [line.written() for _, line, _ in sorted(new, key=lambda entry: entry[0])]
        steps = [mark.step_id for _, _, mark in new]
        rule = {"rung": "new", "steps": steps[:500]}
        return [Line("new", "steps_new:all", "steps_new", {"count": len(steps), "path": "/my-work"}, rule)]

    def _mail(self, lines: list[Line], today: date) -> Digest:
        return Digest(
            address=self.reader.address,
            language=self.reader.language,
            on=today,
            lines=lines,
            plain=self.reader.plain,
            not_after_at=clock.moment_of(today, min(self.closes, self.reader.closes)),
        )
