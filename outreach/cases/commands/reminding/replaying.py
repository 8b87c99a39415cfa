"""A dry run of reminder ladders: the sweep's own desk, on steps as they stood or will stand, with nothing written."""

from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.reminding.desk import Desk, Sent
from outreach.cases.commands.reminding.letters import Letter
from outreach.cases.queries.readers import Readers
from outreach.cases.queries.reminders import DueStep, Ladders, OpenStep
from outreach.cases.queries.replayed import opened_often, places_of, present_rungs, who_is_at
from outreach.cases.queries.step_histories import History, step_histories
from outreach.cases.workflow import Ladder
from outreach.notifications.addresses import wrong_among
from outreach.partners.hours import EARLIEST, LATEST
from outreach.partners.models import Area
from outreach.schoolyear import Counter, SchoolCalendar

Standing = list[tuple[int, OpenStep | None]]
"""Steps with how they stand at a moment."""

PAST, AHEAD = timedelta(days=90), timedelta(days=30)


@dataclass(frozen=True)
class Stretch:
    """Days of which a dry run tells how many mails each address would have had, with each of two ladders."""

    first_on: date
    last_on: date
    now: dict[str, int]
    then: dict[str, int]


@dataclass(frozen=True)
class DryRun:
    """What a ladder would have sent and will send instead of the present one; `really` what went out in the past."""

    past: Stretch
    ahead: Stretch
    really: dict[str, int]
    names: dict[str, str]


def dry_run(session: Session, area: Area, *, present: Ladder, proposed: Ladder) -> DryRun:
    """Play both ladders over the last 90 days, up to yesterday, and the next 30, from tomorrow. Reads only."""
    today = clock.today()
    begins, yesterday, tomorrow = today - PAST, today - timedelta(days=1), today + timedelta(days=1)
    histories = step_histories(session, area.id, begins)
    stage = Stage(session, area, histories)
    sent, really = present_rungs(session, area.id, begins)
    past = stage.play(begins, yesterday, (present, proposed), {key for key, on in sent.items() if on < begins})
    ahead = stage.play(tomorrow, today + AHEAD, (present, proposed), set(sent))
    addresses = sorted({address for one in (*past, *ahead, really) for address in one})
    wrong = wrong_among(session, addresses)
    counted = [{at: many for at, many in each.items() if at not in wrong} for each in (*past, *ahead, really)]
    return DryRun(
        Stretch(begins, yesterday, counted[0], counted[1]),
        Stretch(tomorrow, today + AHEAD, counted[2], counted[3]),
        counted[4],
        who_is_at(session, addresses),
    )


@dataclass
class _Run:
    """One ladder on its way through the days: which rungs it sent, and the days each address had a mail."""

    ladder: Ladder
    sent: dict[int, Sent] = field(default_factory=lambda: defaultdict(set))
    days: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))

    def had(self, address: str, day: date) -> bool:
        """Whether this address had its mail of the day."""
        return bool(self.days[address]) and self.days[address][-1] == day

    def send(self, address: str, letter: Letter, day: date) -> None:
        """A letter leaves, and the rungs in it do not go again."""
        self.days[address].append(day)
        for mark in letter.marks:
            self.sent[mark.step_id].add((mark.step_id, address, mark.name, mark.since))

    def sent_about(self, step_ids: Iterable[int]) -> Sent:
        """What was sent about some steps."""
        return {rung for step_id in step_ids for rung in self.sent.get(step_id, ())}


class Stage:
    """The steps of an area with their histories, on which ladders are played day by day."""

    def __init__(self, session: Session, area: Area, histories: Sequence[History]) -> None:
        self._session = session
        self._area = area
        self._histories = histories
        self._changes: dict[date, dict[int, list[History]]] = defaultdict(lambda: defaultdict(list))
        for history in histories:
            for moment in history.moments:
                local = clock.local(moment)
                self._changes[local.date()][local.hour + 1].append(history)
        self._among = sorted({*places_of(histories), area.coordinator_id})
        self._openings = opened_often(session, area.id)

    def play(self, first: date, last: date, ladders: Sequence[Ladder], sent: Sent) -> list[dict[str, int]]:
        """How many mails each address has in these days, for each ladder; `sent` went out before."""
        return [
            {address: len(days) for address, days in run.days.items() if days}
            for run in self.runs(first, last, ladders, sent)
        ]

    def runs(self, first: date, last: date, ladders: Sequence[Ladder], sent: Sent) -> list["_Run"]:
        """The ladders after these days."""
        runs = [_Run(ladder) for ladder in ladders]
        for run in runs:
            for rung in sent:
                run.sent[rung[0]].add(rung)
        day = first
        while day <= last:
            if SchoolCalendar().counts(day, Counter.WORKING_DAYS):
                self._day(day, runs)
            day += timedelta(days=1)
        return runs

    def _day(self, day: date, runs: Sequence[_Run]) -> None:
        readers = Readers(self._session, day, self._among)
        stood = {EARLIEST: _standing(self._histories, day, EARLIEST)}
        for hour, changed in self._changes.get(day, {}).items():
            if EARLIEST < hour < LATEST:
                stood[hour] = _standing(changed, day, hour)
        for run in runs:
            self._run(run, day, readers, stood)

    def _run(self, run: _Run, day: date, readers: Readers, stood: Mapping[int, Standing]) -> None:
        """The sweeps of one day at which something can leave: the first, those after something changed, and those at
        which a letter may begin. A step with nothing new to say is not asked again that day."""
        ladders, openings = Ladders(self._session, day, {self._area.id: run.ladder}), self._openings(day)
        hours = sorted(stood)
        waiting: dict[int, DueStep] = {}
        while hours:
            hour = hours.pop(0)
            for step_id, step in stood.get(hour, ()):
                due = ladders.judge(step, openings) if step else None
                if due is None:
                    waiting.pop(step_id, None)
                else:
                    waiting[step_id] = due
            desk = _Count(readers, ladders, run.sent_about(waiting), hour)
            with clock.at(clock.moment_of(day, hour)):
                desk.sort(waiting.values())
            waiting = {step_id: due for step_id, due in waiting.items() if step_id in desk.due}
            for address, letter in desk.letters.items():
                if run.had(address, day) or not letter.marks:
                    continue
                if letter.leaves(hour):
                    run.send(address, letter, day)
                elif letter.begins > hour and letter.begins not in hours:
                    insort(hours, letter.begins)


class _Count(Desk):
    """The desk of the sweep, of which only the letters that leave are counted."""

    def sort(self, due: Collection[DueStep]) -> None:
        """What the ladder has to say, in letters: owners first."""
        for each in due:
            self.tell_owner(each)
        for each in due:
            self.tell_above(each)


def _standing(histories: Sequence[History], day: date, hour: int) -> Standing:
    moment = clock.moment_of(day, hour)
    return [(each.step_id, each.at(moment)) for each in histories]
