"""The outbox page: which mail went out, which waits, which failed, and sending a failed one again."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.notifications import commands, queries
from outreach.notifications.lines import WORDS
from outreach.notifications.models import STATES
from outreach.web.access import allowed

ROLES = ("administrator", "coordinator")

blueprint = Blueprint("notifications", __name__)


@blueprint.get("/outbox")
@allowed(*ROLES)
def outbox() -> str:
    """Newest first; `?state=failed` narrows, `?page=2` goes on."""
    state = request.args.get("state") or None
    if state is not None and state not in STATES:
        abort(404)
    page = max(1, min(request.args.get("page", 1, int), 10_000))
    rows, more = queries.outbox_rows(db.session, state=state, page=page)
    reasons = {row.last_error: _error(row.last_error) for row in rows if row.last_error}
    counts = queries.messages_by_state(db.session)
    return render_template(
        "notifications/outbox.html",
        messages=rows,
        reasons=reasons,
        state=state,
        states=STATES,
        counts=counts,
        page=page,
        more=more,
    )


@blueprint.post("/outbox/<int:message_id>/resend")
@allowed(*ROLES)
def resend(message_id: int) -> Response:
    """Put a failed mail back in the queue."""
    with transaction(db.session):
        if queries.find_message(db.session, message_id) is None:
            abort(404)
        try:
            commands.resend(db.session, message_id, by=f"person:{current_user.actor.person_id}")
        except Refused as refusal:
            flash(WORDS.text(f"refused.{refusal.key}", _language()), "error")
        else:
            flash(_("The mail is in the queue again."), "success")
    return redirect(url_for("notifications.outbox", state=request.args.get("state")))


def _error(key: str) -> str:
    return WORDS.text(f"error.{key}", _language())


def _language() -> str:
    return str(get_locale() or "nl")[:2]
