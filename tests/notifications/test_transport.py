"""The way to the mail server: never in the clear beyond this machine, never to a stranger's certificate."""

import ssl
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_mail import Mail

from outreach.errors import Unsound
from outreach.notifications import delivery, transport
from outreach.notifications.mime import Letter
from outreach.notifications.transport import (
    ACCEPTING_SECONDS,
    TIMEOUT_SECONDS,
    MailServer,
    ServerDownError,
    Transport,
    UndeliveredError,
)
from tests.ground.smtp import SmtpServer


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtps://user:p%40ss@mail.example", ("mail.example", 465, "tls", "user", "p@ss")),
        ("smtp://mail.example", ("mail.example", 587, "starttls", None, None)),
        ("smtp://mail.example:2525", ("mail.example", 2525, "starttls", None, None)),
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, "plain", None, None)),
        ("smtp://[::1]:2525", ("::1", 2525, "plain", None, None)),
        ("smtp://localhost", ("localhost", 25, "plain", None, None)),
        ("smtp://127.0.0.1.elsewhere.example", ("127.0.0.1.elsewhere.example", 587, "starttls", None, None)),
    ],
)
def test_an_address_says_how_the_mail_travels(url: str, expected: tuple[object, ...]) -> None:
    server = MailServer.parse(url)
    assert (server.host, server.port, server.security, server.username, server.password) == expected


@pytest.mark.parametrize(
    "url",
    ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:port", "smtps://user@mail.example"],
)
def test_a_malformed_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(Unsound, match="mail_url_malformed"):
        MailServer.parse(url)


def test_in_training_mail_goes_to_this_machine_only() -> None:
    assert MailServer.parse("smtp://127.0.0.1:2525", loopback_only=True).security == "plain"
    for url in ("smtp://mail.example", "smtps://10.0.0.1"):
        with pytest.raises(Unsound, match="mail_not_loopback"):
            MailServer.parse(url, loopback_only=True)


def test_a_password_is_not_shown_when_the_server_is_printed() -> None:
    assert "secret" not in repr(MailServer.parse("smtps://user:secret@mail.example"))


def letter(**other: str) -> Letter:
    said = {"recipient": "a@example.be", "sender": "outreach@example.be", "subject": "Proef", "text": "tekst", **other}
    return Letter(**said, message_id="1@example.be", at=0)


def _send(server: MailServer, count: int = 1) -> None:
    app = Flask("post")
    Mail(app)
    with app.app_context(), Transport(server).session() as way:
        for _ in range(count):
            way.send(letter())


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_nobody_vouches_for_is_refused_before_anything_is_said(tmp_path: Path, security: str) -> None:
    server = SmtpServer(security=security, folder=tmp_path).start()
    try:
        with pytest.raises(ServerDownError) as down:
            _send(MailServer("127.0.0.1", server.port, security, "user", "password"))
    finally:
        server.stop()
    assert down.value.error == "certificate_refused"
    assert server.received == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_with_a_good_certificate_gets_the_mail(tmp_path: Path, security: str) -> None:
    server = SmtpServer(security=security, folder=tmp_path).start()
    trusting = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
    try:
        _send(MailServer("127.0.0.1", server.port, security, context=trusting))
    finally:
        server.stop()
    assert len(server.received) == 1


def test_a_server_without_starttls_hears_nothing(smtp_server: SmtpServer) -> None:
    with pytest.raises(ServerDownError, match="certificate_refused"):
        _send(MailServer("127.0.0.1", smtp_server.port, "starttls"))
    assert smtp_server.received == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("fault", [{"host": "127.0.0.2"}, {"expired": True}], ids=["of another", "expired"])
def test_a_trusted_authority_is_not_enough_the_certificate_must_be_this_servers_and_still_hold(
    tmp_path: Path, security: str, fault: dict[str, Any]
) -> None:
    server = SmtpServer(security=security, folder=tmp_path, **fault).start()
    trusting = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
    try:
        with pytest.raises(ServerDownError, match="certificate_refused"):
            _send(MailServer("127.0.0.1", server.port, security, "user", "password", context=trusting))
    finally:
        server.stop()
    assert server.received == []


@pytest.mark.parametrize("strict", [True, False])
def test_plain_to_this_machine_is_a_choice_that_can_be_taken_away(smtp_server: SmtpServer, strict: bool) -> None:
    server = MailServer.parse(smtp_server.url, strict=strict)
    if strict:
        with pytest.raises(ServerDownError, match="certificate_refused"):
            _send(server)
    else:
        _send(server)
    assert len(smtp_server.received) == (0 if strict else 1)


@pytest.mark.parametrize("password", ["right", "wrong", None])
def test_signing_in(tmp_path: Path, password: str | None) -> None:
    server = SmtpServer(security="starttls", folder=tmp_path, password="right").start()
    trusting = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
    there = MailServer("127.0.0.1", server.port, "starttls", "user" if password else None, password, context=trusting)
    try:
        if password == "right":
            _send(there)
        else:
            error = "sign_in_refused 535" if password else "sender_refused 530"
            with pytest.raises(ServerDownError, match=error):
                _send(there)
    finally:
        server.stop()
    assert len(server.received) == (1 if password == "right" else 0)


def test_a_server_that_has_enough_of_a_connection_gets_the_next_mail_over_a_new_one(smtp_server: SmtpServer) -> None:
    smtp_server.per_connection = 3
    _send(MailServer.parse(smtp_server.url), count=10)
    assert len(smtp_server.received) == 10
    assert smtp_server.connections == 4


def test_a_server_that_falls_silent_is_not_waited_for_longer_than_agreed(
    smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TIMEOUT_SECONDS", 0.2)
    smtp_server.stalls.add("a@example.be")
    with pytest.raises(UndeliveredError, match="connection_lost") as lost:
        _send(MailServer.parse(smtp_server.url))
    assert not lost.value.unheard


def test_all_the_waiting_of_a_batch_ends_within_the_lease() -> None:
    slowest_mail = 12 * TIMEOUT_SECONDS + ACCEPTING_SECONDS
    assert delivery._BATCH_SECONDS + slowest_mail + sum(delivery._INSIST_SECONDS) < delivery.LEASE.total_seconds()
