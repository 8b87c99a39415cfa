"""The desk where due steps are sorted into letters: the owner first, those above when it has climbed that high."""

from collections import Counter as Tally
from collections.abc import Mapping
from datetime import date
from typing import Any

from outreach import clock
from outreach.cases.commands.reminding.letters import LATE, NEWS, Letter, Mark, StepLine
from outreach.cases.queries.fresh import Answered, NewStep, Nudged
from outreach.cases.queries.readers import Reader, Readers
from outreach.cases.queries.reminders import DueStep, Ladders, ReportTold
from outreach.cases.workflow.ladder import Rung
from outreach.notifications.commands import normalised
from outreach.notifications.lines import Line

Sent = set[tuple[int, str, str, date]]
"""Rungs that were sent before: (step, address, rung, since)."""

NEW, ANSWERED, NUDGED = "new", "answered", "nudged"

_LATE = (Rung.LATE, Rung.TEAM_LEAD, Rung.COORDINATOR)
_CLIMBED = (Rung.TEAM_LEAD, Rung.COORDINATOR)
_HEIGHT = {rung: height for height, rung in enumerate((Rung.BEFORE_AIM, Rung.LATE, Rung.TEAM_LEAD, Rung.COORDINATOR))}
_HIGHER = {rung: [name for name, height in _HEIGHT.items() if height >= _HEIGHT[rung]] for rung in _HEIGHT}


