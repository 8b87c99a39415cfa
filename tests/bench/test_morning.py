"""The morning run from the first statement to the last mail, beside the bare SQL and the bare SMTP loop of the same
run: 60,000 open steps of 500 people, and 400,000 of 5,000."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.application import create_app
from outreach.cases.commands.reminding import Swept, remind
from outreach.cases.queries.still_true import dead_lines
from outreach.database import transaction
from outreach.extensions import db
from outreach.notifications.claims import Claimed
from outreach.notifications.delivery import deliver
from outreach.notifications.letters import write
from outreach.notifications.models import SENT, OutboxMessage
from outreach.notifications.queries import living_lines
from outreach.notifications.transport import MailServer, Transport
from outreach.scheduler.post import office_of
from outreach.schema import upgrade
from outreach.schoolyear import Counter, SchoolCalendar
from tests.bench.conftest import Filled, say, second_database
from tests.bench.dataset import Flanders, fill_open_steps
from tests.bench.sink import Mail, send_barely, sink
from tests.conftest import empty, make_settings

pytestmark = pytest.mark.bench

_FOUND = """
SELECT person.email, track.process, step."key", step.number, "case".reference, step.aim_on, step.too_late_on
FROM step
JOIN track ON track.id = step.track_id
JOIN "case" ON "case".id = step.case_id
JOIN organisation ON organisation.id = step.organisation_id
JOIN person ON person.id = step.person_id
JOIN membership ON membership.person_id = person.id AND membership.organisation_id = step.organisation_id
WHERE step.state = 'open' AND step.aim_on < :today AND NOT EXISTS (
  SELECT 1 FROM reminder
  WHERE reminder.step_id = step.id AND reminder.address = person.email AND reminder.aim_on = step.aim_on
)
ORDER BY person.email, step.aim_on
"""
"""What is late and was not told before, by reader: no ladder, no calendar, no substitute, nothing written."""


class Size(NamedTuple):
    """People in each of fifty teams, open visits of each, of how many one is late."""

    name: str
    workers: int
    each: int
    late_one_in: int


class Taken(NamedTuple):
    """Seconds on the wall, and of this process on the processor."""

    wall: float
    user: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} s (user {self.user:.1f})"


@contextmanager
def timed(into: list[Taken]) -> Iterator[None]:
    """How long the block took."""
    began, user = perf_counter(), os.times().user
    yield
    into.append(Taken(perf_counter() - began, os.times().user - user))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'morning.db'}"
    else:
        with second_database(request.getfixturevalue("postgres_url")) as second:
            yield second


@pytest.mark.parametrize("size", [Size("small", 10, 120, 12), Size("large", 100, 80, 8)], ids=lambda size: size.name)
def test_morning(url: str, size: Size, tmp_path: Path) -> None:
    """Found, composed, queued and sent; the second run queues nothing."""
    filled = written(url, size, tmp_path)
    bare: list[Taken] = []
    ours: list[Taken] = []
    with filled.app.app_context(), clock.at(filled.now), sink() as port:
        for _ in range(2):
            bare_sql(db.session, filled, bare)
        first, second = swept(ours), swept(ours)
        sent(filled, port, ours)
        mails = written_out(filled)
        with timed(bare), db.engine.connect().execution_options(outreach_writes=True) as connection:
            send_barely(port, mails, marking(connection))
        db.session.close()
        db.engine.dispose()
    queued = first.digests_queued + first.urgent_queued
    assert second.digests_queued == second.urgent_queued == 0
    assert len(mails) == queued
    where = f"morning, {size.name}, {filled.database}"
    say(f"{where}: {ours[0]} for {first.steps_considered:,} open, {first.steps_due:,} due, {queued:,} mails queued")
    say(f"{where}: bare SQL {bare[0]}, warm {bare[1]}: {ours[0].wall / bare[1].wall:.1f} x; second run {ours[1]}")
    rate, barely = queued / ours[2].wall, queued / bare[2].wall
    say(f"{where}: delivery {rate:.0f} mails/s, {ours[2]}; bare loop {barely:.0f}/s, {bare[2]}: {rate / barely:.0%}")
    say(f"{where}: all of it, everything sent, {ours[0].wall + ours[2].wall:.1f} s")


def written(url: str, size: Size, folder: Path) -> Filled:
    """The application on a database with so many open steps, at five past eight on the next working day."""
    app = create_app(make_settings(folder, url))
    day = SchoolCalendar().on_or_after(clock.today(), Counter.WORKING_DAYS)
    with app.app_context():
        upgrade()
    empty(app)
    with app.app_context():
        by_id = builtin(db.session, "import").person_id
        flanders = Flanders(clock.moment_of(day, 8, 5), by_id, size.workers, size.each, size.late_one_in)
        db.session.rollback()
        with db.engine.connect().execution_options(outreach_writes=True) as connection:
            fill_open_steps(connection, flanders)
            connection.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "ANALYZE"))
        return Filled(app, db.engine.dialect.name, flanders)


def bare_sql(session: Session, filled: Filled, into: list[Taken]) -> None:
    """The yardstick: one statement, rows as the driver gives them."""
    with timed(into):
        rows = session.connection().execute(
            text(_FOUND), {"today": filled.flanders.today.isoformat()}, execution_options={"seen_by": "bench"}
        )
        found = rows.all()
    session.rollback()
    assert len(found) == filled.flanders.cases // filled.flanders.late_one_in


def swept(into: list[Taken]) -> Swept:
    """One run of the sweep, committed."""
    with timed(into), transaction(db.session):
        return remind(db.session)


def sent(filled: Filled, port: int, into: list[Taken]) -> None:
    """Everything that waits, as the scheduler sends it."""
    transport = Transport(MailServer.parse(f"smtp://127.0.0.1:{port}"))
    with timed(into):
        tally = deliver(db.sessionmaker, transport, office_of(filled.app.config["SETTINGS"]), dead_lines=dead_lines)
    assert tally.sent == tally.claimed > 0


def written_out(filled: Filled) -> list[Mail]:
    """The mails that were sent, as they went."""
    office = office_of(filled.app.config["SETTINGS"])
    columns = [getattr(OutboxMessage, name) for name in _OF_A_CLAIM]
    rows = db.session.execute(select(*columns).where(OutboxMessage.state == SENT).order_by(OutboxMessage.id)).all()
    lines = living_lines(db.session, [row.id for row in rows])
    db.session.rollback()
    letters = (Claimed(**row._mapping, lines=lines[row.id]) for row in rows)
    return [Mail(letter.id, letter.address, write(letter, office).as_bytes()) for letter in letters]


_OF_A_CLAIM = ("id", "kind", "address", "language", "message_id", "digest_on", "attempts", "not_after_at", "host")


def marking(connection: Connection) -> Callable[[int], Any]:
    """One UPDATE and one commit for each mail, by the driver alone; as durable as ours."""
    cursor: Any = connection.connection.cursor()
    holder = "?" if connection.dialect.name == "sqlite" else "%s"
    statement = f"UPDATE outbox_message SET sent_at = {holder} WHERE id = {holder}"
    now = clock.now().isoformat()

    def mark(message_id: int) -> None:
        if connection.dialect.name == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(statement, (now, message_id))
        connection.connection.commit()

    return mark
