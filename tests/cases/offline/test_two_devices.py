"""Two phones and an office, in any order, over HTTP: every word typed is current, in the history or in the inbox."""

import json
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Membership
from outreach.accounts.sessions import open_session
from outreach.cases.commands.family import set_language
from outreach.cases.commands.planning import pause_step, plan_visit
from outreach.cases.models import Attempt, Case, ConflictItem, Event, Note, Report, Step
from outreach.cases.models.step import IS_LIVING
from outreach.children.models import Child
from outreach.errors import Refused
from tests.cases.offline.conftest import visit_today
from tests.cases.offline.phone import Phone
from tests.cases.offline.test_merged_stories import AGREED, colleague
from tests.cases.routes.conftest import READ, Visitor
from tests.ground.field import Field, make_field

OUTCOMES = ("nobody_reached", "wants_school", "wrong_address", "spoke_with_somebody_else")
LANGUAGES = ("tr", "so", "ar", "fr")


class Town:
    """One family, two phones, an office; and every word that was typed."""

    def __init__(self, app: Flask, session: Session, field: Field) -> None:
        self.app, self.session, self.field = app, session, field
        self.case = visit_today(field, "Milan", date(2022, 3, 10))
        people = [field.worker, colleague(field)]
        self.phones = [Phone(self._visitor(actor)) for actor in people]
        self.waiting: list[tuple[Phone, dict[str, Any]]] = []
        self.typed: list[tuple[str, str]] = []

    def _visitor(self, actor: Actor) -> Visitor:
        self.session.rollback()
        membership = self.session.get_one(Membership, actor.membership_id)
        token = open_session(self.session, membership=membership)
        self.session.commit()
        return Visitor(self.app, token)

    def meet(self, name: str) -> None:
        """Another family; nobody goes to the one before any more."""
        self.session.rollback()
        old = select(Step).where(Step.case_id == self.case.id, IS_LIVING)
        for step in self.session.scalars(old, execution_options=READ):
            step.person_id = None
        self.case = visit_today(self.field, name, date(2022, 3, 10))
        self.typed.clear()
        for phone in self.phones:
            phone.visits = {}

    def act(self, chance: Random) -> None:
        """Somebody does something."""
        phone = chance.choice(self.phones)
        kind = chance.choice(["take", "type", "type", "send", "send", "office"])
        if kind == "take" or not phone.visits:
            self._give_to(phone)
            phone.take_along()
        elif kind == "type":
            self._type(phone, chance)
        elif kind == "send" and self.waiting:
            self._send(self.waiting.pop(chance.randrange(len(self.waiting))), chance)
        elif kind == "office":
            self._office(chance)

    def _give_to(self, phone: Phone) -> None:
        """The visit is on the list of whose phone it is, today."""
        self.session.rollback()
        living = select(Step).where(Step.case_id == self.case.id, Step.key == "home_visit", IS_LIVING)
        step = self.session.scalars(living, execution_options=READ).one_or_none()
        if step is not None:
            step.person_id, step.planned_on, step.state = int(phone.hello["person"]), clock.today(), "open"
        self.session.commit()

    def _type(self, phone: Phone, chance: Random) -> None:
        if self.case.reference not in phone.visits:
            return
        word = f"woord-{chance.randrange(10**9)}"
        said = {"outcome": chance.choice(OUTCOMES), "language": chance.choice(LANGUAGES), "language_was": ""}
        more = {"note": word, "spoke_with": "mother", **AGREED}
        self.waiting.append((phone, phone.report(self.case.reference, **said, **more)))
        self.typed += [("outcome", said["outcome"]), ("language", said["language"]), ("note", word)]

    def _send(self, sealed: tuple[Phone, dict[str, Any]], chance: Random) -> None:
        phone, draft = sealed
        for _ in range(chance.choice((1, 1, 2))):
            answer = phone.send(draft)
            assert answer.status_code == 200, answer.text

    def _office(self, chance: Random) -> None:
        self.session.rollback()
        case = self.session.get_one(Case, self.case.id, execution_options=READ)
        step = self.session.scalars(
            select(Step).where(Step.case_id == case.id, IS_LIVING).limit(1), execution_options=READ
        ).one()
        lies = self.field.coordinator
        try:
            if chance.random() < 0.4:
                spoken = chance.choice(LANGUAGES)
                set_language(self.session, case, language=spoken, by=lies)
                self.typed.append(("language", spoken))
            elif chance.random() < 0.5:
                plan_visit(self.session, case, step, on=clock.today() + timedelta(days=2), by=lies)
            else:
                until = clock.today() + timedelta(days=9)
                pause_step(self.session, case, step, reason="family_away", until_on=until, remark=None, by=lies)
        except Refused:
            self.session.rollback()
        self.session.commit()

    def known(self) -> set[tuple[str, str]]:
        """Everything that stands, stood, or waits for a person."""
        self.session.rollback()
        found = {("outcome", one.outcome) for one in self._all(Report)}
        found |= {("note", one.text) for one in self._all(Note)}
        for attempt in self._all(Attempt):
            found.add(("language", attempt.language or ""))
        child = self.session.get_one(Child, self.case.child_id, execution_options=READ)
        found.add(("language", child.language or ""))
        for event in self._all(Event):
            if event.kind == "language_noted":
                found.add(("language", json.loads(event.personal or "{}").get("after", "")))
        for item in self._all(ConflictItem):
            for side in (json.loads(item.mine), json.loads(item.theirs)):
                found |= {(name, str(value)) for name, value in side.items()}
        return found

    def _all(self, model: Any) -> list[Any]:
        return list(self.session.scalars(select(model), execution_options=READ))


@pytest.fixture
def town(app: Flask, session: Session) -> Town:
    made = make_field(session)
    _ = made.coordinator, made.worker, made.guide, made.school
    session.commit()
    return Town(app, session, made)


def told(town: Town, chance: Random, steps: int) -> None:
    for _ in range(steps):
        town.act(chance)
    while town.waiting:
        town._send(town.waiting.pop(), chance)
    lost = set(town.typed) - town.known()
    assert lost == set()


def stories(town: Town, numbers: range) -> None:
    """Each story goes on in the same town with a family of its own."""
    for number in numbers:
        if number:
            town.meet(f"Kind{number}")
        told(town, Random(f"two devices {number}"), 4)


def test_two_phones_and_an_office_lose_nothing(town: Town) -> None:
    stories(town, range(12))


@pytest.mark.deep
def test_nor_in_two_hundred_random_interleavings(town: Town) -> None:
    stories(town, range(200))
