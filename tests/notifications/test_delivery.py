"""Delivery: every mail arrives once, also when servers refuse and processes die."""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from outreach import clock
from outreach.database import transaction
from outreach.errors import Refused
from outreach.notifications import claims, delivery, transport
from outreach.notifications.commands import Digest, queue_digests, resend, withdraw_lines
from outreach.notifications.delivery import Tally
from outreach.notifications.models import OutboxMessage
from tests.ground.smtp import SmtpServer
from tests.notifications.conftest import MORNING, TUESDAY, Sessions, late_step

FATIMA, JAN, ELS = "fatima@inloopteam.example", "jan@lop.example", "els@clb.example"
MINUTE = timedelta(minutes=1)

Post = Callable[..., Tally]
Queue = Callable[..., int | None]


def message_to(sessions: Sessions, address: str) -> OutboxMessage:
    with sessions() as session:
        return session.scalars(select(OutboxMessage).where(OutboxMessage.address == address)).one()


@pytest.fixture
def dead_url() -> Iterator[str]:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return f"smtp://127.0.0.1:{port}"


def test_a_queued_digest_is_sent_and_a_second_pass_sends_nothing(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    queue(FATIMA)
    queue(JAN)
    assert post() == Tally(claimed=2, sent=2)
    assert post() == Tally()
    assert [mail.recipient for mail in smtp_server.received] == [FATIMA, JAN]
    assert smtp_server.connections == 1
    sent = message_to(sessions, FATIMA)
    assert (sent.state, sent.sent_at, sent.claimed_by) == ("sent", MORNING, None)


def test_a_mail_is_not_sent_before_its_moment(queue: Queue, post: Post) -> None:
    queue(FATIMA, not_before_at=MORNING + timedelta(hours=1))
    assert post().claimed == 0
    assert post(MORNING + timedelta(hours=1)).sent == 1


def test_a_digest_says_nothing_about_a_step_that_was_done_meanwhile(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    queue(FATIMA, late_step(1, reference="K7M4P-2"), late_step(2, reference="B3C5D-7"))
    queue(JAN, late_step(2))
    with sessions() as session, transaction(session):
        withdraw_lines(session, about=["step:2"])
    assert post() == Tally(claimed=1, sent=1)
    mail = smtp_server.to(FATIMA)[0]
    assert "K7M4P-2" in mail.body()
    assert "B3C5D-7" not in mail.body() + mail.body("html")
    assert mail.message["Subject"] == "Outreach: 1 stap vraagt je aandacht, 1 is te laat"
    assert message_to(sessions, JAN).state == "withdrawn"
    assert smtp_server.to(JAN) == []


def test_a_server_that_asks_to_wait_gets_the_mail_on_schedule_and_then_it_is_failed(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    smtp_server.refused[FATIMA] = "451 greylisted"
    queue(FATIMA)
    at = MORNING
    for wait in claims.RETRY_AFTER:
        assert post(at) == Tally(claimed=1, retry=1)
        assert post(at + wait - MINUTE) == Tally()
        at += wait
    assert post(at) == Tally(claimed=1, failed=1)
    assert post(at + timedelta(days=2)) == Tally()
    failed = message_to(sessions, FATIMA)
    assert (failed.state, failed.attempts, failed.last_error, failed.last_code) == ("failed", 4, "try_later", 451)


def test_greylisting_that_ends_costs_nothing_but_five_minutes(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    smtp_server.refused[FATIMA] = "451 greylisted"
    queue(FATIMA)
    post()
    smtp_server.refused.clear()
    assert post(MORNING + claims.RETRY_AFTER[0]) == Tally(claimed=1, sent=1)


def test_an_unknown_address_fails_at_once_and_holds_nobody_up(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    smtp_server.refused[JAN] = "550 no such user"
    for address in (FATIMA, JAN, ELS):
        queue(address)
    assert post() == Tally(claimed=3, sent=2, failed=1)
    assert message_to(sessions, JAN).last_error == "address_refused"
    assert smtp_server.connections == 1


def test_a_mail_the_server_refuses_for_good_is_failed(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    smtp_server.answer = "554 spam"
    queue(FATIMA)
    assert post() == Tally(claimed=1, failed=1)
    assert message_to(sessions, FATIMA).last_error == "letter_refused"


def test_a_dead_server_puts_the_batch_on_schedule_and_leaves_the_rest_alone(
    sessions: Sessions, queue: Queue, post: Post, dead_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_BATCH", 2)
    for address in (FATIMA, JAN, ELS):
        queue(address)
    assert post(url=dead_url) == Tally(claimed=2, retry=2)
    assert message_to(sessions, FATIMA).last_error == "server_unreachable"
    untouched = message_to(sessions, ELS)
    assert (untouched.state, untouched.attempts) == ("queued", 0)
    assert post(MORNING + timedelta(minutes=5)).sent == 3


def test_a_server_that_hangs_up_gets_the_others_over_a_new_connection(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    smtp_server.drops = 1
    for address in (FATIMA, JAN, ELS):
        queue(address)
    assert post() == Tally(claimed=3, sent=2, retry=1)
    assert post(MORNING + timedelta(minutes=5)) == Tally(claimed=1, sent=1)
    first, second = smtp_server.to(FATIMA)
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_a_server_that_keeps_hanging_up_is_left_alone_until_the_next_pass(
    queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    smtp_server.drops = 99
    for number in range(6):
        queue(f"p{number}@h{number}.example")
    assert post() == Tally(claimed=5, retry=5)
    smtp_server.drops = 0
    assert post(MORNING + MINUTE) == Tally(claimed=1, sent=1)


def test_killed_between_acceptance_and_commit_the_second_copy_has_the_same_message_id(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any, **__: Any) -> bool:
        raise KeyboardInterrupt

    queue(FATIMA)
    queue(JAN)
    with monkeypatch.context() as patched:
        patched.setattr(claims, "mark_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            post()
    assert message_to(sessions, FATIMA).state == "claimed"
    assert post(MORNING + MINUTE) == Tally(), "the lease still runs"
    assert post(MORNING + delivery.LEASE + MINUTE) == Tally(claimed=2, sent=2)
    copies = smtp_server.to(FATIMA)
    assert len(copies) == 2
    assert len({copy.message["Message-ID"] for copy in copies}) == 1
    assert len(smtp_server.to(JAN)) == 1


def test_whoever_lost_its_lease_marks_nothing(sessions: Sessions, queue: Queue) -> None:
    queue(FATIMA)
    late = MORNING + timedelta(hours=1)
    with sessions() as session:
        with transaction(session):
            mine = claims.claim(session, owner="slow", at=MORNING, until=MORNING + MINUTE, limit=9)
        with transaction(session):
            assert claims.claim(session, owner="other", at=MORNING, until=MORNING + MINUTE, limit=9) == []
            assert claims.claim(session, owner="other", at=late, until=late + MINUTE, limit=9)
        with transaction(session):
            assert not claims.mark_sent(session, mine[0], owner="slow", at=late)
            claims.release(session, mine, owner="slow")
    assert message_to(sessions, FATIMA).claimed_by == "other"


def test_two_deliverers_at_once_send_each_mail_once(sessions: Sessions, post: Post, smtp_server: SmtpServer) -> None:
    people = [f"person{number}@example.be" for number in range(60)]
    with sessions() as session, transaction(session):
        queue_digests(session, [Digest(person, "nl", TUESDAY, [late_step(1)]) for person in people])
    begin = threading.Barrier(2)

    def delivers(_: int) -> int:
        begin.wait()
        return post().sent

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(delivery, "_BATCH", 5)
        with ThreadPoolExecutor(2) as pool:
            counts = list(pool.map(delivers, range(2)))
    assert sum(counts) == 60
    assert sorted(mail.recipient for mail in smtp_server.received) == sorted(people)


def test_told_to_stop_it_gives_back_what_it_did_not_try(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    for address in (FATIMA, JAN, ELS):
        queue(address)
    assert post(stopping=lambda: len(smtp_server.received) == 1) == Tally(claimed=1, sent=1)
    given_back = message_to(sessions, ELS)
    assert (given_back.state, given_back.claimed_by, given_back.attempts) == ("queued", None, 0)
    assert post().sent == 2


def test_yesterdays_digest_is_not_sent_today(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    queue(FATIMA, not_after_at=clock.moment_of(TUESDAY, 17))
    assert post(MORNING + timedelta(days=3)) == Tally(claimed=1, failed=1)
    assert message_to(sessions, FATIMA).last_error == "day_over"
    assert smtp_server.received == []


@pytest.mark.parametrize(
    ("tries", "hour", "next_hour"), [(0, 8, (8, 5)), (1, 9, (10, 0)), (2, 10, (16, 0)), (2, 14, (16, 45))]
)
def test_the_last_try_of_a_digest_is_within_working_hours(
    sessions: Sessions, queue: Queue, tries: int, hour: int, next_hour: tuple[int, int]
) -> None:
    queue(FATIMA, not_after_at=clock.moment_of(TUESDAY, 17))
    with sessions() as session, transaction(session):
        letter = claims.claim(session, owner="me", at=MORNING, until=MORNING + MINUTE, limit=1)[0]
    letter = claims.Claimed(**{**vars(letter), "attempts": tries})
    assert claims.next_attempt_at(letter, clock.moment_of(TUESDAY, hour)) == clock.moment_of(TUESDAY, *next_hour)
    assert claims.next_attempt_at(letter, clock.moment_of(TUESDAY, 16, 50)) in (
        None,
        clock.moment_of(TUESDAY, 16, 55),
    )


def test_a_failed_mail_can_be_sent_again_by_a_person(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    smtp_server.refused[FATIMA] = "554 5.7.1 not today"
    message = queue(FATIMA)
    assert message
    post()
    smtp_server.refused.clear()
    with sessions() as session, transaction(session):
        resend(session, message, by="person:4")
    tomorrow = MORNING + timedelta(days=1)
    assert post(tomorrow) == Tally(claimed=1, sent=1)
    assert message_to(sessions, FATIMA).resent_by == "person:4"
    with sessions() as session, pytest.raises(Refused), transaction(session):
        resend(session, message, by="person:4")


def test_a_letter_with_an_unknown_step_fails_alone(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    strange = late_step(5)
    object.__setattr__(strange, "data", {**strange.data, "step": "a_step_of_old"})
    queue(FATIMA, strange)
    queue(JAN)
    assert post() == Tally(claimed=2, sent=1, failed=1)
    assert message_to(sessions, FATIMA).last_error == "cannot_be_written"


def _moments_of_a_day() -> list[datetime]:
    return [MORNING + timedelta(minutes=15 * step) for step in range(4 * 24)]


def test_every_quarter_of_a_day_only_one_pass_sends(queue: Queue, post: Post) -> None:
    queue(FATIMA)
    assert sum(post(at).sent for at in _moments_of_a_day()) == 1


def test_a_letter_claimed_or_put_off_while_the_clock_was_a_year_ahead_is_not_kept_for_a_year(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    year = timedelta(days=365)
    queue(FATIMA)
    queue(JAN)
    smtp_server.refused[FATIMA] = "451 greylisted"
    post(MORNING + year, stopping=lambda: bool(message_to(sessions, FATIMA).attempts))
    with sessions() as session, transaction(session):
        assert len(claims.claim(session, owner="killed", at=MORNING + year, until=MORNING + year, limit=9)) == 1
    smtp_server.refused.clear()
    assert post() == Tally(claimed=2, sent=2)


def test_a_host_that_never_answers_holds_up_nobody_else(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(delivery, "_BATCH", 3)
    smtp_server.stalls.add("stil.example")
    for number in range(8):
        queue(f"a{number}@stil.example")
        queue(f"b{number}@clb.example")
    assert post() == Tally(claimed=10, sent=8, retry=2)
    asked = message_to(sessions, "a7@stil.example")
    assert (asked.state, asked.attempts) == ("queued", 0)
    assert post(MORNING + MINUTE) == Tally(), "left in peace, by every node"
    smtp_server.stalls.clear()
    assert post(MORNING + claims.RETRY_AFTER[0]) == Tally(claimed=8, sent=8)


def test_a_slow_host_gets_its_mail_last_and_all_of_it(
    queue: Queue, post: Post, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_BATCH", 4)
    monkeypatch.setattr(delivery, "_SLOW_SECONDS", 0.0)
    for number in range(7):
        queue(f"a{number}@traag.example")
    queue(FATIMA)
    assert post() == Tally(claimed=8, sent=8)
    assert [mail.recipient for mail in smtp_server.received].index(FATIMA) == 3


def test_a_sender_nobody_accepts_costs_no_mail_its_life(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    smtp_server.sender = "530 5.7.0 authentication required"
    for address in (FATIMA, JAN):
        queue(address)
    assert post() == Tally(claimed=2, retry=2)
    assert message_to(sessions, JAN).last_error == "sender_refused"
    smtp_server.sender = "250 OK"
    assert post(MORNING + claims.RETRY_AFTER[0]) == Tally(claimed=2, sent=2)


def test_a_mail_the_server_has_is_written_down_as_soon_as_the_database_is_back(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = iter([OperationalError("UPDATE", {}, Exception("the database is away"))] * 2)
    real = claims.mark_sent

    def marks(*arguments: Any, **named: Any) -> bool:
        for fault in away:
            raise fault
        return real(*arguments, **named)

    monkeypatch.setattr(claims, "mark_sent", marks)
    monkeypatch.setattr(delivery, "_INSIST_SECONDS", (0, 0))
    queue(FATIMA)
    assert post() == Tally(claimed=1, sent=1)
    assert post(MORNING + delivery.LEASE + MINUTE) == Tally()
    assert len(smtp_server.to(FATIMA)) == 1
