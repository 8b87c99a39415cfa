"""Queueing: one digest per address and day, whoever offers it; nothing but allowed tokens."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from outreach import clock
from outreach.database import transaction
from outreach.errors import Refused
from outreach.notifications.commands import Digest, queue_digests, resend, withdraw_lines
from outreach.notifications.lines import ForbiddenTokenError, Line
from outreach.notifications.models import OutboxLine, OutboxMessage
from tests.notifications.conftest import MORNING, TUESDAY, Sessions, late_step

FATIMA, JAN = "fatima@inloopteam.example", "jan@lop.example"


def test_a_person_gets_one_digest_a_day_however_often_the_sweep_runs(sessions: Sessions) -> None:
    digests = [Digest(FATIMA, "nl", TUESDAY, [late_step(1)]), Digest(JAN, "nl", TUESDAY, [late_step(2)])]
    with sessions() as session, transaction(session):
        first = queue_digests(session, digests)
    with sessions() as session, transaction(session):
        again = queue_digests(session, [*digests, Digest("els@clb.example", "nl", TUESDAY, [late_step(3)])])
    assert set(first.messages) == {FATIMA, JAN}
    assert not first.already
    assert set(again.messages) == {"els@clb.example"}
    assert again.already == {FATIMA, JAN}
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(OutboxLine)) == 3


def test_the_next_day_brings_a_new_digest(queue: Callable[..., int | None]) -> None:
    assert queue(FATIMA)
    assert queue(FATIMA) is None
    assert queue(FATIMA, on=TUESDAY + timedelta(days=1))


def test_the_same_address_in_capitals_is_the_same_address(queue: Callable[..., int | None]) -> None:
    assert queue("Fatima@Inloopteam.Example ")
    assert queue(FATIMA) is None


def test_a_substitute_reads_the_lines_of_both_in_one_digest(sessions: Sessions) -> None:
    with sessions() as session, transaction(session):
        queued = queue_digests(
            session,
            [Digest(FATIMA, "nl", TUESDAY, [late_step(1)]), Digest(FATIMA, "nl", TUESDAY, [late_step(2)])],
        )
    with sessions() as session:
        subjects = session.scalars(select(OutboxLine.subject).order_by(OutboxLine.position)).all()
    assert len(queued.messages) == 1
    assert subjects == ["step:1:late", "step:2:late"]


def test_several_sweeps_at_once_make_each_digest_once(sessions: Sessions) -> None:
    digests = [Digest(f"person{number}@example.be", "nl", TUESDAY, [late_step(number)]) for number in range(40)]
    barrier = Barrier(3)

    def sweep(turn: int) -> int:
        barrier.wait()
        with clock.at(MORNING), sessions() as session, transaction(session):
            return len(queue_digests(session, digests[turn:] + digests[:turn]).messages)

    with ThreadPoolExecutor(3) as pool:
        queued = list(pool.map(sweep, range(3)))
    assert sum(queued) == 40
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(OutboxLine)) == 40


def test_the_database_itself_refuses_a_second_digest_that_day(
    sessions: Sessions, queue: Callable[..., int | None]
) -> None:
    queue(FATIMA)
    row = {
        "kind": "digest",
        "address": FATIMA,
        "language": "nl",
        "dedupe_key": "another idea of sameness",
        "message_id": "m",
        "digest_on": TUESDAY,
        "state": "queued",
        "queued_at": MORNING,
    }
    with sessions() as session, pytest.raises(IntegrityError), transaction(session):
        session.execute(insert(OutboxMessage), [row])


def test_without_lines_there_is_no_digest(sessions: Sessions) -> None:
    with sessions() as session, transaction(session):
        queued = queue_digests(session, [Digest(FATIMA, "nl", TUESDAY, [])])
    assert not queued.messages
    assert not queued.already


@pytest.mark.parametrize("address", ["", "no address", "a@b\r\nBcc: c@d.be", "naam@", "é@example.be"])
def test_an_address_no_server_accepts_is_seen_as_failed_and_holds_nobody_up(
    sessions: Sessions, queue: Callable[..., int | None], address: str
) -> None:
    assert queue(address)
    assert queue(FATIMA)
    with sessions() as session:
        states = {m.address: (m.state, m.last_error) for m in session.scalars(select(OutboxMessage))}
    assert states[address.strip().lower()] == ("failed", "address_malformed")
    assert states[FATIMA] == ("queued", None)


def test_a_finished_step_takes_its_line_back_and_no_other(sessions: Sessions, queue: Callable[..., int | None]) -> None:
    queue(FATIMA, late_step(81), late_step(812), late_step(8123))
    with sessions() as session, transaction(session):
        assert withdraw_lines(session, about=["step:812", "step:99"]) == 1
        assert withdraw_lines(session, about=["step:812"]) == 0
    with sessions() as session:
        living = session.scalars(select(OutboxLine.about).where(OutboxLine.withdrawn_at.is_(None))).all()
    assert set(living) == {"step:81", "step:8123"}


def test_taking_back_is_undone_with_the_change_it_belongs_to(
    sessions: Sessions, queue: Callable[..., int | None]
) -> None:
    queue(FATIMA, late_step(812))

    def end_step_that_is_not_open() -> None:
        with sessions() as session, transaction(session):
            withdraw_lines(session, about=["step:812"])
            raise Refused("step_not_open")

    with pytest.raises(Refused):
        end_step_that_is_not_open()
    with sessions() as session:
        assert session.scalars(select(OutboxLine)).one().withdrawn_at is None


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("reference", "Lotte Peeters"),
        ("reference", "k7m4p-2"),
        ("step", "Lotte"),
        ("process", "enrolment of Lotte"),
        ("on", "2022-03-10"),
        ("on", datetime(2027, 1, 5, tzinfo=MORNING.tzinfo)),
        ("path", "/cases/Lotte-Peeters"),
        ("path", "https://elsewhere.example/cases/K7M4P-2"),
        ("path", "//elsewhere.example"),
        ("path", "/cases/K7M4P-2?name=Lotte"),
        ("path", "/children/99"),
        ("path", "/cases/K7M4P-2\nBcc: x"),
    ],
)
def test_a_line_refuses_anything_that_could_be_personal(token: str, value: Any) -> None:
    data = dict(late_step(812).data) | {token: value}
    with pytest.raises(ForbiddenTokenError) as refused:
        Line("late", "step:812:late", "step_late", data)
    assert "Lotte" not in str(refused.value)


def test_a_line_takes_exactly_its_tokens() -> None:
    with pytest.raises(ForbiddenTokenError):
        Line("late", "step:812:late", "step_late", {**late_step(812).data, "name": "Lotte"})
    with pytest.raises(ForbiddenTokenError):
        Line("late", "step:812:late", "step_late", {"path": "/my-work"})
    with pytest.raises(ForbiddenTokenError):
        Line("late", "Lotte Peeters", "step_late", late_step(812).data)
    with pytest.raises(ForbiddenTokenError):
        Line("help", "team:3:late", "team_late", {"kind": "basisschool De Krekel", "count": 2, "path": "/areas/gent"})
    assert Line("help", "team:3:late", "team_late", {"kind": "clb", "count": 2, "path": "/areas/gent?late=1"}).about


def test_a_waiting_mail_cannot_be_sent_again(sessions: Sessions, queue: Callable[..., int | None]) -> None:
    message = queue(FATIMA)
    assert message
    with sessions() as session, pytest.raises(Refused, match="not_resendable"), transaction(session):
        resend(session, message, by="person:1")


def test_a_mail_speaks_one_of_our_languages(sessions: Sessions) -> None:
    with sessions() as session, pytest.raises(ValueError, match="language"), transaction(session):
        queue_digests(session, [Digest(FATIMA, "de", date(2027, 1, 5), [late_step(1)])])
