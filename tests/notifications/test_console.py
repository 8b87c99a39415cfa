"""`outreach deliver` and `outreach mail test`: what other programs rely on."""

import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from outreach.cli import console
from outreach.database import transaction
from outreach.notifications.commands import Digest, queue_digests
from outreach.notifications.lines import Line
from tests.ground.smtp import SmtpServer
from tests.notifications.conftest import TUESDAY

NOTHING = {"claimed": 0, "sent": 0, "retry": 0, "failed": 0}


@pytest.fixture
def set_server(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Change OUTREACH_SMTP_URL, or whether this is the training world."""

    def sets(url: str | None, *, training: bool = False) -> None:
        settings = app.config["SETTINGS"].with_changes(smtp_url=url, training=training)
        monkeypatch.setitem(app.config, "SETTINGS", settings)

    return sets


@pytest.fixture
def digest(session: Session) -> None:
    """One digest waits, about something no step can make untrue."""
    line = Line("help", "team:school:late", "team_late", {"kind": "school", "count": 2, "path": "/areas"})
    with transaction(session):
        queue_digests(session, [Digest("fatima@inloopteam.example", "nl", TUESDAY, [line])])


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(console, words)


@pytest.mark.usefixtures("digest")
def test_deliver_prints_one_json_object_and_a_second_run_sends_nothing(
    app: Flask, set_server, smtp_server: SmtpServer
) -> None:
    set_server(smtp_server.url)
    first = run(app, "deliver", "--at", "2027-01-05T08:05", "--json")
    assert first.exit_code == 0
    assert json.loads(first.stdout) == {"claimed": 1, "sent": 1, "retry": 0, "failed": 0}
    assert json.loads(run(app, "deliver", "--json").stdout) == NOTHING
    assert "2 stappen te laat" in smtp_server.received[0].body()
    assert smtp_server.received[0].message["Date"].datetime.isoformat().startswith("2027-01-05T07:05")


@pytest.mark.usefixtures("digest")
def test_without_a_mail_server_the_queue_is_left_alone(app: Flask, set_server, smtp_server: SmtpServer) -> None:
    set_server(None)
    result = run(app, "deliver", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout) == NOTHING
    assert "OUTREACH_SMTP_URL" in result.stderr
    set_server(smtp_server.url)
    assert json.loads(run(app, "deliver", "--json").stdout)["sent"] == 1


@pytest.mark.usefixtures("digest")
def test_the_training_world_mails_nobody_outside_this_machine(app: Flask, set_server) -> None:
    set_server("smtp://mail.example", training=True)
    result = run(app, "deliver", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout) == NOTHING
    assert "mail.example" in result.stderr


@pytest.mark.usefixtures("digest")
def test_a_dead_server_leaves_stdout_to_the_answer(app: Flask, set_server, smtp_server: SmtpServer) -> None:
    set_server(smtp_server.url)
    smtp_server.stop()
    result = run(app, "deliver", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"claimed": 1, "sent": 0, "retry": 1, "failed": 0}


def test_a_moment_that_is_none_is_wrong_use(app: Flask) -> None:
    assert run(app, "deliver", "--at", "tomorrow").exit_code == 2


def test_a_test_mail_arrives_past_the_outbox(app: Flask, set_server, smtp_server: SmtpServer) -> None:
    set_server(smtp_server.url)
    assert run(app, "mail", "test", "beheer@lop.example", "--language", "fr").exit_code == 0
    assert smtp_server.received[0].message["Subject"] == "Outreach\xa0: e-mail d’essai"
    assert json.loads(run(app, "deliver", "--json").stdout) == NOTHING


def test_a_test_mail_says_what_the_server_answered(app: Flask, set_server, smtp_server: SmtpServer) -> None:
    set_server(smtp_server.url)
    smtp_server.refused["weg@lop.example"] = "550 gone"
    result = run(app, "mail", "test", "weg@lop.example")
    assert result.exit_code == 3
    assert "550" in result.stderr
    assert run(app, "mail", "test", "no address").exit_code == 2
