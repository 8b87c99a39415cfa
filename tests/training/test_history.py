"""Ten weeks of history can be played on any day of the year, and nobody in it says what cannot be said."""

from datetime import date
from pathlib import Path

import pytest

from outreach import clock, schema
from outreach.accounts.actors import ensure_builtins
from outreach.application import create_app
from outreach.database import transaction
from outreach.extensions import db
from outreach.training.commands import prepare
from outreach.training.queries import world_is_made
from outreach.training.sink import Sink
from outreach.training.world.making import make_world
from tests.conftest import make_settings

DAYS = [date(2026, month, day) for month in range(1, 13) for day in (4, 19)]


@pytest.mark.deep
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_a_world_can_be_made(today: date, tmp_path: Path) -> None:
    sink = Sink(tmp_path / "mails")
    sink.start()
    settings = make_settings(tmp_path, f"sqlite:///{tmp_path / 'outreach.db'}")
    app = create_app(settings.with_changes(training=True, smtp_url=sink.url))
    with clock.at(clock.moment_of(today, 11)), app.app_context():
        schema.upgrade()
        with transaction(db.session):
            ensure_builtins(db.session)
            prepare(db.session)
        refusals = make_world(app)
        assert world_is_made(db.session)
        db.session.close()
        db.engine.dispose()
    sink.stop()
    assert refusals == []
