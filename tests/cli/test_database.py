"""`outreach db`: bringing a database up to this version, and seeing where it differs."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from outreach.application import create_app
from outreach.cli.database import database
from outreach.extensions import db
from tests.conftest import make_settings


@pytest.fixture
def new_app(tmp_path: Path) -> Flask:
    """An installation whose database file does not exist yet."""
    return create_app(make_settings(tmp_path, f"sqlite:///{tmp_path / 'outreach.db'}"))


def outreach_db(app: Flask, *arguments: str) -> tuple[int, dict[str, object]]:
    """What `outreach db ... --json` answers."""
    answer = app.test_cli_runner().invoke(database, [*arguments, "--json"])
    with app.app_context():
        db.engine.dispose()
    return answer.exit_code, json.loads(answer.stdout)


def test_a_new_database_differs_until_it_is_brought_up(new_app: Flask) -> None:
    code, before = outreach_db(new_app, "check")
    assert (code, before["ok"], before["current"]) == (1, False, False)
    assert outreach_db(new_app, "upgrade") == (0, {"ok": True})
    assert outreach_db(new_app, "upgrade") == (0, {"ok": True})
    assert outreach_db(new_app, "check") == (0, {"ok": True, "current": True, "differences": []})


def test_a_column_somebody_added_by_hand_is_named(new_app: Flask) -> None:
    outreach_db(new_app, "upgrade")
    with new_app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE area ADD COLUMN colour TEXT"))
        db.engine.dispose()
    code, found = outreach_db(new_app, "check")
    assert code == 1
    assert "colour" in str(found["differences"])
