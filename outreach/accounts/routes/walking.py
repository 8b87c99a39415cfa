"""The first hints on the page one begins with: the next one, enough, or all of them once more."""

from typing import Any

from flask import Blueprint, Flask, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from outreach.accounts.signed_in import current_actor
from outreach.accounts.walk import HINTS, LENGTH, hints_seen, note_hints_seen, walk_of
from outreach.database import transaction
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.addresses import own_page
from outreach.web.filters import language
from outreach.web.pages import navigation

blueprint = Blueprint("walk", __name__)

HOME = "cases.home"
"""Where somebody begins who has no menu."""


def register(app: Flask) -> None:
    """Show the hint that is next on the page somebody begins with."""
    app.context_processor(lambda: {"hint": _hint()})


@blueprint.post("/hints")
@allowed()
def note_hint() -> Response:
    """So many were seen; back to the page. With 0 they begin anew, on the start page."""
    seen = request.form.get("seen", LENGTH, type=int)
    with transaction(db.session):
        note_hints_seen(db.session, seen=seen, by=current_actor())
    return redirect(own_page(request.form.get("back")))


def _hint() -> dict[str, Any] | None:
    if request.method != "GET" or not current_user.is_authenticated or request.endpoint != _begins_with():
        return None
    actor = current_actor()
    seen = hints_seen(db.session, actor)
    if seen >= LENGTH:
        return None
    text = HINTS.text(f"{walk_of(actor)}.{seen + 1}", language())
    return {"text": text, "number": seen + 1, "of": LENGTH}


def _begins_with() -> str:
    chosen: str | None = current_user.opened.start_page
    menu = [item["endpoint"] for item in navigation(current_actor().role or "")]
    if chosen in menu:
        return chosen or HOME
    return menu[0] if menu else HOME
