"""A visit that is Wim's, calendars that subscribe to somebody's days, and a colleague who could come along."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import vobject
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.feeds import make_feed
from outreach.accounts.models import Membership
from outreach.cases.models import Case, Event, Step
from tests.cases.routes.conftest import READ, at_home_visit, at_school_choice, at_welcome, enter, field
from tests.conftest import Browser
from tests.ground.field import Field

__all__ = ["READ", "at_home_visit", "at_school_choice", "at_welcome", "enter", "field"]

IN_A_WEEK = timedelta(days=7)


class Subscribed:
    """A calendar program that knows a link and nothing else."""

    def __init__(self, app: Flask, token: str) -> None:
        self.url = f"/calendar/{token}.ics"
        self.browser = Browser(app, app.response_class)

    def get(self, **headers: str) -> TestResponse:
        """Ask once."""
        return self.browser.get(self.url, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def events(self) -> dict[str, Any]:
        """What it shows, read by a parser that is not ours: by the part of the uid that says what it is."""
        answer = self.get()
        assert answer.status_code == 200, answer.text
        found = vobject.readOne(answer.text, validate=True).contents.get("vevent", [])
        return {event.uid.value.partition("@")[0]: event for event in found}

    def summaries(self) -> list[str]:
        """The lines one reads in the calendar."""
        return [event.summary.value for event in self.events().values()]


Subscribe = Callable[[Actor], Subscribed]


def step_of(session: Session, case: Case) -> Step:
    """The newest step of a case."""
    session.flush()
    statement = select(Step).where(Step.case_id == case.id).order_by(Step.number.desc()).limit(1)
    return session.scalars(statement, execution_options=READ).one()


def kinds(session: Session, case: Case) -> list[str]:
    """What happened in a case."""
    statement = select(Event.kind).where(Event.case_id == case.id).order_by(Event.seq)
    return list(session.scalars(statement, execution_options=READ))


def membership_of(session: Session, actor: Actor) -> Membership:
    """The place somebody works."""
    return session.get_one(Membership, actor.membership_id)


def link_in(page: str) -> str:
    """The token in the address a page shows."""
    address = page.partition('id="new-link" value="')[2].partition('"')[0]
    return urlsplit(address).path.removeprefix("/calendar/").removesuffix(".ics")


@pytest.fixture
def case(field: Field) -> Case:
    """Milan, whose visit is Wim's."""
    return at_home_visit(field)


@pytest.fixture
def subscribe(app: Flask, session: Session) -> Subscribe:
    """Let a calendar subscribe to somebody's days."""

    def made(actor: Actor) -> Subscribed:
        token = make_feed(session, membership=membership_of(session, actor), by=actor)
        session.commit()
        return Subscribed(app, token)

    return made


def soon(days: int = 7) -> date:
    """A day that is still to come."""
    return clock.today() + timedelta(days=days)
