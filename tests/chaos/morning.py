"""A morning on which several nodes tick and deliver, are killed and started again, and mail keeps coming in."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from time import monotonic, sleep
from typing import Any

from sqlalchemy.exc import DBAPIError

from outreach import clock
from outreach.extensions import db
from tests.chaos.nodes import Nodes
from tests.chaos.world import World, at, unstamped

_DONE = re.compile(r"job_done\s.*?job=(\w+).*?slot=(\S+)")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


ROUGHLY = timedelta(minutes=20)
"""Between the writing of a mail and its acceptance, on a busy machine; wrong clocks are off by an hour and more."""


@dataclass(frozen=True)
class Course:
    """How such a morning goes: so many real seconds, each so many of the nodes' own; how far off their clocks are."""

    seconds: float
    speed: float
    off: Sequence[float]
    kill_every: float
    shock: Callable[[], None] | None = None
    shock_every: float = 0.0

    @property
    def start(self) -> datetime:
        """Two minutes before working hours."""
        return at(7, 58)


@dataclass
class Seen:
    """What was counted."""

    kills: int = 0
    shocks: int = 0
    queued: int = 0
    slots: int = 0
    reminded: int = 0

    def in_words(self, world: World, off: Sequence[float]) -> str:
        """The counts, for the page of figures."""
        sink = world.sink
        ends = sum(sink.windows.values())
        clocks = ", ".join(f"{seconds / 3600:+.0f} h" for seconds in off)
        shocks = f", {self.shocks} restarts of the database" if self.shocks else ""
        return (
            f"{len(off)} nodes (clocks {clocks}), {self.kills} kills{shocks}, {self.slots} job slots: "
            f"{len(world.outbox())} mails ({self.reminded} reminders), {len(world.lost())} lost, "
            f"{sum(sink.copies().values())} copies ({ends} ends between acceptance and our commit), "
            f"{len(sink.unexplained())} copies unexplained"
        )


def live(world: World, course: Course, chance: Random) -> Seen:
    """Let it happen; at the end everything is delivered, and looked at."""
    seen = Seen()
    stop = threading.Event()
    feeding = threading.Thread(target=_feed, args=(world, seen, stop))
    with world.nodes() as nodes:
        _warm_up(world, nodes)
        began = monotonic()
        how = {"speed": course.speed, "began": began, "start": course.start.isoformat()}
        running = [_node(world, nodes, how, off) for off in course.off]
        feeding.start()
        _disturb(world, nodes, course, seen, chance, running, how, began)
        stop.set()
        feeding.join()
        for pid in running:
            nodes.kill(pid)
            nodes.wait(pid)
        ended = course.start + timedelta(seconds=(monotonic() - began) * course.speed)
        world.sink.settle()
        wrong = _at_a_wrong_time(world, course, began)
        _finish(nodes, ended)
        seen.slots = _slots_once(nodes.said())
        seen.reminded = sum(address.endswith("example.test") for address in world.outbox())
        _look(world, nodes)
    assert wrong == []
    return seen


def _warm_up(world: World, nodes: Nodes) -> None:
    """The morning begins when the program is loaded: a node of the middle of the night, killed at once."""
    night = _node(world, nodes, {"speed": 1.0, "began": monotonic(), "start": at(3).isoformat()}, 0.0)
    nodes.kill(night)
    nodes.wait(night)


def _node(world: World, nodes: Nodes, how: dict[str, Any], off: float) -> int:
    has_clock = world.app.config["SETTINGS"].database_url.startswith("postgresql")
    return nodes.start(tick={**how, "off": off, "database_has_a_clock": has_clock})


def _disturb(
    world: World,
    nodes: Nodes,
    course: Course,
    seen: Seen,
    chance: Random,
    running: list[int],
    how: dict[str, Any],
    began: float,
) -> None:
    next_shock = began + course.shock_every
    while monotonic() - began < course.seconds:
        sleep(course.kill_every * chance.uniform(0.5, 1.5))
        place = chance.randrange(len(running))
        seen.kills += nodes.kill(running[place])
        nodes.wait(running[place])
        running[place] = _node(world, nodes, how, course.off[place])
        if course.shock and monotonic() > next_shock:
            course.shock()
            seen.shocks += 1
            next_shock = monotonic() + course.shock_every


def _feed(world: World, seen: Seen, stop: threading.Event) -> None:
    """Mail of every kind keeps coming in, for ten hosts."""
    while not stop.wait(0.2):
        numbers = range(seen.queued, seen.queued + 5)
        try:
            world.queue([f"p{number}@h{number % 10}.example" for number in numbers])
            seen.queued += 5
        except DBAPIError:
            with world.app.app_context():
                db.engine.dispose()


def _finish(nodes: Nodes, ended: datetime) -> None:
    """Nobody is killed any more: when the leases are over, what is left goes out."""
    for minutes in (0, 6, 12, 18):
        moment = clock.local(ended + timedelta(minutes=minutes))
        assert nodes.run("deliver", "--at", moment.isoformat()) == 0


def _slots_once(said: str) -> int:
    """How many slots were finished; none twice."""
    done = Counter(_DONE.findall(_ANSI.sub("", said)))
    assert {slot: count for slot, count in done.items() if count > 1} == {}
    return len(done)


def _look(world: World, nodes: Nodes) -> None:
    sink = world.sink
    sink.settle()
    assert world.lost() == []
    assert sink.unexplained() == {}
    assert unstamped(sink) == set()
    assert world.broken(nodes) == []


def _at_a_wrong_time(world: World, course: Course, began: float) -> list[str]:
    """Reminders that came before eight, or mails dated otherwise than they came: a wrong clock was believed."""
    found = []
    for mail, arrived in zip(world.sink.received, world.sink.arrived, strict=True):
        came = course.start + timedelta(seconds=(arrived - began) * course.speed)
        reminder = mail.recipient.endswith("example.test")
        if abs(mail.message["Date"].datetime - came) > ROUGHLY or (reminder and came < at(8)):
            found.append(f"{mail.recipient} at {came:%H:%M}")
    return found
