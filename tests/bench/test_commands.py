"""Visits recorded a second, on 100,000 open cases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, actor_for
from outreach.accounts.models import Membership
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.models import Attempt, Case, Step
from outreach.cases.queries.finding import find_case
from outreach.database import seen_by, transaction
from outreach.extensions import db
from tests.bench.conftest import Filled, say
from tests.bench.dataset import OPEN_PER_WORKER, reference

pytestmark = pytest.mark.bench
READ = seen_by("bench")
VISITS = 500


@contextmanager
def at_work(filled: Filled) -> Iterator[Session]:
    """The session of this process, at that morning."""
    with filled.app.app_context(), clock.at(filled.now):
        yield db.session


def actor(session: Session, person_id: int) -> Actor:
    """Somebody acting for their team."""
    found = actor_for(session.scalars(select(Membership).where(Membership.person_id == person_id)).one())
    session.rollback()
    return found


def test_visits_recorded(filled: Filled) -> None:
    """Fetched as somebody who may see it, recorded and committed, one after the other in one process."""
    with at_work(filled) as session:
        workers = [VISITS + n for n in range(5)]
        actors = {worker: actor(session, filled.flanders.person(worker)) for worker in workers}
        before = session.scalar(select(func.count()).select_from(Attempt), execution_options=READ)
        numbers = [worker * OPEN_PER_WORKER + 1 + n for worker in workers for n in range(VISITS // len(workers))]
        began = perf_counter()
        for number in numbers:
            _visit(session, number, actors[(number - 1) // OPEN_PER_WORKER])
        taken = perf_counter() - began
        after = session.scalar(select(func.count()).select_from(Attempt), execution_options=READ)
        session.rollback()
    assert after == before + VISITS
    say(f"visits, {filled.database}: {VISITS / taken:.0f}/s ({VISITS} of them, each its own transaction)")


def _visit(session: Session, number: int, by: Actor) -> None:
    with transaction(session):
        case = find_case(session, by, reference(number), for_change=True)
        assert isinstance(case, Case)
        step = session.get_one(Step, 2 * number, execution_options=READ)
        occasion = Occasion("door", clock.now() - timedelta(hours=1), language="ar")
        record_home_visit(session, [Visited(case, step, "nobody_reached")], occasion, by=by)
    session.expunge_all()
