"""The way to the mail server: never in the clear beyond this machine, never to a stranger's certificate."""

import ssl
from pathlib import Path

import pytest
from flask import Flask
from flask_mail import Mail

from outreach.errors import Unsound
from outreach.notifications.letters import Letter
from outreach.notifications.transport import TIMEOUT_SECONDS, MailServer, ServerDownError, Transport
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


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:port"])
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


def _send(server: MailServer) -> None:
    app = Flask("post")
    Mail(app)
    with app.app_context(), Transport(server).session() as transport:
        transport.send(Letter("Proef", ["a@example.be"], "tekst", sender="outreach@example.be"))


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


def test_no_answer_is_waited_for_longer_than_the_lease() -> None:
    assert TIMEOUT_SECONDS == 15
