"""A mail server that keeps a ledger: how often it accepted each Message-ID, and who died before knowing that it had."""

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from time import monotonic, sleep
from typing import Any

from aiosmtpd.smtp import SMTP

from tests.ground.smtp import Received, SmtpServer

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)

GREYLISTS, DROPS, LOSES, CLOSES = "grijs.example", "valt.example", "kwijt.example", "sluit.example"
"""Hosts whose first mail is put off, dropped after it was accepted, dropped before that, hung up on before its text."""


class _Conversation(SMTP):
    """One connection: `unsure` is the mail whose acceptance its sender has not been seen to act upon."""

    unsure: str | None = None

    def connection_made(self, transport: Any) -> None:
        self.event_handler.open.add(id(self))
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        sink: Sink = self.event_handler
        if self.unsure is not None:
            sink.windows[self.unsure] += 1
        sink.open.discard(id(self))  # last: who waits for the end of all connections then reads the windows
        super().connection_lost(error)


@dataclass
class Sink(SmtpServer):
    """`watch` is told of each point in a conversation, in the server's thread: `asked`, `text`, `accepted`."""

    protocol = _Conversation
    accepted: Counter[str] = field(default_factory=Counter)
    windows: Counter[str] = field(default_factory=Counter)
    moods: Counter[str] = field(default_factory=Counter)
    arrived: list[float] = field(default_factory=list)
    """When each of `received` was accepted, by the counter that all processes share."""
    open: set[int] = field(default_factory=set)
    chance: Random = field(default_factory=lambda: Random(4))
    watch: Callable[[str], None] = lambda _point: None

    def copies(self) -> dict[str, int]:
        """How often each mail came once more than it should."""
        return {message: count - 1 for message, count in self.accepted.items() if count > 1}

    def unexplained(self) -> dict[str, int]:
        """Copies beyond the connections that ended between our acceptance and the sender's next word."""
        return {message: more for message, more in self.copies().items() if more > self.windows[message]}

    def settle(self) -> None:
        """Wait until every connection's end was seen."""
        until = monotonic() + 30
        while self.open and monotonic() < until:
            sleep(0.02)
        assert not self.open

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        server.unsure = None
        return await super().handle_MAIL(server, session, envelope, address, options)

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        server.unsure = None
        return "221 Bye"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        self.watch("asked")
        host = address.rpartition("@")[2]
        self.moods[address] += 1
        if host == GREYLISTS and self.moods[address] == 1:
            return "451 4.7.1 greylisted"
        if host == CLOSES and self.moods[address] == 1:
            server.transport.abort()
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        host, first = address.rpartition("@")[2], self.moods[address] == 1
        if host == LOSES and first:
            server.transport.abort()
            return "250 never heard"
        found = _MESSAGE_ID.search(envelope.content)
        assert found is not None
        server.unsure = found[1].decode()
        self.accepted[server.unsure] += 1
        self.received.append(Received(address, envelope.content))
        self.arrived.append(monotonic())
        self.watch("text")
        if host == DROPS and first:
            server.transport.abort()
            return "250 never heard"
        asyncio.get_running_loop().call_later(self.chance.uniform(0, 0.006), self.watch, "accepted")
        return "250 OK"


class Killer:
    """Kills a process when a chosen point has come by so many times, or after a while."""

    def __init__(self, kill: Callable[[], bool], point: str, after: float) -> None:
        self.kill = kill
        self.point = point
        self.after = after
        self.hit = False

    def __call__(self, point: str) -> None:
        """A point came by."""
        if point == self.point:
            self.after -= 1
            if self.after <= 0:
                self._strike()

    def wait(self) -> None:
        """By time, when that is how it kills."""
        if self.point == "time":
            threading.Timer(self.after, self._strike).start()

    def _strike(self) -> None:
        self.hit = self.kill() or self.hit
