"""The past as a dry run of the ladder plays it, beside the reminders that really went out in an area at work."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from outreach import clock
from outreach.cases.commands.reminding.replaying import Stage, dry_run
from outreach.cases.models import Reminder
from outreach.cases.queries.ladders import default_ladder
from outreach.cases.queries.replayed import RUNGS
from outreach.cases.queries.step_histories import step_histories
from outreach.extensions import db
from outreach.partners.models import Area
from tests.conftest import empty
from tests.journeys.promises import READ
from tests.simulation.acting import at_hour
from tests.simulation.test_two_years import play

TICKS = tuple((hour, 15 if hour == 9 else 0) for hour in (6, *range(8, 17)))
"""Every hour, as the dry run counts; people work after nine and at one."""

FIRST, LAST = date(2026, 9, 1), date(2026, 10, 16)

ENOUGH = 0.98
"""So much of what really went out the dry run must find again, and so little may it invent."""


@pytest.fixture
def embedded(sqlite_app: Flask) -> Iterator[Flask]:
    """The application on an empty embedded database."""
    empty(sqlite_app)
    with sqlite_app.app_context():
        yield sqlite_app


def test_the_past_is_played_as_it_was(embedded: Flask) -> None:
    """Seven weeks of 60 children with people who report, plan, pause, hand over, ask aside and go away."""
    play(embedded, FIRST, LAST, seed=1, ticks=TICKS)
    session = db.session
    with clock.at(at_hour(date(2026, 10, 17), 10)):
        area = session.scalars(select(Area).order_by(Area.id)).first()
        assert area is not None
        found = dry_run(session, area, present=default_ladder(), proposed=default_ladder())
        stage = Stage(session, area, step_histories(session, area.id, FIRST))
        [played] = stage.runs(FIRST, LAST, [default_ladder()], set())
    rungs = set().union(*played.sent.values())
    rows = session.scalars(select(Reminder).where(Reminder.rung.in_(RUNGS)), execution_options=READ).all()
    really = {(row.step_id, row.address, row.rung, row.aim_on): row.on for row in rows}
    mails = {(address, day) for address, days in played.days.items() for day in days}
    mails_really = {(key[1], on) for key, on in really.items()}
    print(f"{len(rungs & really.keys())} of {len(really)} rungs, {len(rungs - really.keys())} invented")
    print(
        f"{len(mails & mails_really)} of {len(mails_really)} mails on their day, {len(mails - mails_really)} on another"
    )
    assert len(mails_really) > 60
    assert len(rungs & really.keys()) >= ENOUGH * len(really)
    assert len(rungs - really.keys()) <= (1 - ENOUGH) * len(really)
    assert len(mails & mails_really) >= ENOUGH * len(mails_really)
    assert found.past.now == found.past.then
    assert abs(sum(found.past.now.values()) - sum(found.really.values())) <= (1 - ENOUGH) * len(mails_really) + 1
