"""The clock of the post room in strange nights: both changes of the hour, the new year, and days when nothing ran."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.reporting import report_outcome
from outreach.extensions import db
from outreach.notifications.models import OutboxMessage
from outreach.scheduler.jobs import JOBS
from outreach.scheduler.ticking import Ticker
from tests.cases.commands.test_one_child import last_step
from tests.ground.field import Field, make_field

REMIND = next(job for job in JOBS if job.name == "remind")


def late_from(field: Field, session: Session, given_on: date, aim_on: date) -> None:
    """Wim gets two visits that should be done by a day."""
    with clock.at(clock.moment_of(given_on, 10)):
        for name in ("Milan", "Noor"):
            case = field.case(name, date(given_on.year - 4, 3, 10))
            facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
            report_outcome(session, case, last_step(session, case), outcome="assign", facts=facts, by=field.coordinator)
        session.commit()


def ticks(app: Flask, first: datetime, last: datetime) -> Iterator[tuple[datetime, OutboxMessage]]:
    """Two nodes tick every quarter of an hour; each mail that comes into being, and when."""
    nodes, known = [Ticker(app, [REMIND]), Ticker(app, [REMIND])], set()
    moment = first
    while moment <= last:
        with clock.at(moment):
            for node in nodes:
                node.tick(REMIND)
        with db.sessionmaker() as session:
            for mail in session.scalars(select(OutboxMessage)):
                if mail.id not in known:
                    known.add(mail.id)
                    yield moment, mail
        moment += timedelta(minutes=15)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (date(2028, 3, 24), date(2028, 3, 27)),
        (date(2026, 10, 23), date(2026, 10, 26)),
        (date(2026, 12, 31), date(2027, 1, 4)),
    ],
    ids=["spring", "autumn", "new year"],
)
def test_no_mail_in_a_strange_night_and_none_twice_around_it(
    app: Flask, session: Session, before: date, after: date
) -> None:
    field = make_field(session)
    late_from(field, session, before - timedelta(days=24), before - timedelta(days=10))
    seen = list(ticks(app, clock.moment_of(before, 18), clock.moment_of(after, 18)))
    assert {clock.local(moment).date() for moment, _ in seen} == {after}
    assert all(8 <= clock.local(moment).hour < 17 for moment, _ in seen)
    assert len({mail.address for _, mail in seen}) == len(seen)
    assert {mail.digest_on for _, mail in seen} == {after}


def test_after_three_days_down_there_is_one_digest_not_three(app: Flask, session: Session) -> None:
    field = make_field(session)
    late_from(field, session, date(2026, 12, 15), date(2027, 1, 11))
    back = date(2027, 1, 15)
    seen = list(ticks(app, clock.moment_of(back, 9, 40), clock.moment_of(back, 16)))
    to_wim = [mail for _, mail in seen if mail.address == "wim@example.test"]
    assert [mail.digest_on for mail in to_wim] == [back]
