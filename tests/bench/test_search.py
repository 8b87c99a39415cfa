"""Looking for one child among 100,000 open cases: by two common names, two rare ones, a birth date, or in vain."""

from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import select

from outreach import clock
from outreach.accounts.actors import Actor, actor_for
from outreach.accounts.models import Membership
from outreach.cases.queries.search import search_cases
from outreach.extensions import db
from tests.bench.conftest import Filled, say
from tests.bench.naming import names_of

pytestmark = pytest.mark.bench

WORKER = 417


def actor_of(person_id: int) -> Actor:
    """Somebody, acting for their organisation."""
    return actor_for(db.session.scalars(select(Membership).where(Membership.person_id == person_id)).one())


def test_searching_among_100_000_open_cases(filled: Filled) -> None:
    """By a worker with a hundred visits, and by a coordinator of four thousand cases."""
    own = next(number for number in range(WORKER * 100 + 1, WORKER * 100 + 101) if number % 3)
    first, last = names_of(own)
    asked = {
        "two common names": "Muhammad Elamrani",
        "a rare name": f"{last} {first}",
        "a name and a date": f"{first} 10/3/{filled.flanders.today.year - 4}",
        "a slip": f"{first} {last[:-2]}x",
        "nobody": "Wolfgang Amadeus Strauss",
    }
    with filled.app.app_context(), clock.at(filled.now):
        people = {"worker": filled.flanders.person(WORKER), "coordinator": filled.flanders.person(-10)}
        for who, person_id in people.items():
            actor = actor_of(person_id)
            for what, words in asked.items():
                times, shown = [], 0
                for _ in range(15):
                    db.session.rollback()
                    began = perf_counter()
                    shown = len(search_cases(db.session, actor, words).shown)
                    times.append(perf_counter() - began)
                say(f"search, {filled.database}, {who}, {what}: p50 {median(times) * 1000:.0f} ms, {shown} shown")
