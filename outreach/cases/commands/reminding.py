"""The morning sweep: what deserves a word today, to whom, in one digest each; nothing new means no mail."""

from collections import Counter as Tally
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.cases.commands.waking import wake_steps
from outreach.cases.models import Reminder
from outreach.cases.queries.readers import Reader, Readers
from outreach.cases.queries.reminders import (
    DueStep,
    ReportTold,
    addresses_reminded,
    count_open,
    due_steps,
    reports_to_tell,
    sent_rungs,
)
from outreach.cases.workflow.ladder import Rung
from outreach.notifications.commands import Digest, normalised, queue_digests
from outreach.notifications.lines import Line
from outreach.schoolyear import Counter, SchoolCalendar

OPENS, CLOSES = 8, 17
"""Working hours, Brussels time: the first hour a digest is queued, and the hour from which none is."""

_CLIMBED = (Rung.TEAM_LEAD, Rung.COORDINATOR)
_LATE_KEYS = {Rung.LATE: "step_late", Rung.TEAM_LEAD: "step_late", Rung.COORDINATOR: "step_too_late"}
_HEIGHT = {rung: height for height, rung in enumerate((Rung.BEFORE_AIM, Rung.LATE, Rung.TEAM_LEAD, Rung.COORDINATOR))}


@dataclass
class Letter:
    """A digest in the making: its lines, the rungs that are new in it, and the late steps of teams to be counted."""

    reader: Reader
    lines: list[tuple[date, Line]] = field(default_factory=list)
    fresh: list[tuple[int, str, date]] = field(default_factory=list)
    teams: Tally[tuple[str, str]] = field(default_factory=Tally)


@dataclass(frozen=True)
class Swept:
    """What a sweep found and queued, under the names of the console's answer."""

    at: datetime
    steps_considered: int
    steps_due: int
    digests_queued: int
    already_queued: int

    def as_data(self) -> dict[str, Any]:
        """The answer as JSON holds it."""
        return {**vars(self), "at": clock.local(self.at).isoformat()}


def remind(session: Session) -> Swept:
    """Wake what was asleep and queue today's digests, as if at the clock's present moment.

    Outside the working hours of a working day nothing is queued: a missed day is skipped, not caught up.
    """
    wake_steps(session, by=builtin(session, "clock"))
    session.flush()
    now, today = clock.now(), clock.today()
    considered = count_open(session)
    hour = clock.local(now).hour
    if not (OPENS <= hour < CLOSES and SchoolCalendar().counts(today, Counter.WORKING_DAYS)):
        return Swept(now, considered, 0, 0, 0)
    letters, due = _compose(session, today)
    ready = {address: letter for address, letter in letters.items() if letter.fresh and letter.reader.hour <= hour}
    told_before = addresses_reminded(session, today)
    queued = queue_digests(session, [_digest(letter, today) for letter in ready.values()])
    _remember(session, [(address, ready[address]) for address in queued.messages if address in ready], today)
    return Swept(now, considered, due, len(queued.messages), len(told_before | queued.already))


def _compose(session: Session, today: date) -> tuple[dict[str, Letter], int]:
    due = due_steps(session, today)
    sent = sent_rungs(session, [each.step.id for each in due])
    desk = _Desk(Readers(session, today), sent)
    for each in due:
        desk.sort(each)
    told = reports_to_tell(session)
    desk.tell_of_reports(told, sent_rungs(session, [each.step_id for each in told]))
    return desk.letters, len(desk.due)


