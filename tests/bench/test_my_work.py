"""My work of one worker among 100,000 open cases, over HTTP, beside a bare page of 50 rows."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from outreach.accounts.models import Membership
from outreach.accounts.sessions import open_session
from outreach.database import transaction
from outreach.extensions import db
from tests.bench.conftest import Filled, say
from tests.bench.serving import Page, served

pytestmark = pytest.mark.bench


def cookie_of(app: Flask, person_id: int) -> str:
    """The cookie of somebody signed in."""
    with app.app_context(), transaction(db.session) as session:
        membership = session.scalars(select(Membership).where(Membership.person_id == person_id)).one()
        token = open_session(session, membership=membership)
    signed: Any = app.session_interface.get_signing_serializer(app)
    return f"outreach={signed.dumps({'_user_id': token, '_fresh': True})}"


def environment(app: Flask) -> dict[str, str]:
    """The settings of this application, for processes of their own."""
    settings = app.config["SETTINGS"]
    return {
        "OUTREACH_DATABASE_URL": settings.database_url,
        "OUTREACH_SECRET_KEY": settings.secret_key,
        "OUTREACH_FIELD_KEYS": settings.field_keys,
        "OUTREACH_DATA_DIR": str(settings.data_dir),
    }


def test_my_work_at_100_000_open_cases(filled: Filled) -> None:
    """A worker with a hundred open visits; a bare page in the same run."""
    worker = 417
    cookie = cookie_of(filled.app, filled.flanders.person(worker))
    with served("tests.bench.bare:app", {}) as port:
        bare = Page(port, "/")
        bare_one, bare_many = bare.median_of_one(300), bare.per_second(8, 150)
    with served("wsgi:app", environment(filled.app)) as port:
        mine = Page(port, "/my-work", cookie)
        one, many = mine.median_of_one(200), mine.per_second(8, 50)
    share = f"{many:.0f} pages/s for 8, {many / bare_many:.0%} of the bare page's {bare_many:.0f}"
    say(f"My work, {filled.database}: p50 {one:.1f} ms for one (bare page {bare_one:.1f} ms); {share}")
