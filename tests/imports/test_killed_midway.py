"""A process that loads a long list is killed in the middle of writing: nothing is half done, another takes it up."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import Case, Event
from outreach.children.models import Child
from outreach.extensions import db
from outreach.imports import long_files
from outreach.imports.models import BatchRow, JobState, UploadJob
from outreach.imports.queries.adding_up import import_checks
from outreach.scheduler.uploads import work_on_one
from tests.cases.conftest import SignIn, sign_in
from tests.conftest import _FIELD_KEYS, IMPORT_DAY
from tests.ground.field import make_field
from tests.imports.loading import READ, agree, number_of_rows
from tests.imports.test_long_files import long_list, looked_at

__all__ = ["sign_in"]

ROOT = Path(__file__).parents[2]

STANDS_STILL = f"""
import signal
import config
from outreach import clock
from outreach.application import create_app
from outreach.imports.commands import filling
from outreach.scheduler import uploads

filling._PORTION = 5
plain = uploads.Follower.__call__

def stands_still(self, stage, rows):
    plain(self, stage, rows)
    if rows == 10:
        print("halfway", flush=True)
        signal.pause()

uploads.Follower.__call__ = stands_still
app = create_app(config.load())
clock.start_from(clock.parse_moment("{IMPORT_DAY.isoformat()}"))
with app.app_context():
    uploads.work_on_one(app, lambda: False)
"""
"""A scheduler process that goes no further once ten children are written, and lives on."""


def test_killed_halfway_nothing_is_loaded_until_another_process_loads_all_of_it(
    app: Flask, session: Session, sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_files, "LONG", 200)
    field = make_field(session, nis=("44021",))
    agree(field)
    session.commit()
    lies = sign_in(field.coordinator)
    loading = lies.send(looked_at(app, lies, long_list(*range(20)))).location
    session.rollback()
    command = [sys.executable, "-c", STANDS_STILL]
    with subprocess.Popen(
        command, cwd=ROOT, env=_environment(app, tmp_path), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        all_said = ""
        while "halfway" not in (said := process.stdout.readline()):
            assert said, all_said
            all_said += said
        assert number_of_rows(session, Child, Case) == [0, 0], "others see nothing of it"
        session.rollback()
        assert not work_on_one(app, lambda: False), "it lives, so nobody takes its work"
        process.kill()
        assert process.wait() == -9
    assert number_of_rows(session, Child, Case, Event) == [0, 0, 0]
    session.rollback()
    with clock.at(IMPORT_DAY + timedelta(minutes=10)):
        assert "onderbroken" in lies.open(loading).text
        assert work_on_one(app, lambda: False)
    with db.sessionmaker() as other:
        job = other.scalars(select(UploadJob).order_by(UploadJob.id.desc()), execution_options=READ).first()
        assert job is not None
        assert (job.state, job.tries) == (JobState.DONE, 2)
    assert number_of_rows(session, Child, Case, BatchRow) == [20, 20, 20]
    assert [check for check in import_checks(session) if not check.ok] == []


def _environment(app: Flask, folder: Path) -> dict[str, str]:
    """That of a process on the database of this test."""
    settings = app.config["SETTINGS"]
    others = {name: value for name, value in os.environ.items() if not name.startswith("OUTREACH_")}
    return others | {
        "OUTREACH_DATA_DIR": str(folder),
        "OUTREACH_DATABASE_URL": settings.database_url,
        "OUTREACH_SECRET_KEY": settings.secret_key,
        "OUTREACH_FIELD_KEYS": _FIELD_KEYS,
    }
