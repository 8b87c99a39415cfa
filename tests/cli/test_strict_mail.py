"""OUTREACH_MAIL_STRICT: without a way to the mail server that can be trusted, nothing starts and nothing is said."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

import config
from outreach.cli import console
from outreach.errors import Unsound
from outreach.notifications.transport import MailServer
from outreach.scheduler import post
from tests.ground.smtp import SmtpServer

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command where the setting is on (or not); the scheduler says `ticks` instead of ticking for ever."""
    module = sys.modules["outreach.cli.scheduler"]  # its name in the package is the command
    monkeypatch.setattr(module, "run_until_told", lambda _: print("ticks"))

    def runs(*words: str, url: str | None, strict: bool = True) -> Result:
        settings = app.config["SETTINGS"].with_changes(smtp_url=url, mail_strict=strict)
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        return app.test_cli_runner().invoke(console, words)

    return runs


@pytest.mark.parametrize("url", [None, "mail.example", "smtps://only-a-name@mail.example"])
def test_without_a_usable_address_the_scheduler_does_not_start(run: Run, url: str | None) -> None:
    refused = run("scheduler", url=url)
    assert refused.exit_code == 2
    assert "OUTREACH_SMTP_URL" in refused.stderr
    assert "ticks" not in refused.stdout
    assert "ticks" in run("scheduler", url=url, strict=False).stdout


def test_nothing_goes_in_the_clear_even_to_this_machine(run: Run, smtp_server: SmtpServer) -> None:
    for words in (["scheduler"], ["mail", "test", "beheer@lop.example"]):
        refused = run(*words, url=smtp_server.url)
        assert refused.exit_code == 3
        assert "geen geldig certificaat; er is niets verstuurd" in refused.stderr
    assert smtp_server.received == []
    assert run("mail", "test", "beheer@lop.example", url=smtp_server.url, strict=False).exit_code == 0


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_stranger_s_certificate_stops_the_start(run: Run, tmp_path: Path, security: str) -> None:
    server = SmtpServer(security=security, folder=tmp_path).start()
    try:
        for words in (["scheduler"], ["mail", "test", "beheer@lop.example"]):
            assert run(*words, url=server.url).exit_code == 3
    finally:
        server.stop()
    assert server.received == []


def test_a_server_that_is_only_away_does_not(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "ticks" in run("scheduler", url=f"smtps://127.0.0.1:{port}").stdout


def test_a_good_server_is_asked_and_hears_no_mail(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = SmtpServer(security="tls", folder=tmp_path).start()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    try:
        assert "ticks" in run("scheduler", url=server.url).stdout
        assert run("mail", "test", "beheer@lop.example", url=server.url).exit_code == 0
    finally:
        server.stop()
    assert len(server.received) == 1


def test_the_setting_is_on_or_off_and_nothing_else(tmp_path: Path, app: Flask) -> None:
    environment = {"OUTREACH_DATA_DIR": str(tmp_path), "OUTREACH_SMTP_URL": "smtp://127.0.0.1"}
    assert not config.load(environment).mail_strict
    strict = config.load({**environment, "OUTREACH_MAIL_STRICT": "1"})
    assert post.mail_transport(strict) is not None
    assert MailServer.parse("smtp://127.0.0.1", strict=strict.mail_strict).security == "starttls"
    with pytest.raises(Unsound, match="OUTREACH_MAIL_STRICT"):
        config.load({**environment, "OUTREACH_MAIL_STRICT": "yes please"})
