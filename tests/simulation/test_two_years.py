"""Two school years of an area of 400 children, day by day, with people as they are: what their mail was like."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

import pytest
from flask import Flask
from flask_mail import Message
from sqlalchemy import func, select

from outreach import clock
from outreach.cases.commands.reminding import remind
from outreach.cases.models import Step
from outreach.cases.queries.still_true import dead_lines
from outreach.cases.workflow import processes
from outreach.children.models import Child
from outreach.database import transaction
from outreach.extensions import db
from outreach.notifications.delivery import deliver
from outreach.scheduler.post import office_of
from outreach.schoolyear import Counter, SchoolCalendar
from tests.conftest import empty
from tests.journeys.promises import READ
from tests.simulation.acting import Day, at_hour
from tests.simulation.area import LISTS, Area, make_area
from tests.simulation.watching import Watch

_TICKS = ((6, 30), (8, 0), (9, 15), (13, 0), (16, 45), (19, 0))
"""When the clock ticks and the post goes; people work after the third and the fourth."""

_WORK_AFTER = ((9, 15), (13, 0))


class Sink:
    """The mail transport, which here is somebody who reads each mail."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    @contextmanager
    def session(self) -> Iterator["Sink"]:
        """As long as a pass lasts."""
        yield self

    def send(self, message: Message, *, meanwhile: Callable[[], None]) -> None:
        """It leaves, while the next one is written."""
        meanwhile()
        with db.sessionmaker() as session:
            self.watch.read(session, str(message.msgId).strip("<>").partition("@")[0])


def play(app: Flask, first: date, last: date, seed: int, ticks: Sequence[tuple[int, int]] = _TICKS) -> Watch:
    """Everything that happens from a first to a last day."""
    watch, chance = Watch(), Random(seed)
    office = office_of(app.config["SETTINGS"])
    with clock.at(at_hour(first, 6)), transaction(db.session):
        area = make_area(db.session, chance)
    today = first
    while today <= last:
        for hour, minute in ticks:
            moment = at_hour(today, hour, minute)
            with clock.at(moment):
                with transaction(db.session):
                    remind(db.session)
                deliver(db.sessionmaker, Sink(watch), office, dead_lines=dead_lines)  # type: ignore[arg-type]
            if (hour, minute) in _WORK_AFTER:
                _work(area, today, hour, watch)
        with clock.at(at_hour(today, 20)):
            watch.end_of_day(db.session, today)
            db.session.rollback()
        today += timedelta(days=1)
    return watch


def _work(area: Area, today: date, hour: int, watch: Watch) -> None:
    """What people do between two ticks of a working day."""
    if not SchoolCalendar().counts(today, Counter.WORKING_DAYS):
        return
    with clock.at(at_hour(today, hour, 40)), transaction(db.session):
        day = Day(db.session, area)
        if today in LISTS and hour < 12:
            day.receive(LISTS[today])
        day.go_away()
        watch.counts["done"] += day.do_what_is_due()
    db.session.expire_all()


def told(watch: Watch) -> str:
    """The counts, one a line."""
    return "\n".join(f"{count:7,} {what}" for what, count in sorted(watch.counts.items()))


def asked_by_radar() -> int:
    """How often somebody was asked how a step stands."""
    asked = select(func.count()).select_from(Step).where(Step.key == processes().noticed("silence").key)
    return db.session.scalar(asked, execution_options=READ) or 0


@pytest.fixture
def embedded(sqlite_app: Flask) -> Iterator[Flask]:
    """The application on an empty embedded database."""
    empty(sqlite_app)
    with sqlite_app.app_context():
        yield sqlite_app


def test_an_autumn_in_which_nobody_is_mailed_out_of_turn(embedded: Flask) -> None:
    """A sample of the two years: from the first list to All Saints."""
    watch = play(embedded, date(2026, 9, 1), date(2026, 11, 2), seed=1)
    assert watch.faults == []
    assert watch.counts["digest"] > 100, told(watch)
    assert asked_by_radar() > 0


@pytest.mark.deep
def test_two_school_years(embedded: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    """From 1 September 2026 to 31 August 2028."""
    watch = play(embedded, date(2026, 9, 1), date(2028, 8, 31), seed=2)
    children = db.session.scalar(select(func.count()).select_from(Child), execution_options=READ)
    assert children == sum(LISTS.values()) == 400
    with capsys.disabled():
        print(f"\nTwo school years, 400 children:\n{told(watch)}")
    print(f"{len(watch.faults)} faults")
    assert watch.faults[:20] == []
    assert watch.counts["digest"] > 1_000
    assert watch.counts["too late, told before"] > 50
    assert asked_by_radar() > 10