class _Desk:
    """Sorts due steps into the letters of those who are to be told."""

    def __init__(self, readers: Readers, sent: set[tuple[int, str, str, date]]) -> None:
        self.letters: dict[str, Letter] = {}
        self.due: set[int] = set()
        self._readers = readers
        self._sent = sent

    def sort(self, each: DueStep) -> None:
        """One due step: a line for its owner, and for those above when it has climbed that high."""
        self._tell_owner(each)
        if each.rung in _CLIMBED:
            self._tell_above(each, each.rung)
        for turn in each.round:
            self._tell_coordinators(each, f"round_{turn}", "step_round")
        if each.silent is Rung.SILENCE_COORDINATOR and each.rung is None:
            self._tell_coordinators(each, each.silent.value, "step_help", each.step.last_fact_on)

    def _tell_owner(self, each: DueStep) -> None:
        step = each.step
        owner = self._readers.owner(step.person_id, step.organisation_id)
        readers = [owner] if owner else self._readers.coordinators_of_area(step.area_id)
        if not readers:
            self.due.add(step.id)  # nobody can be written to: the count on the console is the only sign
        for reader in readers:
            letter = self._letter(reader)
            if each.rung is not None:
                self._rung_line(letter, each, each.rung, unowned=owner is None)
            elif each.silent is not None and self._is_new(letter, each, each.silent.value):
                self._mark(letter, each, each.silent.value)
                letter.lines.append((step.last_fact_on, _line(each, "quiet", "step_silent", step.last_fact_on)))

    def _rung_line(self, letter: Letter, each: DueStep, rung: Rung, *, unowned: bool) -> None:
        """Late steps stand in every digest of their owner; only a rung that was not sent before makes one go out."""
        step = each.step
        new = self._is_new_rung(letter, each, rung)
        if new:
            self._mark(letter, each, rung.value)
        if unowned:
            letter.lines.append((step.aim_on, _line(each, "unowned", "step_unowned", step.aim_on)))
        elif rung is Rung.BEFORE_AIM:
            if new:
                letter.lines.append((step.aim_on, _line(each, "soon", "step_soon", step.aim_on)))
        else:
            key = _LATE_KEYS[rung] if step.too_late_on and step.too_late_on <= clock.today() else "step_late"
            on = step.too_late_on if key == "step_too_late" and step.too_late_on else step.aim_on
            letter.lines.append((on, _line(each, "late", key, on)))

    def _tell_above(self, each: DueStep, rung: Rung) -> None:
        """Team leads and coordinators get counts per team, never a colleague's list."""
        step = each.step
        if step.organisation_id == step.lead_id:
            readers = self._readers.above_lead(step.person_id, step.organisation_id)
        else:
            readers = self._readers.team_leads(step.organisation_id)
            if rung is Rung.COORDINATOR:
                readers = [*readers, *self._readers.coordinators(step.lead_id)]
        for reader in readers:
            letter = self._letter(reader)
            name = f"{rung.value}_above"
            if self._is_new(letter, each, name):
                self._mark(letter, each, name)
            path = "/areas" if reader in self._readers.coordinators(step.lead_id) else "/my-work?whose=team"
            letter.teams[step.kind, path] += 1

    def _tell_coordinators(self, each: DueStep, name: str, key: str, on: date | None = None) -> None:
        for reader in self._readers.coordinators(each.step.lead_id):
            letter = self._letter(reader)
            if self._is_new(letter, each, name):
                self._mark(letter, each, name)
                letter.lines.append((each.step.aim_on, _line(each, "help", key, on)))

    def tell_of_reports(self, told: list[ReportTold], sent: set[tuple[int, str, str, date]]) -> None:
        """Late reports that wait for a person, or were decided: how many, in a digest that has a new one."""
        counts: Tally[tuple[str, str]] = Tally()
        fresh: set[tuple[str, str]] = set()
        for each in told:
            reader = self._readers.owner(each.person_id, each.organisation_id)
            if reader is None:
                continue
            letter, name = self._letter(reader), f"{each.key}_{each.item_id}"
            address = normalised(reader.address)
            counts[address, each.key] += 1
            if (each.step_id, address, name, each.since) not in sent:
                fresh.add((address, each.key))
                letter.fresh.append((each.step_id, name, each.since))
        for address, key in sorted(fresh):
            data = {"count": counts[address, key], "path": "/conflicts"}
            self.letters[address].lines.append((clock.today(), Line("help", f"{key}:all", key, data)))

    def _letter(self, reader: Reader) -> Letter:
        return self.letters.setdefault(normalised(reader.address), Letter(reader))

    def _is_new_rung(self, letter: Letter, each: DueStep, rung: Rung) -> bool:
        """Not sent yet, nor a higher one: of several missed rungs only the highest goes out."""
        address = normalised(letter.reader.address)
        higher = [name for name, height in _HEIGHT.items() if height >= _HEIGHT[rung]]
        return all((each.step.id, address, name.value, each.step.aim_on) not in self._sent for name in higher)

    def _is_new(self, letter: Letter, each: DueStep, name: str) -> bool:
        return (each.step.id, normalised(letter.reader.address), name, _since(each, name)) not in self._sent

    def _mark(self, letter: Letter, each: DueStep, name: str) -> None:
        self.due.add(each.step.id)
        letter.fresh.append((each.step.id, name, _since(each, name)))


def _since(each: DueStep, name: str) -> date:
    """What a rung is once for: the aim; silence since the last known fact; going round once per step."""
    if name.startswith("silence"):
        return each.step.last_fact_on
    return each.step.opened_on if name.startswith("round_") else each.step.aim_on


def _line(each: DueStep, group: str, key: str, on: date | None) -> Line:
    step = each.step
    data: dict[str, Any] = {
        "reference": step.reference,
        "process": step.process,
        "step": step.key,
        "path": f"/cases/{step.reference}/steps/{step.number}",
    }
    if on is not None:
        data["on"] = on
    return Line(group=group, subject=f"step:{step.id}:{key}", key=key, data=data)


def _digest(letter: Letter, today: date) -> Digest:
    lines = [line for _, line in sorted(letter.lines, key=lambda entry: entry[0])]
    for (kind, path), count in sorted(letter.teams.items()):
        lines.append(Line("help", f"team:{kind}:late", "team_late", {"kind": kind, "count": count, "path": path}))
    return Digest(
        address=letter.reader.address,
        language=letter.reader.language,
        on=today,
        lines=lines,
        not_after_at=clock.moment_of(today, CLOSES),
    )


def _remember(session: Session, letters: list[tuple[str, Letter]], today: date) -> None:
    """Write down each rung that went into a digest, so that it goes once."""
    rows = {
        (step_id, address, rung, since): None for address, letter in letters for step_id, rung, since in letter.fresh
    }
    if rows:
        now = clock.now()
        session.execute(
            insert(Reminder),
            [
                {"step_id": step_id, "address": address, "rung": rung, "aim_on": since, "on": today, "at": now}
                for step_id, address, rung, since in rows
            ],
        )
