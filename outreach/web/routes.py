"""Whether the application is alive and ready, and how accessible it is."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, Response, current_app, jsonify, render_template
from sqlalchemy import text

from outreach import clock
from outreach.database.timing import moment_of_database
from outreach.extensions import db
from outreach.web.access import public

blueprint = Blueprint("web", __name__)

CLOCK_MAY_DIFFER = timedelta(seconds=30)
"""More than this, and a node is not ready: it should be set right first."""

STATEMENT_ON = date(2026, 11, 22)
"""The day the accessibility statement was last compared with the pages; set it when you do so again."""


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """Alive: answers without touching the database."""
    return jsonify(ok=True)


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Ready: every registered check says yes; a check that fails is named."""
    checks: dict[str, Callable[[], bool]] = {
        "database": _database_answers,
        "clock": _clock_agrees,
        **current_app.config["READY_CHECKS"],
    }
    answers = {}
    for name, check in checks.items():
        try:
            answers[name] = bool(check())
        except Exception:  # any failure is the answer "not ready", never an error page
            current_app.logger.exception("ready check %s", name)
            answers[name] = False
    ready = all(answers.values())
    return jsonify(ready=ready, checks=answers), 200 if ready else 503


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    """The accessibility statement that Belgian law asks of public bodies."""
    settings = current_app.config["SETTINGS"]
    return render_template(
        "accessibility.html", statement_on=STATEMENT_ON, operator=settings.operator, contact=settings.contact
    )


def _clock_agrees() -> bool:
    """Whether this machine's clock is the database's: pages on a node that is off would show the wrong day."""
    moment = moment_of_database(db.session)
    return moment is None or abs(clock.own() - moment) < CLOCK_MAY_DIFFER


def _database_answers() -> bool:
    return db.session.execute(text("SELECT 1")).scalar() == 1
