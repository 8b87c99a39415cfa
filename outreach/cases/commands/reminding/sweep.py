"""One sweep: wake what slept, sort what is due, queue the digests whose hour it is and the mail that cannot wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.cases.commands.reminding.announcing import announce_year_end
from outreach.cases.commands.reminding.asking import ask_owners
from outreach.cases.commands.reminding.desk import Desk
from outreach.cases.commands.reminding.letters import Letter, Mark
from outreach.cases.commands.reminding.praising import praise
from outreach.cases.commands.waking import wake_steps
from outreach.cases.models import Reminder
from outreach.cases.queries.fresh import answered_sides, entry_days, new_steps, nudged_steps
from outreach.cases.queries.radar import asked_beside
from outreach.cases.queries.readers import Readers
from outreach.cases.queries.reminders import (
    Ladders,
    addresses_reminded,
    count_open,
    due_steps,
    reports_to_tell,
    sent_rungs,
    sent_rungs_of_due,
)
from outreach.database.many import insert_rows
from outreach.notifications.commands import queue_digests
from outreach.notifications.models import URGENT
from outreach.partners.calendars import calendar_for
from outreach.partners.hours import EARLIEST, LATEST
from outreach.schoolyear import Counter, SchoolCalendar

CANNOT_WAIT = 5
"""A new step is urgent when the entry day is no more than so many school days away."""


@dataclass(frozen=True)
class Swept:
    """What a sweep found and queued, under the names of the console's answer."""

    at: datetime
    steps_considered: int
    steps_due: int
    digests_queued: int
    already_queued: int
    urgent_queued: int = 0

    def as_data(self) -> dict[str, Any]:
        """The answer as JSON holds it."""
        return {**vars(self), "at": clock.local(self.at).isoformat()}


def remind(session: Session) -> Swept:
    """Wake what was asleep, ask what the radar noticed, queue what is to be said, as if at the clock's moment.

    At night and on days that are nobody's working days nothing is queued: a missed day is skipped, not caught up.
    """
    by = builtin(session, "clock")
    wake_steps(session, by=by)
    session.flush()
    now, today = clock.now(), clock.today()
    hour = clock.local(now).hour
    if not (EARLIEST <= hour < LATEST and SchoolCalendar().counts(today, Counter.WORKING_DAYS)):
        return Swept(now, count_open(session), 0, 0, 0)
    ladders = Ladders(session, today)
    ask_owners(session, ladders, by=by)
    considered = count_open(session)
    desk = _sorted(session, ladders, today, hour)
    ready = {address: letter for address, letter in desk.letters.items() if letter.leaves(hour)}
    told_before = addresses_reminded(session, today)
    praise(session, ready, today)
    queued = queue_digests(session, [letter.digest(today) for letter in ready.values()])
    _remember(session, ((address, ready[address].all_marks()) for address in queued.messages), today)
    waiting = {address: letter for address, letter in desk.letters.items() if address not in queued.messages}
    urgent = _queue_urgent(session, waiting, today, hour)
    return Swept(now, considered, len(desk.due), len(queued.messages), len(told_before | queued.already), urgent)


def _sorted(session: Session, ladders: Ladders, today: date, hour: int) -> Desk:
    """Everything there is to say today, in letters."""
    due = due_steps(session, ladders)
    new, answered, told = new_steps(session, today), answered_sides(session, today), reports_to_tell(session)
    nudged = nudged_steps(session, today)
    step_ids = {each.step.id for each in new} | {each.step.id for each in nudged}
    step_ids |= {each.side_id for each in answered}
    asked = asked_beside(session, (each.step.id for each in due if each.silent))
    sent = sent_rungs_of_due(session, ladders) | sent_rungs(session, sorted(step_ids))
    readers = Readers(session, today)
    desk = Desk(readers, ladders, sent, hour, asked)
    for each in due:
        desk.tell_owner(each)
    for fresh in new:
        desk.tell_of_new(fresh)
    for answer in answered:
        desk.tell_of_answer(answer)
    for nudge in nudged:
        desk.tell_of_nudge(nudge)
    desk.tell_of_reports(told, sent_rungs(session, [each.step_id for each in told]))
    for each in due:
        desk.tell_above(each)
    announce_year_end(session, desk, readers, today)
    return desk


def _queue_urgent(session: Session, letters: dict[str, Letter], today: date, hour: int) -> int:
    """The day's one urgent mail to who got a step that cannot wait for the next digest: how many."""
    found = {address: letter for address, letter in letters.items() if letter.new and letter.is_at_work(hour)}
    pressing = _pressing(session, [mark.step_id for letter in found.values() for _, _, mark in letter.new], today)
    urgent = {
        address: [entry for entry in letter.new if entry[2].step_id in pressing] for address, letter in found.items()
    }
    mails = [found[address].urgent(today, new) for address, new in urgent.items() if new]
    queued = queue_digests(session, mails, kind=URGENT)
    _remember(session, ((address, [mark for _, _, mark in urgent[address]]) for address in queued.messages), today)
    return len(queued.messages)


def _pressing(session: Session, step_ids: list[int], today: date) -> set[int]:
    """Those of these steps whose child is expected at school within days."""
    chosen = entry_days(session, step_ids)
    found = set()
    for step_id, (area_id, on) in chosen.items():
        calendar = calendar_for(session, area_id)
        if on >= today and calendar.between(today, on, Counter.SCHOOL_DAYS) <= CANNOT_WAIT:
            found.add(step_id)
    return found


def _remember(session: Session, letters: Iterable[tuple[str, list[Mark]]], today: date) -> None:
    """Write down each rung that went into a mail, so that it goes once."""
    rows = {(mark.step_id, address, mark.name, mark.since): None for address, marks in letters for mark in marks}
    at = {"on": today, "at": clock.now()}
    insert_rows(
        session,
        Reminder,
        [
            {"step_id": step_id, "address": address, "rung": rung, "aim_on": since, **at}
            for step_id, address, rung, since in rows
        ],
    )
