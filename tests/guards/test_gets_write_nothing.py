"""Looking changes nothing: a GET writes the reading row, last-seen, and of a calendar when it last asked."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, select

from outreach import clock
from outreach.accounts.models import CalendarFeed, Reading, SignInSession
from outreach.database import metadata, seen_by
from outreach.extensions import db

from .access_world import Who, World, made_world
from .test_access import ANSWER, endpoints, expected_of, url_of

LOOKERS = (
    Who("coordinator", "lead"),
    Who("worker", "own"),
    Who("school-contact", "own"),
    Who("clb", "asked"),
    Who("team-lead", "own"),
    Who("administrator", "own"),
    Who("agodi", "lead"),
)
"""Between them they may open every page but those of `OPENED_ELSEWHERE`."""

OPENED_ELSEWHERE = {"attendance.pupil", "attendance.sheet"}
"""A kleuter of a school, which this world does not have: tests/attendance/test_pupil.py."""

Contents = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made_world(tmp_path_factory.mktemp("looking")) as world:
        yield world


def contents(world: World, *, without: frozenset[Table] = frozenset()) -> Contents:
    """Every row of every table, but last-seen, and what a calendar found when it last asked."""
    feed = CalendarFeed.__table__.c
    seen = {SignInSession.__table__.c.last_seen_at, feed.fetched_at, feed.content_digest, feed.changed_at}
    with world.app.app_context():
        found = {
            table.name: [
                tuple(row) for row in db.session.execute(_rows(table, seen), execution_options=seen_by("test"))
            ]
            for table in metadata.sorted_tables
            if table not in without
        }
        db.session.close()
    return found


def _rows(table: Table, left_out: set[Any]) -> object:
    return select(*(column for column in table.c if column not in left_out)).order_by(*table.primary_key)


def test_a_get_writes_nothing_but_the_reading_row_and_last_seen(world: World) -> None:
    readings = frozenset({Reading.__table__})
    before = contents(world, without=readings)
    opened: set[str] = set()
    with clock.at(clock.now() + timedelta(minutes=6)):  # so that last-seen is due, too
        for rule, method in endpoints(world.app):
            if method != "GET":
                continue
            for who in LOOKERS:
                if expected_of(world, rule, who) == ANSWER:
                    world.browser(who).get(url_of(world, rule), buffered=True)
                    opened.add(rule.endpoint)
            assert contents(world, without=readings) == before, f"GET {rule.rule} ({rule.endpoint}) changed something"
    asked = {rule.endpoint for rule, method in endpoints(world.app) if method == "GET"}
    assert opened == asked - OPENED_ELSEWHERE


def test_reading_a_case_is_written_down_once_an_hour(world: World) -> None:
    worker = world.browser(Who("worker", "own"))
    reference = str(world.values["open.reference"])
    with clock.at(clock.now() + timedelta(hours=2)):
        before = readings_of(world, reference)
        for _ in range(3):
            assert worker.get(f"/cases/{reference}").status_code == 200
        assert readings_of(world, reference) == before + 1
    with clock.at(clock.now() + timedelta(hours=3)):
        assert worker.get(f"/cases/{reference}").status_code == 200
        assert readings_of(world, reference) == before + 2


def readings_of(world: World, reference: str) -> int:
    """How often this case was read."""
    subject = f"case:{reference.replace('-', '')}"
    with world.app.app_context():
        rows = db.session.scalars(select(Reading.subject)).all()
        db.session.close()
    return sum(row.replace("-", "") == subject for row in rows)


def test_a_case_one_may_not_see_leaves_no_reading(world: World) -> None:
    reference = str(world.values["open.reference"])
    before = readings_of(world, reference)
    assert world.browser(Who("worker", "other area")).get(f"/cases/{reference}").status_code == 404
    assert readings_of(world, reference) == before
