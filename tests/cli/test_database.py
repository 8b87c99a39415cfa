"""`outreach db`: bringing a database up to this version, and seeing where it differs."""

import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from outreach.application import create_app
from outreach.cli.database import database
from outreach.extensions import db
from outreach.partners.models import Area
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


def test_a_changed_model_gets_its_migration(new_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(new_app.config["ALEMBIC"]["script_location"], folder, ignore=shutil.ignore_patterns("__pycache__"))
    new_app.config["ALEMBIC"]["script_location"] = str(folder)
    outreach_db(new_app, "upgrade")
    monkeypatch.setattr(Area.__table__.c.name, "nullable", True)
    _code, answer = outreach_db(new_app, "revision", "An area without a name")
    written = Path(str(answer["files"][0]))
    text = written.read_text(encoding="utf-8")
    assert written.parent == folder
    assert text.startswith('"""An area without a name"""')
    assert 'batch_alter_table("area"' in text or "batch_alter_table('area'" in text
    assert f"down_revision = {_last_of(folder)!r}" in text


def _last_of(folder: Path) -> str:
    """The one migration that no other follows; numbers are given out beforehand, and land in any order."""
    files = list(folder.glob("00*.py"))
    follows = "".join(re.findall(r"^down_revision = .*$", "".join(map(Path.read_text, files)), re.MULTILINE))
    (last,) = {file.stem for file in files} - set(re.findall(r'"(\w+)"', follows))
    return last
