"""Ten weeks of work, day by day, by the real commands with the clock moved."""

from collections.abc import Iterator
from datetime import date, timedelta

from outreach import clock
from outreach.database import transaction
from outreach.scheduler.jobs import JOBS
from outreach.schoolyear import SchoolCalendar
from outreach.training.commands import note_progress
from outreach.training.world.days import attending, choosing, coordinating, visiting, welcoming
from outreach.training.world.lists import Incoming
from outreach.training.world.loading import load, load_of_schools
from outreach.training.world.reports import IncomingReports
from outreach.training.world.scene import Scene

PARTNERS = (coordinating, visiting, choosing, welcoming, attending)
"""Whose day is played, in this order."""


def play(scene: Scene, lists: list[Incoming], reports: list[IncomingReports], monday: date) -> None:
    """Every working day from the first list up to yesterday: mail in the morning, then work."""
    days = list(_working_days(monday, scene.today))
    for number, day in enumerate(days):
        _morning(day)
        with clock.at(clock.moment_of(day, 9)), transaction(scene.session):
            note_progress(scene.session, 99 * number // len(days))
            for incoming in lists:
                if incoming.on == day:
                    load(scene.session, incoming)
            for told in reports:
                if told.on == day:
                    load_of_schools(scene.session, told)
            for partner in PARTNERS:
                partner.play(scene)


def _working_days(first: date, until: date) -> Iterator[date]:
    """The days people work, the last one not included."""
    calendar = SchoolCalendar()
    for offset in range((until - first).days):
        day = first + timedelta(days=offset)
        if calendar.is_working_day(day):
            yield day


def _morning(day: date) -> None:
    """Eight o'clock: every job of the clock has its turn; steps wake, reminders are queued, the post goes out."""
    with clock.at(clock.moment_of(day, 8)):
        for job in JOBS:
            job.work(lambda: False)
