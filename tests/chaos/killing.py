"""One morning with processes that are killed all the time: reminding first, then delivering."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from time import monotonic, sleep

from outreach import clock
from outreach.notifications.delivery import LEASE
from tests.chaos.nodes import Nodes
from tests.chaos.sink import Killer
from tests.chaos.world import World, at, unstamped

POINTS = ("time", "asked", "text", "accepted", "accepted")
"""Where a delivery is killed: at a random moment, or when the server was asked, had the text, had just accepted."""


@dataclass
class Killed:
    """How often, where, and what came of it."""

    kills: Counter[str] = field(default_factory=Counter)
    mails: int = 0
    lost: int = 0
    copies: int = 0
    windows: int = 0
    unexplained: int = 0

    @property
    def total(self) -> int:
        """All kills."""
        return sum(self.kills.values())

    def in_words(self) -> str:
        """The counts, for the page of figures."""
        where = ", ".join(f"{count} {point}" for point, count in sorted(self.kills.items()))
        return (
            f"{self.total} kills ({where}): {self.mails} mails, {self.lost} lost, {self.copies} copies "
            f"({self.windows} kills fell between acceptance and our commit), {self.unexplained} copies unexplained"
        )


class Mornings:
    """The same Thursday over and over, each time on an empty outbox."""

    def __init__(self, world: World, nodes: Nodes, chance: Random) -> None:
        self.world = world
        self.nodes = nodes
        self.chance = chance
        self.count = Killed()
        self.expected = self._undisturbed()

    def _undisturbed(self) -> tuple[int, int, int]:
        """What the sweep finds when nobody is killed, and how long it and the post take."""
        begun = monotonic()
        assert self._remind() == 0
        self.remind_seconds = monotonic() - begun
        expected = self.world.said()
        begun = monotonic()
        assert self._deliver(at(8, 10)) == 0
        self.deliver_seconds = monotonic() - begun
        assert self.world.states() == {"sent": expected[0]}
        self._forget()
        return expected

    def pass_by(self, reminding: int, delivering: int) -> None:
        """One morning with so many kills; afterwards everything is where it should be."""
        for _ in range(reminding):
            self._kill_reminding()
        assert self._remind() == 0
        assert self.world.said() == self.expected, "each digest once and whole, each rung once"
        moment = at(8, 10)
        for _ in range(delivering):
            if not self._kill_delivering(moment):
                break
            moment += LEASE + timedelta(minutes=1)
        assert self._deliver(moment) == 0
        self._settle()

    def _kill_reminding(self) -> None:
        pid = self.nodes.start("remind", "--at", clock.local(at(8, 5)).isoformat())
        sleep(self.chance.uniform(0, self.remind_seconds * 1.2))
        if self.nodes.kill(pid):
            self.count.kills["reminding"] += self.nodes.wait(pid) == -9
        assert self.world.said() in ((0, 0, 0), self.expected), "all of the sweep, or nothing"

    def _kill_delivering(self, moment) -> bool:
        """Whether it was killed, or had nothing to do any more."""
        point = self.chance.choice(POINTS)
        waiting = self.expected[0] - self.world.states()["sent"]
        if not waiting:
            return False
        pids: list[int] = []
        most = self.deliver_seconds if point == "time" else min(8, waiting)
        after = self.chance.uniform(0.02, most) if point == "time" else self.chance.randint(1, int(most))
        killer = Killer(lambda: bool(pids) and self.nodes.kill(pids[0]), point, after)
        self.world.sink.watch = killer
        pids.append(self.nodes.start("deliver", "--at", clock.local(moment).isoformat()))
        killer.wait()
        code = self.nodes.wait(pids[0])
        self.world.sink.watch = lambda _point: None
        if code == -9:
            self.count.kills[point] += 1
        return True

    def _settle(self) -> None:
        sink, outbox = self.world.sink, self.world.outbox()
        sink.settle()
        lost = self.world.lost()
        self.count.mails += len(outbox)
        self.count.lost += len(lost)
        self.count.copies += sum(sink.copies().values())
        self.count.windows += sum(sink.windows.values())
        self.count.unexplained += len(sink.unexplained())
        assert lost == []
        assert sink.unexplained() == {}
        assert sink.accepted.keys() == {message for _, message in outbox.values()}
        assert unstamped(sink) == set()
        self._forget()

    def _forget(self) -> None:
        self.world.forget()
        sink = self.world.sink
        sink.settle()
        for ledger in (sink.accepted, sink.windows, sink.moods, sink.received):
            ledger.clear()

    def _remind(self) -> int:
        return self.nodes.run("remind", "--at", clock.local(at(8, 5)).isoformat())

    def _deliver(self, moment) -> int:
        return self.nodes.run("deliver", "--at", clock.local(moment).isoformat())
