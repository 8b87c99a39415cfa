"""The next letter is written while the server takes one in; each still goes out as if it were written alone."""

from collections.abc import Callable

import pytest
from flask import Flask

from outreach.notifications import writing_ahead
from outreach.notifications.claims import Claimed
from outreach.notifications.delivery import Tally, deliver
from outreach.notifications.letters import Office, write
from outreach.notifications.mime import Letter
from outreach.notifications.transport import MailServer, Transport
from outreach.notifications.writing_ahead import WritingAhead
from tests.ground.smtp import SmtpServer
from tests.notifications.conftest import OFFICE, Sessions, late_step

PEOPLE = tuple(f"{name}@gent.example" for name in ("an", "bo", "ciska", "dries", "els"))


class Slow(Transport):
    """Says when a mail begins, and when the server has it."""

    told: list[str]

    def send(self, message: Letter, *, meanwhile: Callable[[], None]) -> None:  # type: ignore[override]
        self.told.append(f"to {message.recipients[0]}")
        super().send(message, meanwhile=meanwhile)
        self.told.append(f"at {message.recipients[0]}")


def test_one_is_written_while_the_one_before_is_taken_in(
    app: Flask, sessions: Sessions, smtp_server: SmtpServer, queue: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def telling(letter: Claimed, office: Office) -> Letter:
        told.append(f"write {letter.address}")
        return write(letter, office)

    monkeypatch.setattr(writing_ahead, "write", telling)
    for address in PEOPLE[:3]:
        queue(address)
    transport = Slow(MailServer.parse(smtp_server.url))
    transport.told = told
    with app.app_context():
        assert deliver(sessions, transport, OFFICE).sent == 3
    an, bo, ciska = PEOPLE[:3]
    assert told[:3] == [f"write {an}", f"to {an}", f"write {bo}"]
    assert told[3:6] == [f"at {an}", f"to {bo}", f"write {ciska}"]
    assert told[6:] == [f"at {bo}", f"to {ciska}", f"at {ciska}"]


def test_one_that_cannot_be_written_fails_alone(post: Callable[..., Tally], queue: Callable[..., int]) -> None:
    for number, address in enumerate(PEOPLE):
        line = late_step(number)
        if number in (0, 2, 4):
            object.__setattr__(line, "data", {**line.data, "step": "a_step_of_old"})
        queue(address, line)
    tally = post()
    assert (tally.claimed, tally.sent, tally.failed) == (5, 2, 3)


def test_a_refused_one_leaves_the_next_as_it_is(
    post: Callable[..., Tally], queue: Callable[..., int], smtp_server: SmtpServer
) -> None:
    for number, address in enumerate(PEOPLE):
        queue(address, late_step(number))
    smtp_server.refused |= dict.fromkeys((PEOPLE[1], PEOPLE[3]), "554 5.7.1 not today")
    assert post().sent == 3
    for mail in smtp_server.received:
        own = PEOPLE.index(mail.recipient)
        assert [number for number in range(5) if f"/steps/{number}" in mail.body()] == [own]


def claimed(number: int) -> Claimed:
    return Claimed(number, "sign_in_code", f"{number}@gent.example", "nl", str(number), None, 0, None)


def test_letters_that_are_skipped_are_not_given_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing_ahead, "write", lambda letter, office: letter.id)
    desk = WritingAhead(OFFICE)
    desk.begin([claimed(number) for number in range(6)])
    desk.write_next()
    assert desk.letter(claimed(2)) == 2, "one and two were left"
    desk.write_next()
    assert desk.letter(claimed(3)) == 3
    assert desk.letter(claimed(5)) == 5
    desk.write_next()  # there is none left
    desk.begin([claimed(9)])
    desk.write_next()
    assert desk.letter(claimed(9)) == 9
