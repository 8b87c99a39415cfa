"""The pages only a training environment has."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from outreach.training.sink import Sink
from tests.training.test_sink import letter


def keep_a_mail(app: Flask) -> None:
    folder: Path = app.config["SETTINGS"].data_dir / "mails"
    Sink(folder).keep(letter("Twee stappen").as_bytes(), ["karim@gent.example"])


def test_while_the_world_is_made_pages_say_so_and_the_doors_of_machines_answer(training_app: Flask) -> None:
    browser = training_app.test_client()
    page = browser.get("/sign-in")
    assert page.status_code == 503
    assert "De oefenwereld wordt gemaakt" in page.text
    assert browser.get("/healthz").status_code == 200
    ready = browser.get("/readyz")
    assert ready.status_code == 503
    assert ready.json is not None
    assert ready.json["checks"]["world"] is False


def test_once_made_pages_open(made_app: Flask) -> None:
    browser = made_app.test_client()
    assert browser.get("/readyz").status_code == 200
    assert browser.get("/sign-in").status_code == 200


def test_somebody_signed_in_reads_the_mails_with_links_to_follow(made_app: Flask, amina: FlaskClient) -> None:
    keep_a_mail(made_app)
    assert "Twee stappen" in amina.get("/training/mails").text
    page = amina.get("/training/mails/000001").text
    assert 'href="http://127.0.0.1:5000/my-work"' in page
    assert "karim@gent.example" in page
    assert amina.get("/training/mails/000002").status_code == 404


def test_the_mail_as_drawn_is_shut_in_a_policy_of_its_own(made_app: Flask, amina: FlaskClient) -> None:
    keep_a_mail(made_app)
    answer = amina.get("/training/mails/000001/html")
    assert "<p>Twee stappen wachten op u.</p>" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_strangers_do_not_read_mails(made_app: Flask) -> None:
    keep_a_mail(made_app)
    browser = made_app.test_client()
    for path in ("/training/mails", "/training/mails/000001", "/training/mails/000001/html"):
        assert browser.get(path).status_code == 302


def test_elsewhere_these_pages_do_not_exist(client: FlaskClient) -> None:
    assert client.get("/training/mails").status_code == 404
    assert "world" not in client.application.config["READY_CHECKS"]
