"""One pass over the outbox: claim, write, hand in, mark. No transaction is open while the mail server is talked to."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session
from structlog import get_logger

from outreach import clock
from outreach.database import transaction
from outreach.notifications import claims
from outreach.notifications.addresses import mark_wrong
from outreach.notifications.claims import Claimed
from outreach.notifications.letters import Office
from outreach.notifications.lines import LivingLine
from outreach.notifications.mime import Letter
from outreach.notifications.models import REMINDERS
from outreach.notifications.transport import ServerDownError, Transport, UndeliveredError
from outreach.notifications.writing_ahead import CANNOT_BE_WRITTEN, WritingAhead

log = get_logger()

DeadLines = Callable[[Session, Sequence[tuple[str, Sequence[LivingLine]]]], set[int]]
"""Which lines of these letters (address, lines) are no longer true; only the rooms above can know."""

LEASE = timedelta(minutes=10)
"""How long a claimed letter is left to its deliverer; after that another may take it over."""

_BATCH = 100
_BATCH_SECONDS = 120
"""No mail of a batch is begun later than this: the slowest one still ends well within the lease."""

_STRIKES, _SLOW_SECONDS = 3, 5
"""So many answers in a row of "not now", and a host is left in peace for some minutes; so many that took this long, and
the others go first."""

_LOST_CONNECTIONS = 5
"""After so many lost connections in a row, over mails to several hosts, the server is left alone until the next pass;
over mails to one host it is that host which is left in peace."""

_INSIST_SECONDS = (1, 2, 4, 8, 15, 30)
"""How long to wait before writing down once more that a mail was sent, while the database is away or the disk full."""


@dataclass
class Tally:
    """What one pass did; `claimed` = sent + retry + failed."""

    claimed: int = 0
    sent: int = 0
    retry: int = 0
    failed: int = 0

    def as_dict(self) -> dict[str, int]:
        """As `deliver --json` prints it."""
        return asdict(self)


def deliver(
    sessions: Callable[[], Session],
    transport: Transport,
    office: Office,
    *,
    dead_lines: DeadLines = lambda _session, _letters: set(),
    stopping: Callable[[], bool] = lambda: False,
) -> Tally:
    """Send what is due and tell what became of it; any number of processes may do so at once.

    Needs an application context (Flask-Mail). A process killed anywhere loses nothing: its letters are taken over when
    the lease ends; one whose acceptance was not yet written down goes out again with the same Message-ID.
    """
    with sessions() as session, transport.session():
        postman = _Postman(session, transport, WritingAhead(office), dead_lines, stopping)
        while not stopping() and postman.deliver_batch():
            pass
    return postman.tally


class _Postman:
    """One pass: its owner's name, its connection, its count."""

    def __init__(
        self,
        session: Session,
        transport: Transport,
        desk: WritingAhead,
        dead_lines: DeadLines,
        stopping: Callable[[], bool],
    ) -> None:
        self.session = session
        self.transport = transport
        self.desk = desk
        self.dead_lines = dead_lines
        self.stopping = stopping
        self.owner = uuid.uuid4().hex
        self.tally = Tally()
        self.lost: list[str] = []
        self.refusals: Counter[str] = Counter()
        self.delays: Counter[str] = Counter()

    @property
    def tired(self) -> set[str]:
        """Hosts that get no more mail in this pass; mail to others goes on."""
        return _struck(self.refusals)

    @property
    def slow(self) -> set[str]:
        """Hosts whose mail waits until nothing else does."""
        return _struck(self.delays)

    @property
    def _is_cut_off(self) -> bool:
        """Whether it is the server that hangs up, whoever the mail is for."""
        return len(self.lost) >= _LOST_CONNECTIONS and len(set(self.lost)) > 1

    def deliver_batch(self) -> bool:
        """Claim and deliver one batch: whether going on makes sense."""
        at = clock.now()
        with transaction(self.session):
            until = at + LEASE
            without = self.tired | self.slow
            claimed = claims.claim(self.session, owner=self.owner, at=at, until=until, limit=_BATCH, without=without)
            batch = self._only_true(claimed)
        begun = time.monotonic()
        self.desk.begin([letter for letter in batch if _says_something(letter)])
        for position, letter in enumerate(batch):
            if self._must_stop(begun):
                return self._release(batch[position:])
            if letter.host in self.tired | self.slow:
                self._leave(letter)
                continue
            try:
                self._deliver(letter)
            except ServerDownError as down:
                return self._postpone(batch[position:], down)
        return self._has_more(batch) and not self._is_cut_off

    def _has_more(self, batch: list[Claimed]) -> bool:
        """When all others have had theirs, it is the turn of the slow ones again."""
        if not batch and self.slow:
            self.delays.clear()
            return True
        return bool(batch)

    def _only_true(self, claimed: list[Claimed]) -> list[Claimed]:
        """The letters without the lines that stopped being true since they were queued."""
        dead = self.dead_lines(self.session, [(letter.address, letter.lines) for letter in claimed if letter.lines])
        if not dead:
            return claimed
        claims.take_back(self.session, dead, why="no_longer_true", at=clock.now())
        return [replace(letter, lines=[line for line in letter.lines if line.id not in dead]) for letter in claimed]

    def _must_stop(self, begun: float) -> bool:
        slow = time.monotonic() - begun > _BATCH_SECONDS
        return self.stopping() or slow or self._is_cut_off

    def _deliver(self, letter: Claimed) -> None:
        if not _says_something(letter):
            with transaction(self.session):
                claims.mark_withdrawn(self.session, letter, owner=self.owner)
            return
        self.tally.claimed += 1
        message = self._writable(letter)
        if message is None:
            return
        begun = time.monotonic()
        try:
            self.transport.send(message, meanwhile=self.desk.write_next)
        except ServerDownError:
            self.tally.claimed -= 1  # counted with the rest of its batch
            raise
        except UndeliveredError as error:
            self.lost = [*self.lost, letter.host] if error.lost else []
            self._mark_undelivered(letter, error)
            self._count_refusal(letter.host, error)
        else:
            self.lost = []
            self._mark_sent(letter)
            self.refusals[letter.host] = 0
            slow = time.monotonic() - begun > _SLOW_SECONDS
            self.delays[letter.host] = self.delays[letter.host] + 1 if slow else 0

    def _count_refusal(self, host: str, error: UndeliveredError) -> None:
        """A host that wants no mail now is left in peace, by every deliverer; a lost connection weighs double."""
        strikes = 2 if error.lost else 1
        self.refusals[host] = 0 if error.permanent else self.refusals[host] + strikes
        if host in self.tired:
            log.warning("mail_host_left_in_peace", host=host)
            with transaction(self.session):
                claims.put_off_host(self.session, host, until=clock.now() + claims.RETRY_AFTER[0])

    def _leave(self, letter: Claimed) -> None:
        """Its host wants no mail now, or is slow: later, with all its attempts."""
        with transaction(self.session):
            if letter.host in self.tired:
                until = clock.now() + claims.RETRY_AFTER[0]
                claims.put_off(self.session, [letter], owner=self.owner, until=until)
            else:
                claims.release(self.session, [letter], owner=self.owner)

    def _writable(self, letter: Claimed) -> Letter | None:
        """The letter written out; None when it cannot be, or is not worth sending any more, and is marked so."""
        if letter.not_after_at is not None and letter.not_after_at <= clock.now():
            self._mark_undelivered(letter, UndeliveredError("day_over", permanent=True))
            return None
        try:
            return self.desk.letter(letter)
        except CANNOT_BE_WRITTEN:
            log.exception("letter_cannot_be_written", message=letter.id)
            self._mark_undelivered(letter, UndeliveredError("cannot_be_written", permanent=True))
            return None

    def _mark_sent(self, letter: Claimed) -> None:
        self.tally.sent += 1
        if not self._write_sent(letter):
            log.warning("letter_taken_over_while_sending", message=letter.id)

    def _write_sent(self, letter: Claimed) -> bool:
        """The server has it, so this must be written down: a database that is away is waited for, within the lease."""
        for wait in (*_INSIST_SECONDS, None):
            try:
                with transaction(self.session):
                    return claims.mark_sent(self.session, letter, owner=self.owner, at=clock.now())
            except (OperationalError, InterfaceError):
                if wait is None:
                    raise
                log.warning("sent_but_not_yet_written_down", message=letter.id, again_in=wait)
                self._wait(wait)
        raise AssertionError("the last try returns or raises")

    def _wait(self, seconds: float) -> None:
        """Wait, but not when the process is told to stop."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.stopping():
            time.sleep(0.2)

    def _mark_undelivered(self, letter: Claimed, error: UndeliveredError) -> None:
        with transaction(self.session):
            self._write_undelivered(letter, error)

    def _write_undelivered(self, letter: Claimed, error: UndeliveredError) -> None:
        at = clock.now()
        next_at = None if error.permanent else claims.next_attempt_at(letter, at)
        if next_at is None:
            self.tally.failed += 1
            claims.mark_failed(self.session, letter, owner=self.owner, at=at, error=error.error, code=error.code)
            if error.unknown:
                mark_wrong(self.session, address=letter.address, error=error.error, code=error.code)
        else:
            self.tally.retry += 1
            claims.mark_retry(
                self.session, letter, owner=self.owner, next_at=next_at, error=error.error, code=error.code
            )

    def _postpone(self, rest: list[Claimed], down: ServerDownError) -> bool:
        """No server: this batch goes on the schedule, letters not yet claimed keep all their attempts."""
        log.warning("mail_server_down", error=down.error, code=down.code, letters=len(rest))
        self.tally.claimed += len(rest)
        with transaction(self.session):
            for letter in rest:
                self._write_undelivered(letter, down)
        return False

    def _release(self, rest: list[Claimed]) -> bool:
        with transaction(self.session):
            claims.release(self.session, rest, owner=self.owner)
        return not self.stopping() and not self._is_cut_off


def _says_something(letter: Claimed) -> bool:
    """A reminder of which no line is alive any more does not go."""
    return bool(letter.lines) or letter.kind not in REMINDERS


def _struck(strikes: Counter[str]) -> set[str]:
    return {host for host, count in strikes.items() if count >= _STRIKES}
