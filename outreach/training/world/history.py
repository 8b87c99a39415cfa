"""Ten weeks of work, day by day, by the real commands with the clock moved."""

from collections.abc import Iterator
from datetime import date, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.cases.commands.waking import wake_steps
from outreach.cases.sweep import remind
from outreach.database import transaction
from outreach.scheduler.post import deliver_due
from outreach.schoolyear import SchoolCalendar
from outreach.training.commands import note_progress
from outreach.training.world.days import choosing, coordinating, visiting, welcoming
from outreach.training.world.lists import Incoming
from outreach.training.world.loading import load
from outreach.training.world.scene import Scene

PARTNERS = (coordinating, visiting, choosing, welcoming)
"""Whose day is played, in this order."""


def play(scene: Scene, lists: list[Incoming], monday: date) -> None:
    """Every working day from the first list up to yesterday: mail in the morning, then work."""
    days = list(_working_days(monday, scene.today))
    for number, day in enumerate(days):
        _morning(scene.session, day)
        with clock.at(clock.moment_of(day, 9)), transaction(scene.session):
            note_progress(scene.session, 99 * number // len(days))
            for incoming in lists:
                if incoming.on == day:
                    load(scene.session, incoming)
            for partner in PARTNERS:
                partner.play(scene)


def _working_days(first: date, until: date) -> Iterator[date]:
    """The days people work, the last one not included."""
    calendar = SchoolCalendar()
    for offset in range((until - first).days):
        day = first + timedelta(days=offset)
        if calendar.is_working_day(day):
            yield day


def _morning(session: Session, day: date) -> None:
    """Eight o'clock: sleeping steps wake, reminders are queued, and the post goes out."""
    at = clock.moment_of(day, 8)
    with clock.at(at):
        with transaction(session):
            wake_steps(session, by=builtin(session, "clock"))
            remind(session, at)
        deliver_due(current_app.config["SETTINGS"])
