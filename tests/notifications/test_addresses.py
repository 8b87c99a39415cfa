"""Addresses that are wrong, hosts that want no mail now, and what a mail said long ago."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from outreach import clock
from outreach.database import transaction
from outreach.errors import Refused
from outreach.notifications.addresses import clear_wrong, is_wrong, mark_wrong
from outreach.notifications.commands import resend
from outreach.notifications.models import OutboxLine, OutboxMessage
from outreach.notifications.purging import purge_bodies
from tests.ground.smtp import SmtpServer
from tests.notifications.conftest import MORNING, TUESDAY, Sessions

from .test_delivery import FATIMA, JAN, Post, Queue, message_to

LATER = MORNING + timedelta(minutes=6)


def wrong(sessions: Sessions, address: str) -> bool:
    with sessions() as session:
        return is_wrong(session, address)


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ("550 5.1.1 no such user", True),
        ("550 unknown user", True),
        ("550 5.7.1 relaying denied", False),
        ("550 relay access denied", False),
        ("554 5.7.1 blocked", False),
        ("451 4.7.1 greylisted", False),
    ],
)
def test_an_unknown_address_gets_no_mail_any_more(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer, answer: str, gone: bool
) -> None:
    """Only when the server says that the address is not there: a server that refuses us says nothing about it."""
    smtp_server.refused[FATIMA] = answer
    queue(FATIMA)
    post()
    assert wrong(sessions, FATIMA) is gone


def test_what_is_queued_for_a_wrong_address_fails_visibly(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    """Somebody marks it; what waited and what comes is kept as failed, and cannot be sent again until it is right."""
    queue(FATIMA)
    with sessions() as session, transaction(session):
        mark_wrong(session, address=" Fatima@inloopteam.example", by="person:4")
    assert post().claimed == 0
    failed = message_to(sessions, FATIMA)
    assert (failed.state, failed.last_error) == ("failed", "address_wrong")
    with sessions() as session, transaction(session), pytest.raises(Refused, match="address_wrong"):
        resend(session, failed.id, by="person:4")
    with sessions() as session, transaction(session):
        assert clear_wrong(session, address=FATIMA, by="person:4")
        resend(session, failed.id, by="person:4")
    assert post().sent == 1
    assert [mail.recipient for mail in smtp_server.received] == [FATIMA]


def test_a_host_that_wants_no_mail_now_holds_up_nobody_else(
    sessions: Sessions, queue: Queue, post: Post, smtp_server: SmtpServer
) -> None:
    """Twenty mails to a school network that greylists: three tries, the rest waits with all its attempts left."""
    school = [f"school{number}@scholen.example" for number in range(20)]
    smtp_server.refused.update(dict.fromkeys(school, "451 4.7.1 greylisted"))
    for address in school:
        queue(address)
    queue(JAN)
    tally = post()
    assert (tally.retry, tally.sent) == (3, 1)
    smtp_server.refused.clear()
    assert post(LATER).sent == 20
    with sessions() as session:
        untouched = select(func.count()).where(OutboxMessage.host == "scholen.example", OutboxMessage.attempts == 0)
        assert session.scalar(untouched) == 17


def test_what_a_mail_said_goes_after_three_months_and_that_it_went_stays(
    sessions: Sessions, queue: Queue, post: Post
) -> None:
    queue(FATIMA)
    post()

    def purge(days: int) -> int:
        with clock.at(MORNING + timedelta(days=days)), sessions() as session, transaction(session):
            return purge_bodies(session)

    assert [purge(89), purge(91), purge(92)] == [0, 1, 0]
    sent = message_to(sessions, FATIMA)
    assert (sent.state, sent.digest_on, sent.purged_at is not None) == ("sent", TUESDAY, True)
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(OutboxLine)) == 0


def test_what_waits_is_never_purged(sessions: Sessions, queue: Queue) -> None:
    queue(FATIMA)
    with clock.at(MORNING + timedelta(days=400)), sessions() as session, transaction(session):
        assert purge_bodies(session) == 0
