"""Makes the whole world in an empty, marked database: partners, people, lists, and ten weeks of work."""

from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from outreach import clock
from outreach.database import transaction
from outreach.extensions import db
from outreach.training.commands import finish
from outreach.training.world.history import play
from outreach.training.world.lists import write_lists
from outreach.training.world.partners import settle_partners
from outreach.training.world.people import hashed_password, settle_people
from outreach.training.world.reports import write_reports
from outreach.training.world.scene import Scene

WEEKS = 10
_BEFORE = timedelta(days=30)
"""How long before the first list everybody was there already."""


def make_world(app: Flask) -> list[str]:
    """Everything, up to the moment it is now; what people of the world said and was refused (nothing, one hopes)."""
    password_hash = hashed_password()
    with app.app_context():
        _hurry(db.engine)
        today = clock.today()
        monday = first_day(today)
        with clock.at(clock.moment_of(monday - _BEFORE, 9)), transaction(db.session):
            settle_partners(db.session, today)
            settle_people(db.session, today, password_hash)
        folder = app.config["SETTINGS"].data_dir / "lists"
        lists, listed = write_lists(folder, today, monday)
        reports = write_reports(folder, today)
        known = {(child.first_name, child.last_name, child.born_on): child for child in listed}
        scene = Scene(db.session, today, known)
        play(scene, lists, reports, monday)
        with transaction(db.session):
            finish(db.session)
    return scene.refusals


def first_day(today: date) -> date:
    """The Monday ten weeks back, on which the first list comes."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS)


def _hurry(engine: Engine) -> None:
    """A world that is lost in a crash is made anew, so nothing waits for the disk while it is made."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _no_waiting)
        engine.dispose()


def _no_waiting(raw: Any, _record: Any) -> None:
    for pragma in ("synchronous=OFF", "secure_delete=OFF"):
        raw.execute(f"PRAGMA {pragma}").close()
