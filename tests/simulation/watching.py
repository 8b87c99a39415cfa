"""Somebody who reads every mail as it leaves, and every day which dates went by: what reminders promise, counted."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.models import Membership, Person, Substitution
from outreach.cases.models import Case, Reminder, Step
from outreach.notifications.models import DIGEST, REMINDERS, URGENT, OutboxLine, OutboxMessage
from outreach.partners.calendars import calendar_for
from outreach.partners.models import SCHOOL, Area, Closing, Organisation
from outreach.schoolyear import Counter as Days, SchoolCalendar
from tests.journeys.promises import READ

_OWN = ("late", "soon", "quiet", "new")
"""Groups of lines that are about the reader's own steps."""

_LADDER = ("before_aim", "late", "team_lead", "coordinator")
"""Rungs that tell the owner of a date; that a step is new for them is no reminder."""

AWAKE_FOR = 5


@dataclass
class Watch:
    """What was seen in two years. `faults` must stay empty."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _per_day: Counter[tuple[str, str, date]] = field(default_factory=Counter)
    _awake: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def read(self, session: Session, message_id: str) -> None:
        """A mail leaves now."""
        row = session.scalars(select(OutboxMessage).where(OutboxMessage.message_id == message_id)).one()
        if row.kind not in REMINDERS:
            self.counts[row.kind] += 1
            return
        self.counts[row.kind] += 1
        now = clock.now()
        self._once(row, clock.local(now).date())
        self._in_hours(session, row, now)
        lines = session.scalars(
            select(OutboxLine).where(OutboxLine.outbox_message_id == row.id, OutboxLine.withdrawn_at.is_(None))
        ).all()
        if not lines:
            self.faults.append(f"empty {row.kind} to {row.address} at {now}")
        for line in lines:
            self._true(session, row, line, now)

    def _once(self, row: OutboxMessage, today: date) -> None:
        self._per_day[row.kind, row.address, today] += 1
        if self._per_day[row.kind, row.address, today] > 1:
            self.faults.append(f"second {row.kind} to {row.address} on {today}")

    def _in_hours(self, session: Session, row: OutboxMessage, now: datetime) -> None:
        """Some organisation the receiver acts for works at this hour of this day."""
        places = _places(session, row.address, clock.local(now).date())
        if not any(_works(session, place, now) for place in places):
            self.faults.append(f"{row.kind} to {row.address} at {clock.local(now)}: nobody works")

    def _true(self, session: Session, row: OutboxMessage, line: OutboxLine, now: datetime) -> None:
        about, _, number = line.about.partition(":")
        if about != "step" or not number.isdecimal():
            return
        self.counts[f"line {line.key}"] += 1
        step = session.get_one(Step, int(number), execution_options=READ)
        ended = line.key == "step_answered"
        if step.state != "open" and not ended:
            self.faults.append(f"{line.key} about step {step.id} that is {step.state}, to {row.address}, {now}")
        if line.group_key in _OWN and not ended and row.address not in _owners(session, step, clock.today()):
            self.faults.append(f"{line.key} about step {step.id} to {row.address}, who does not have it, {now}")

    def end_of_day(self, session: Session, today: date) -> None:
        """Which too-late dates are reached today, and was somebody told of them before the day is over?"""
        statement = (
            select(Step, Case, Organisation.kind)
            .join(Case, Case.id == Step.case_id)
            .join(Organisation, Organisation.id == Step.organisation_id)
            .where(Step.state == "open")
        )
        open_now = set()
        for step, case, kind in session.execute(statement, execution_options=READ):
            calendar = calendar_for(session, case.area_id, step.organisation_id)
            open_now.add(step.id)
            if calendar.counts(today, Days(step.counter)) and not (kind == SCHOOL and _school_sleeps(today, calendar)):
                self._awake[step.id] += 1
            if step.too_late_on == today:
                self._lost(session, step)
        for gone in self._awake.keys() - open_now:
            del self._awake[gone]

    def _lost(self, session: Session, step: Step) -> None:
        if self._awake[step.id] <= AWAKE_FOR:
            self.counts["too late within five days of opening"] += 1
            return
        climbed = select(Reminder).where(Reminder.step_id == step.id, Reminder.rung.in_(_LADDER))
        told = session.scalars(climbed, execution_options=READ).all()
        if any(each.on < (step.too_late_on or date.max) for each in told):
            self.counts["too late, told before"] += 1
            return
        if step.new_aim_at is not None:
            self.counts["too late, the owner moved the aim to that day"] += 1
            return
        self.faults.append(f"step {step.id} ({step.key}) too late on {step.too_late_on}, aim {step.aim_on}, silent")


def _owners(session: Session, step: Step, today: date) -> set[str]:
    """Every address that may be written to as owner of a step; when there is none, the area's coordinators."""
    organisation = session.get_one(Organisation, step.organisation_id)
    found = {organisation.mailbox}
    people, asked = {step.person_id} - {None}, {step.person_id} - {None}
    while asked:  # whoever stands in may be away too
        standing_in = select(Substitution.substitute_id).where(
            Substitution.person_id.in_(asked),
            Substitution.organisation_id == step.organisation_id,
            Substitution.from_on <= today,
            Substitution.until_on >= today,
        )
        asked = set(session.scalars(standing_in)) - people
        people |= asked
    found |= {session.get_one(Person, person_id).email for person_id in people}
    written = {address for address in found if address}
    return written or set(session.scalars(_coordinators(session.get_one(Area, step.area_id).coordinator_id)))


def _coordinators(organisation_id: int) -> Select[str]:
    return (
        select(Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id, Membership.role == "coordinator")
    )


def _places(session: Session, address: str, today: date) -> list[Organisation]:
    own = select(Organisation).where(Organisation.mailbox == address)
    member = (
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.email == address, Membership.ended_at.is_(None), Membership.from_on <= today)
    )
    return [*session.scalars(own), *session.scalars(member)]


def _works(session: Session, place: Organisation, now: datetime) -> bool:
    local = clock.local(now)
    today = local.date()
    days = [0, 1, 2, 3, 4] if place.working_days is None else place.working_days
    closed = session.scalars(
        select(Closing.id).where(
            Closing.organisation_id == place.id, Closing.from_on <= today, Closing.until_on >= today
        )
    ).first()
    asleep = place.kind == SCHOOL and _school_sleeps(today, SchoolCalendar())
    working: Any = SchoolCalendar().counts(today, Days.WORKING_DAYS)
    hours = (place.opens_hour or 8) <= local.hour < (place.closes_hour or 17)
    return bool(working and today.weekday() in days and closed is None and hours and not asleep)


def _school_sleeps(today: date, calendar: SchoolCalendar) -> bool:
    """July, August, and September until its third school day."""
    return today.month in (7, 8) or (today.month == 9 and today < calendar.nth_school_day(today.year, 3))


__all__ = ["DIGEST", "URGENT", "Watch"]
