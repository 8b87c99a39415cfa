"""A post room to break: people with late steps, letters that wait, and what must be true of both afterwards."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Reminder
from outreach.database import seen_by, transaction
from outreach.extensions import db
from outreach.notifications.commands import Digest, queue_digests
from outreach.notifications.lines import Line
from outreach.notifications.models import OutboxLine, OutboxMessage
from outreach.scheduler.models import JobRun
from tests.cases.commands.test_one_child import last_step
from tests.chaos.nodes import Nodes
from tests.chaos.sink import Sink
from tests.conftest import _FIELD_KEYS
from tests.ground.field import make_field

THURSDAY = date(2027, 1, 14)
"""Two days after the aim of every visit here."""

READ = seen_by("chaos")


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of that Thursday."""
    return clock.moment_of(THURSDAY, hour, minute)


@dataclass
class World:
    """The database the processes work on, and the server they hand their mail to."""

    app: Flask
    sink: Sink
    folder: Path

    @contextmanager
    def nodes(self, **settings: str) -> Iterator[Nodes]:
        """Processes with the settings of this world."""
        given = self.app.config["SETTINGS"]
        environment = {
            "OUTREACH_DATA_DIR": str(self.folder),
            "OUTREACH_DATABASE_URL": given.database_url,
            "OUTREACH_SECRET_KEY": given.secret_key,
            "OUTREACH_FIELD_KEYS": _FIELD_KEYS,
            "OUTREACH_SMTP_URL": self.sink.url,
            **settings,
        }
        with Nodes(environment, self.folder / "log") as nodes:
            yield nodes

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session of the test, beside those of the processes."""
        with self.app.app_context(), db.sessionmaker() as session:
            yield session

    def fill(self, people: int, steps: int) -> None:
        """So many people, each with so many visits that are late on Thursday."""
        field = make_field(db.session)
        assert field.coordinator
        for number in range(people):
            somebody = field.person(f"W{number}", "de-brug", "worker")
            for each in range(steps):
                case = field.case(f"Kind{number}-{each}", date(2022, 3, 10))
                facts = {"organisation": field.organisations["de-brug"].id, "person": somebody.person_id}
                step = last_step(db.session, case)
                report_outcome(db.session, case, step, outcome="assign", facts=facts, by=field.coordinator)
        db.session.commit()

    def forget(self) -> None:
        """As if no mail had ever been thought of."""
        with self.session() as session, transaction(session):
            for model in (OutboxLine, OutboxMessage, Reminder, JobRun):
                session.execute(delete(model))

    def queue(self, addresses: list[str]) -> None:
        """Digests about something that no step can make untrue."""
        line = Line("help", "team:school:late", "team_late", {"kind": "school", "count": 2, "path": "/areas"})
        with self.session() as session, transaction(session):
            queue_digests(session, [Digest(address, "nl", THURSDAY, [line]) for address in addresses])

    def outbox(self) -> dict[str, tuple[str, str]]:
        """State and Message-ID of every mail, by address; each address has one."""
        with self.session() as session:
            columns = (OutboxMessage.address, OutboxMessage.state, OutboxMessage.message_id)
            rows = session.execute(select(*columns)).all()
        assert len({row.address for row in rows}) == len(rows)
        return {row.address: (row.state, f"<{row.message_id}@localhost>") for row in rows}

    def states(self) -> Counter[str]:
        """How many mails are in each state."""
        return Counter(state for state, _ in self.outbox().values())

    def said(self) -> tuple[int, int, int]:
        """How many mails, lines and rungs there are."""
        with self.session() as session:
            counts = [
                session.scalar(select(func.count()).select_from(model), execution_options=READ)
                for model in (OutboxMessage, OutboxLine, Reminder)
            ]
        return counts[0] or 0, counts[1] or 0, counts[2] or 0

    def lost(self) -> list[str]:
        """Addresses whose mail is called sent and never came, or is not sent at all."""
        return [
            address
            for address, (state, message) in self.outbox().items()
            if state != "sent" or not self.sink.accepted[message]
        ]

    def broken(self, nodes: Nodes) -> list[str]:
        """What `outreach verify` finds."""
        log = nodes.log
        nodes.log = log.with_name("verify")
        nodes.run("verify", "--json")
        answer = json.loads(nodes.said().strip().splitlines()[-1])
        nodes.log.unlink()
        nodes.log = log
        return [each["key"] for each in answer["checks"] if not each["ok"]]


def unstamped(sink: Sink) -> set[str]:
    """Addresses that got mails with different Message-IDs."""
    by_address: dict[str, set[str]] = {}
    for mail in sink.received:
        by_address.setdefault(mail.recipient, set()).add(str(mail.message["Message-ID"]))
    return {address for address, known in by_address.items() if len(known) > 1}
