"""Several nodes on one PostgreSQL, or one on SQLite, killed and started again, on machines whose clocks are off."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from time import sleep

import pytest
from flask import Flask

from outreach import clock, schema
from outreach.accounts.actors import ensure_builtins
from outreach.application import create_app
from outreach.extensions import db
from outreach.notifications.delivery import LEASE
from tests.chaos.morning import Course, live
from tests.chaos.sink import Killer, Sink
from tests.chaos.world import World, at
from tests.conftest import IMPORT_DAY, make_settings
from tests.ground import cluster

HOUR = 3600.0
CLOCKS = {1: (0.0,), 2: (HOUR, 0.0), 4: (0.0, HOUR, -HOUR, 26 * HOUR)}


def is_postgres(world: World) -> bool:
    """Whether several nodes may work here."""
    return world.app.config["SETTINGS"].database_url.startswith("postgresql")


@pytest.mark.chaos
@pytest.mark.parametrize("count", [1, 2, 4])
def test_nodes_killed_every_few_seconds(world: World, say, count: int) -> None:
    if count > 1 and not is_postgres(world):
        pytest.skip("on SQLite there is one node")
    world.fill(people=20, steps=2)
    off = CLOCKS[count] if is_postgres(world) else (0.0,)
    seen = live(world, Course(seconds=75, speed=30, off=off, kill_every=2.5), Random(count))
    say(f"{'postgresql' if is_postgres(world) else 'sqlite'}: {seen.in_words(world, off)}")
    assert seen.slots
    assert seen.reminded >= 20


def test_nodes_for_a_moment(world: World) -> None:
    """A short sample: two nodes, one an hour ahead; on SQLite one."""
    world.fill(people=3, steps=1)
    off = CLOCKS[2] if is_postgres(world) else (0.0,)
    live(world, Course(seconds=5, speed=60, off=off, kill_every=2), Random(1))


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[Flask, cluster.Cluster]]:
    """The application on a PostgreSQL server of its own, which can be restarted."""
    server = cluster.start(keeps_commits=True)
    app = create_app(make_settings(tmp_path, server.url))
    with clock.at(IMPORT_DAY), app.app_context():
        schema.upgrade()
        ensure_builtins(db.session)
        db.session.commit()
        yield app, server
        db.session.close()
        db.engine.dispose()
    server.stop()


@pytest.mark.chaos
def test_the_database_restarts_under_two_nodes(own_server: tuple[Flask, cluster.Cluster], tmp_path: Path, say) -> None:
    app, server = own_server
    sink = Sink().start()
    world = World(app, sink, tmp_path)
    world.fill(people=20, steps=2)
    off = CLOCKS[2]
    course = Course(seconds=45, speed=20, off=off, kill_every=6, shock=server.restart, shock_every=7)
    try:
        seen = live(world, course, Random(5))
        say(f"postgresql: {seen.in_words(world, off)}")
    finally:
        sink.stop()
    assert seen.shocks >= 3


def test_a_node_that_was_frozen_past_its_lease_sends_nothing_that_others_sent_meanwhile(world: World) -> None:
    """Frozen right after an acceptance: that mail comes once more, with its Message-ID; no other does."""
    world.queue([f"p{number}@h.example" for number in range(8)])
    pids: list[int] = []
    with world.nodes() as nodes:
        world.sink.watch = Killer(lambda: bool(os.kill(pids[0], signal.SIGSTOP)), "text", 3)
        words = ("deliver", "--at", clock.local(at(8, 10)).isoformat())
        pids.append(nodes.start(*words, batch_seconds=0.5))
        while len(world.sink.received) < 3:
            sleep(0.02)
        world.sink.watch = lambda _point: None
        later = clock.local(at(8, 10) + LEASE + timedelta(minutes=1))
        assert nodes.run("deliver", "--at", later.isoformat()) == 0
        os.kill(pids[0], signal.SIGCONT)
        assert nodes.wait(pids[0]) == 0
        assert world.lost() == []
        assert sum(world.sink.copies().values()) == 1
        assert "letter_taken_over_while_sending" in nodes.said()
