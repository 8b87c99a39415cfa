"""An outbox on both databases, a post office, and people whose names must never travel by mail."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from outreach import clock
from outreach.database import transaction
from outreach.extensions import db
from outreach.notifications.commands import Digest, normalised, queue_digests
from outreach.notifications.delivery import Tally, deliver
from outreach.notifications.letters import Office
from outreach.notifications.lines import Line
from outreach.notifications.transport import MailServer, Transport
from tests.ground.smtp import SmtpServer

MORNING = datetime(2027, 1, 5, 7, 0, tzinfo=UTC)
"""The Tuesday after the Christmas holiday, eight o'clock in Brussels."""
TUESDAY = date(2027, 1, 5)

STEP_LABELS = {"nl": "Contact en huisbezoek", "fr": "Contact et visite à domicile", "en": "Contact and home visit"}

OFFICE = Office(
    "Outreach <outreach@gent.example>",
    "https://outreach.example",
    lambda process, step, language: {"enrolment/home_visit": STEP_LABELS}[f"{process}/{step}"][language],
)

Sessions = sessionmaker[Session]


def late_step(number: int, *, key: str = "step_late", group: str = "late", reference: str = "K7M4P-2") -> Line:
    """The line of a late home visit."""
    return Line(
        group,
        f"step:{number}:{group}",
        key,
        {
            "reference": reference,
            "process": "enrolment",
            "step": "home_visit",
            "on": date(2026, 12, 22),
            "path": f"/cases/{reference}/steps/{number}",
        },
    )


@pytest.fixture
def sessions(app: Flask) -> Iterator[Sessions]:
    """Sessions on an outbox that is empty."""
    with clock.at(MORNING):
        yield db.sessionmaker


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    """The clock stands at eight on Tuesday."""
    with clock.at(MORNING):
        yield


@pytest.fixture
def post(app: Flask, sessions: Sessions, smtp_server: SmtpServer) -> Callable[..., Tally]:
    """One delivery pass to the test's mail server (or another `url`), at any moment."""

    def passes(at: datetime = MORNING, url: str | None = None, **options: Any) -> Tally:
        with app.app_context(), clock.at(at):
            transport = Transport(MailServer.parse(url or smtp_server.url))
            return deliver(sessions, transport, OFFICE, **options)

    return passes


@pytest.fixture
def queue(sessions: Sessions) -> Callable[..., int | None]:
    """Queue a digest with late steps for somebody."""

    def queues(address: str, *lines: Line, language: str = "nl", on: date = TUESDAY, **more: Any) -> int | None:
        with sessions() as session, transaction(session):
            queued = queue_digests(session, [Digest(address, language, on, lines or [late_step(812)], **more)])
            return queued.messages.get(normalised(address))

    return queues
