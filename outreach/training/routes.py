"""The pages only a training environment has: the mails of the sink, and a page while the world is made."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from outreach.extensions import db
from outreach.training import models, queries, style
from outreach.training.mails import Listed, find_mail, mails
from outreach.web.access import allowed
from outreach.web.filters import moment

__all__ = ["models", "register"]

PAGE = 100

OPEN_BEFORE = frozenset({"web.healthz", "web.readyz", "static", None})
"""What answers while the world is made; every other page says that one has to wait a little."""

MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
"""A mail's own page: no script, nothing from elsewhere, and apart from our cookies; its links may be followed."""

blueprint = Blueprint("training", __name__, url_prefix="/training")


def register(app: Flask) -> None:
    """Add these pages, in a training environment only."""
    if not app.config["SETTINGS"].training:
        return
    app.config["READY_CHECKS"]["world"] = _is_made
    app.register_blueprint(blueprint)
    app.register_blueprint(style.blueprint)
    app.before_request(_wait_for_the_world)
    app.context_processor(lambda: {"training_mails_url": url_for("training.index")})


@blueprint.get("/mails")
@allowed()
def index() -> str:
    """Newest first, a hundred on a page."""
    number = max(request.args.get("page", 1, type=int), 1)
    rows, total = mails(_folder(), first=(number - 1) * PAGE, count=PAGE)
    return render_template("training/mails.html", mails=[_row(row) for row in rows], pages=_pages(number, total))


@blueprint.get("/mails/<mail_id>")
@allowed()
def mail(mail_id: str) -> str:
    """One mail: recipients, headers and text, with its links."""
    found = find_mail(_folder(), mail_id)
    if found is None:
        abort(404)
    return render_template(
        "training/mail.html",
        mail=found,
        to=", ".join(found.recipients),
        at_text=moment(found.at),
        html_url=url_for("training.mail_html", mail_id=mail_id) if found.html else None,
        back_url=url_for("training.index"),
    )


@blueprint.get("/mails/<mail_id>/html")
@allowed()
def mail_html(mail_id: str) -> Response:
    """The mail as a mail program draws it, shut in a policy of its own."""
    found = find_mail(_folder(), mail_id)
    if found is None or found.html is None:
        abort(404)
    response = make_response(found.html)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


def _wait_for_the_world() -> Response | None:
    if request.endpoint in OPEN_BEFORE or _is_made():
        return None
    mark = queries.find_mark(db.session)
    page = render_template("training/making.html", doing=_doing(mark.percent if mark else 0))
    return Response(page, 503, {"Retry-After": "3"})


def _doing(percent: int) -> str | None:
    return _("%(percent)s percent done", percent=percent) if percent else None


def _is_made() -> bool:
    """Asked of the database until it says yes, then remembered."""
    known: dict[str, Any] = current_app.extensions.setdefault("training", {})
    if not known.get("made"):
        try:
            known["made"] = queries.world_is_made(db.session)
        except DBAPIError:
            return False
    return bool(known["made"])


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].data_dir / "mails"
    return folder


def _row(row: Listed) -> dict[str, str]:
    return {
        "url": url_for("training.mail", mail_id=row.id),
        "to": row.to,
        "subject": row.subject,
        "at_text": moment(row.at),
    }


def _pages(number: int, total: int) -> dict[str, Any]:
    count = max(-(-total // PAGE), 1)
    return {
        "number": number,
        "count": count,
        "previous_url": url_for("training.index", page=number - 1) if number > 1 else None,
        "next_url": url_for("training.index", page=number + 1) if number < count else None,
    }
