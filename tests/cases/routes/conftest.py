"""The pages of cases as people use them: somebody signed in, who reads a page and fills in what stands on it."""

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Membership
from outreach.accounts.sessions import open_session
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.models import Case, Step
from outreach.database import seen_by
from tests.conftest import Browser
from tests.ground.field import Field, make_field

READ = seen_by("test")


class Filled(HTMLParser):
    """The fields of the form on a page, with what stands in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, Any] = {}
        self._select: str | None = None
        self._area: str | None = None
        self._forms = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self._forms += 1
        if tag == "input" and name:
            ticks = given.get("type") in ("radio", "checkbox")
            if not ticks or "checked" in given:
                self.fields[name] = given.get("value") or ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.fields[self._select] = given.get("value") or ""
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data.lstrip("\n")


class Visitor:
    """Somebody in front of a screen."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.browser = Browser(app, app.response_class)
        if token:
            with self.browser.session_transaction() as cookie:
                cookie["_user_id"] = token
                cookie["_fresh"] = True

    def get(self, url: str) -> TestResponse:
        """Open a page."""
        return self.browser.get(url)

    def read(self, url: str) -> str:
        """The words of a page that must be there."""
        page = self.get(url)
        assert page.status_code == 200, (url, page.status_code)
        return unescape(page.text)

    def open_form(self, url: str) -> dict[str, Any]:
        """What stands in the form of a page, hidden fields too."""
        return Filled(self.read(url)).fields

    def fill(self, url: str, **typed: Any) -> TestResponse:
        """Open a page, fill in the form and send it."""
        return self.send(url, {**self.open_form(url), **typed})

    def send(self, url: str, fields: dict[str, Any]) -> TestResponse:
        """Send a form, empty fields of choices left out as a browser does."""
        return self.browser.post(url, data={key: value for key, value in fields.items() if value is not None})


@pytest.fixture
def field(session: Session) -> Field:
    """Gent, with Lies, Wim, Hanne and Sofie."""
    made = make_field(session)
    _ = made.coordinator, made.worker, made.guide, made.school
    session.commit()
    return made


@pytest.fixture
def enter(app: Flask, session: Session) -> Callable[[Actor | None], Visitor]:
    """Sign somebody in without typing."""

    def enter(actor: Actor | None) -> Visitor:
        if actor is None:
            return Visitor(app, None)
        session.rollback()  # a read that is still open could not be turned into a write
        membership = session.scalars(select(Membership).where(Membership.id == actor.membership_id)).one()
        token = open_session(session, membership=membership)
        session.commit()
        return Visitor(app, token)

    return enter


def newest(session: Session, case: Case) -> Step:
    """The newest step of a case, as the database has it now."""
    session.rollback()
    statement = select(Step).where(Step.case_id == case.id).order_by(Step.number.desc()).limit(1)
    step: Step = session.scalars(statement, execution_options=READ).one()
    session.expunge(step)
    session.rollback()
    return step


def at_home_visit(field: Field, first_name: str = "Milan", born_on: date = date(2022, 3, 10)) -> Case:
    """A case whose visit is Wim's."""
    case = field.case(first_name, born_on)
    facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
    step = _last(field, case)
    report_outcome(field.session, case, step, outcome="assign", facts=facts, by=field.coordinator)
    field.session.commit()
    return case


def at_school_choice(field: Field, know: str = "yes", agree: str = "yes", **more: Any) -> Case:
    """A family that wants school; Huis van het Kind has the choice."""
    case = at_home_visit(field, **more)
    facts = {"parents_know": know, "parents_agree": agree}
    occasion = Occasion(channel="door", at=clock.now() - timedelta(minutes=5))
    record_home_visit(
        field.session, [Visited(case, _last(field, case), "wants_school", facts)], occasion, by=field.worker
    )
    field.session.commit()
    return case


def at_welcome(field: Field, **more: Any) -> Case:
    """A child enrolled at De Linde, to be welcomed."""
    case = at_school_choice(field, **more)
    facts = {
        "school": field.organisations["de-linde"].id,
        "entry_day": date(2027, 1, 4),
        "parents_know": "yes",
        "parents_agree": "yes",
    }
    report_outcome(field.session, case, _last(field, case), outcome="enrolled", facts=facts, by=field.guide)
    field.session.commit()
    return case


def _last(field: Field, case: Case) -> Step:
    field.session.flush()
    statement = select(Step).where(Step.case_id == case.id).order_by(Step.number.desc()).limit(1)
    return field.session.scalars(statement, execution_options=READ).one()