class Desk:
    """Letters by address. Nobody above is told of a step before its owner was, or is in this very sweep."""

    def __init__(
        self, readers: Readers, ladders: Ladders, sent: Sent, hour: int, asked: Mapping[int | None, int] | None = None
    ) -> None:
        self.letters: dict[str, Letter] = {}
        self.due: set[int] = set()
        self._asked = asked or {}
        self._readers = readers
        self._ladders = ladders
        self._sent = sent
        self._hour = hour
        self._told = {(step_id, since) for step_id, _, name, since in sent if name in _HEIGHT}

    def tell_owner(self, each: DueStep) -> None:
        """One due step: a line for its owner; for the area's coordinators when nobody else can be written to."""
        step = each.step
        owner = self._readers.owner(step.person_id, step.organisation_id)
        readers = [owner] if owner else self._readers.coordinators_of_area(step.area_id)
        if not readers:
            self.due.add(step.id)  # nobody can be written to: the count on the console is the only sign
        for reader in readers:
            if not reader.works:
                continue
            letter = self._letter(reader)
            silent = owner is not None and self._silent_line(letter, each)
            if each.rung is not None:
                self._rung_line(letter, each, each.rung, unowned=owner is None, said=silent)

    def tell_above(self, each: DueStep) -> None:
        """Team leads and coordinators, once the owner knows."""
        if each.rung in _CLIMBED and self._owner_knows(each):
            self._count_above(each, each.rung)
        for turn in each.round:
            self._tell_coordinators(each, f"round_{turn}", "step_round", None, {"rung": f"round_{turn}"})
        if each.silent is Rung.SILENCE_COORDINATOR and each.rung is None:
            rule = {**self._rule(each, each.silent), "heard_on": each.step.last_fact_on.isoformat()}
            self._tell_coordinators(each, each.silent.value, "step_help", self._ladders.heard(each.step), rule)

    def tell_of_new(self, each: NewStep) -> None:
        """A step that came to somebody from another hand."""
        step = each.step
        owner = self._readers.owner(step.person_id, step.organisation_id)
        for reader in [owner] if owner else self._readers.coordinators_of_area(step.area_id):
            given_by_self = reader.person_id is not None and reader.person_id == each.by_id
            if given_by_self or not reader.works:
                continue
            letter = self._letter(reader)
            if (step.id, normalised(reader.address), NEW, each.on) not in self._sent:
                line = StepLine(step, "new", "step_new", step.aim_on, {"rung": NEW, "on": each.on.isoformat()})
                letter.new.append((step.aim_on, line, Mark(step.id, NEW, each.on)))

    def tell_of_answer(self, each: Answered) -> None:
        """What somebody asked aside was answered."""
        reader = self._readers.owner(each.step.person_id, each.step.organisation_id)
        if reader is None or not reader.works:
            return
        letter = self._letter(reader)
        if (each.side_id, normalised(reader.address), ANSWERED, each.on) not in self._sent:
            rule = {"rung": ANSWERED, "on": each.on.isoformat()}
            letter.lines.append((each.on, StepLine(each.step, "new", "step_answered", None, rule)))
            letter.marks.append(Mark(each.side_id, ANSWERED, each.on))

    def tell_of_nudge(self, each: Nudged) -> None:
        """A coordinator asks for attention."""
        owner = self._readers.owner(each.step.person_id, each.step.organisation_id)
        if owner is None or not owner.works:
            return
        letter = self._letter(owner)
        if (each.step.id, normalised(owner.address), NUDGED, each.on) not in self._sent:
            rule = {"rung": NUDGED, "on": each.on.isoformat()}
            letter.lines.append((each.on, StepLine(each.step, "new", "step_nudged", None, rule)))
            letter.marks.append(Mark(each.step.id, NUDGED, each.on))

    def tell_of_reports(self, told: list[ReportTold], sent: Sent) -> None:
        """Late reports that wait for a person, or were decided: how many, in a digest that has a new one."""
        counts: Tally[tuple[str, str]] = Tally()
        fresh: set[tuple[str, str]] = set()
        for each in told:
            reader = self._readers.owner(each.person_id, each.organisation_id)
            if reader is None or not reader.works:
                continue
            letter, name = self._letter(reader), f"{each.key}_{each.item_id}"
            address = normalised(reader.address)
            counts[address, each.key] += 1
            if (each.step_id, address, name, each.since) not in sent:
                fresh.add((address, each.key))
                letter.marks.append(Mark(each.step_id, name, each.since))
        for address, key in sorted(fresh):
            data = {"count": counts[address, key], "path": "/conflicts"}
            line = Line("reports", f"{key}:all", key, data, {"rung": key})
            self.letters[address].lines.append((clock.today(), line))

    def announce(self, reader: Reader, line: Line) -> None:
        """One line that is about no step; a digest goes out for it."""
        letter = self._letter(reader)
        letter.lines.append((clock.today(), line))
        letter.announced = True

    def _silent_line(self, letter: Letter, each: DueStep) -> bool:
        """Nothing was heard of a step: whether it is said now, once, in place of any other line about the step. Where
        the radar asks how it stands, the line leads there."""
        if each.silent is None or not self._is_new(letter, each, each.silent.value):
            return False
        self._mark(letter, each, each.silent.value)
        heard, rule = self._ladders.heard(each.step), self._rule(each, each.silent)
        rule["heard_on"] = each.step.last_fact_on.isoformat()
        group = "late" if each.rung in _LATE else "quiet"
        asked = self._asked.get(each.step.id)
        letter.lines.append((heard, StepLine(each.step, group, "step_silent", heard, rule, asked)))
        return True

    def _rung_line(self, letter: Letter, each: DueStep, rung: Rung, *, unowned: bool, said: bool) -> None:
        """Late steps stand in every digest of their owner; only a rung that was not sent before makes one go out.
        Of what is `said` another way already there is no second line."""
        step = each.step
        new = self._is_new_rung(letter, each, rung)
        if new:
            self._mark(letter, each, rung.value, LATE if rung is not Rung.BEFORE_AIM else NEWS)
        if said:
            return
        rule = self._rule(each, rung)
        if unowned:
            letter.lines.append((step.aim_on, StepLine(step, "unowned", "step_unowned", step.aim_on, rule)))
        elif rung is Rung.BEFORE_AIM:
            if new:
                letter.lines.append((step.aim_on, StepLine(step, "soon", "step_soon", step.aim_on, rule)))
        else:
            lost = step.too_late_on is not None and step.too_late_on <= clock.today()
            on = step.too_late_on if lost and step.too_late_on else step.aim_on
            letter.lines.append((on, StepLine(step, "late", "step_too_late" if lost else "step_late", on, rule)))

    def _owner_knows(self, each: DueStep) -> bool:
        """Told of this aim before, or by a letter that leaves now; who cannot be written to is not waited for."""
        step = each.step
        if (step.id, step.aim_on) in self._told:
            return True
        owner = self._readers.owner(step.person_id, step.organisation_id)
        if owner is None:
            return True
        letter = self.letters.get(normalised(owner.address))
        return letter is not None and owner.works and letter.leaves(self._hour)

    def _count_above(self, each: DueStep, rung: Rung) -> None:
        """Team leads and coordinators get counts per team, never a colleague's list."""
        step = each.step
        for reader, path in self._above(each, rung):
            if not reader.works:
                continue
            letter = self._letter(reader)
            name = f"{rung.value}_above"
            if self._is_new(letter, each, name):
                self._mark(letter, each, name, LATE)
            letter.teams.setdefault((step.kind, path), []).append(step.id)

    def _above(self, each: DueStep, rung: Rung) -> list[tuple[Reader, str]]:
        step, team = each.step, "/my-work?whose=team"
        coordinators = self._readers.coordinators(step.lead_id)
        if step.organisation_id == step.lead_id:
            above = self._readers.above_lead(step.person_id, step.organisation_id)
            return [(reader, "/areas" if reader in coordinators else team) for reader in above]
        leads = self._readers.team_leads(step.organisation_id)
        found = [(reader, team) for reader in leads]
        if rung is Rung.COORDINATOR:
            found += [(reader, "/areas") for reader in coordinators if reader not in leads]
        return found

    def _tell_coordinators(self, each: DueStep, name: str, key: str, on: date | None, rule: dict[str, Any]) -> None:
        for reader in self._readers.coordinators(each.step.lead_id):
            if not reader.works:
                continue
            letter = self._letter(reader)
            if self._is_new(letter, each, name):
                self._mark(letter, each, name)
                letter.lines.append((each.step.aim_on, StepLine(each.step, "help", key, on, rule)))

    def _letter(self, reader: Reader) -> Letter:
        address = normalised(reader.address)
        letter = self.letters.get(address)
        if letter is None:
            letter = self.letters[address] = Letter(reader)
        letter.welcome(reader)
        return letter

    def _is_new_rung(self, letter: Letter, each: DueStep, rung: Rung) -> bool:
        """Not sent yet, nor a higher one: of several missed rungs only the highest goes out."""
        address, step = normalised(letter.reader.address), each.step
        return all((step.id, address, name.value, step.aim_on) not in self._sent for name in _HIGHER[rung])

    def _is_new(self, letter: Letter, each: DueStep, name: str) -> bool:
        return (each.step.id, normalised(letter.reader.address), name, _since(each, name)) not in self._sent

    def _mark(self, letter: Letter, each: DueStep, name: str, weight: str = NEWS) -> None:
        self.due.add(each.step.id)
        letter.marks.append(Mark(each.step.id, name, _since(each, name), weight))

    def _rule(self, each: DueStep, rung: Rung) -> dict[str, Any]:
        return {"rung": rung.value, "after": self._ladders.after(each.step.area_id, rung)}


def _since(each: DueStep, name: str) -> date:
    """What a rung is once for: the aim; silence since the last known fact; going round once per step."""
    if name.startswith("silence"):
        return each.step.last_fact_on
    return each.step.opened_on if name.startswith("round_") else each.step.aim_on
