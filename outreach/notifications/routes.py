"""The outbox page: which mail went out, which waits, which failed, and sending a failed one again."""

from collections.abc import Collection
from itertools import groupby
from typing import Any

from flask import Blueprint, Flask, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_mail import Mail
from werkzeug.wrappers import Response

from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.notifications import addresses, commands, queries
from outreach.notifications.letters import line_text, rule_text, subject_of
from outreach.notifications.lines import GROUPS
from outreach.notifications.models import CLAIMED, RESENDABLE, STATES, OutboxMessage
from outreach.notifications.words import WORDS
from outreach.web.access import allowed
from outreach.web.filters import language, moment
from outreach.web.pages import add_to_navigation

_MARKS = {CLAIMED: "sending"}
"""The word the page's marks use where the outbox says another."""

COORDINATOR = "coordinator"
ROLES = ("administrator", COORDINATOR)

blueprint = Blueprint("notifications", __name__)


def register(app: Flask) -> None:
    """Add the outbox page, and Flask-Mail for writing letters."""
    Mail(app)
    app.register_blueprint(blueprint)
    add_to_navigation("notifications.outbox", "Outbox", "outbox", frozenset(ROLES), place=40)


@blueprint.get("/outbox")
@allowed(*ROLES)
def outbox() -> str:
    """Newest first; `?state=failed` narrows, as `kind` does and `like` (to whom that mail went); `?page=2` goes on."""
    narrowed = _narrowed()
    page = max(1, min(request.args.get("page", 1, int), 10_000))
    counts = queries.messages_by_state(db.session, narrowed)
    wrong = [
        each for each in addresses.wrong_addresses(db.session) if narrowed.near is None or each.address in narrowed.near
    ]
    rows = queries.outbox_rows(db.session, narrowed, page=page)
    return render_template(
        "notifications/outbox.html",
        letters=[_shown(row) for row in rows],
        wrong=[{"address": each.address, "why": _word(f"error.{each.error}"), "at": moment(each.at)} for each in wrong],
        states=_choices(counts, narrowed.state),
        kinds=_kinds(narrowed.kind),
        address=narrowed.address,
        of_all=narrowed.near is None,
        everybody_url=_link(like=None),
        pages=_pages(counts, narrowed.state, page),
    )


def _narrowed() -> queries.Narrowed:
    """What the address asks for; an address of mail stands in no address of a page, so a mail to it is named."""
    state, kind = request.args.get("state") or None, request.args.get("kind") or None
    if (state is not None and state not in STATES) or (kind is not None and f"kind_of_mail.{kind}" not in WORDS):
        abort(404)
    like = request.args.get("like", None, int)
    row = queries.find_message(db.session, like, _near()) if like is not None else None
    if like is not None and row is None:
        abort(404)
    return queries.Narrowed(_near(), state, kind, row.address if row else None)


def _near() -> Collection[str] | None:
    """The addresses whose mail this reader looks after; None is every one."""
    if "mail_near" not in g:
        g.mail_near = current_app.extensions["mail_near"](db.session, current_user.actor)
    near: Collection[str] | None = g.mail_near
    return near


def _link(**changed: Any) -> str:
    """This page, narrowed otherwise."""
    kept = {name: request.args.get(name) or None for name in ("state", "kind", "like")}
    return url_for("notifications.outbox", **{**kept, **changed})


@blueprint.get("/outbox/<int:message_id>")
@allowed(*ROLES)
def mail(message_id: int) -> str:
    """One mail: what became of it, what it says, and why each line was written."""
    row = queries.find_message(db.session, message_id, _near())
    if row is None:
        abort(404)
    return render_template(
        "notifications/mail.html",
        mail=_shown(queries.outbox_row(db.session, row)),
        story=_story(row),
        groups=_groups([_said(line) for line in queries.said_lines(db.session, message_id)]),
        like_url=url_for("notifications.outbox", like=message_id),
        purged=row.purged_at is not None,
        wrong=addresses.is_wrong(db.session, row.address),
        wrong_url=url_for("notifications.mark_wrong", message_id=message_id),
        back_url=url_for("notifications.outbox"),
    )


@blueprint.post("/outbox/<int:message_id>/wrong")
@allowed(*ROLES)
def mark_wrong(message_id: int) -> Response:
    """The address of this mail is wrong: nothing goes there any more."""
    with transaction(db.session):
        row = queries.find_message(db.session, message_id, _near())
        if row is None:
            abort(404)
        addresses.mark_wrong(db.session, address=row.address, by=f"person:{current_user.actor.person_id}")
    flash(_("No mail goes to this address any more. Correct it with the person or the organisation."), "success")
    return redirect(url_for("notifications.mail", message_id=message_id))


@blueprint.post("/outbox/<int:message_id>/right")
@allowed(*ROLES)
def clear_wrong(message_id: int) -> Response:
    """The address of this mail is right after all."""
    with transaction(db.session):
        row = queries.find_message(db.session, message_id, _near())
        if row is None:
            abort(404)
        addresses.clear_wrong(db.session, address=row.address, by=f"person:{current_user.actor.person_id}")
    flash(_("Mail goes to this address again."), "success")
    return redirect(url_for("notifications.mail", message_id=message_id))


@blueprint.post("/outbox/<int:message_id>/resend")
@allowed(*ROLES)
def resend(message_id: int) -> Response:
    """Put a failed mail back in the queue."""
    with transaction(db.session):
        if queries.find_message(db.session, message_id, _near()) is None:
            abort(404)
        try:
            commands.resend(db.session, message_id, by=f"person:{current_user.actor.person_id}")
        except Refused as refusal:
            flash(_word(f"refused.{refusal.key}"), "error")
        else:
            flash(_("The mail is in the queue again."), "success")
    return redirect(url_for("notifications.outbox", state=request.args.get("state")))


def _shown(row: queries.OutboxRow) -> dict[str, Any]:
    at = row.sent_at or row.failed_at or row.not_before_at or row.queued_at
    return {
        "id": row.id,
        "to": row.address,
        "kind": _word(f"kind_of_mail.{row.kind}"),
        "subject": subject_of(row.lines, language(), kind=row.kind) if row.lines else _word(f"kind_of_mail.{row.kind}"),
        "state": _MARKS.get(row.state, row.state),
        "state_label": _word(f"state.{row.state}"),
        "at_text": moment(at),
        "tries": row.attempts,
        "fault": _word(f"error.{row.last_error}") if row.last_error else None,
        "url": url_for("notifications.mail", message_id=row.id),
        "resend_url": url_for("notifications.resend", message_id=row.id) if row.state in RESENDABLE else None,
    }


def _story(row: OutboxMessage) -> list[tuple[str, str]]:
    """What happened to a mail, in order."""
    steps = [
        (_("queued"), row.queued_at),
        (_("sent again by hand"), row.resent_at),
        (_("sent"), row.sent_at),
        (_("failed"), row.failed_at),
        (_("contents removed"), row.purged_at),
    ]
    return [(moment(at), label) for label, at in steps if at is not None]


def _groups(lines: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The lines under their headings, in the order of the mail."""
    lines.sort(key=lambda line: line["place"])
    return [(heading, list(of)) for heading, of in groupby(lines, key=lambda line: str(line["group"]))]


def _said(line: queries.SaidLine) -> dict[str, Any]:
    return {
        "place": GROUPS.index(line.group),
        "group": _word(f"group.{line.group}"),
        "text": line_text(line.key, line.data, current_app.extensions["step_label"], language()),
        "why": rule_text(line.rule, language()),
        "url": line.data["path"] if current_user.actor.role == COORDINATOR else None,
        "gone": _word(f"withdrawn.{line.withdrawn_why or 'changed'}") if line.withdrawn_at else None,
    }


def _choices(counts: dict[str, int], state: str | None) -> list[dict[str, Any]]:
    """All mails first, then each state, with how many."""
    choices: list[tuple[str | None, str, int]] = [(None, _("All"), sum(counts.values()))]
    choices += [(key, _word(f"state.{key}"), counts.get(key, 0)) for key in STATES]
    return [
        {"label": label, "count": count, "current": key == state, "url": _link(state=key)}
        for key, label, count in choices
    ]


def _kinds(chosen: str | None) -> list[dict[str, Any]]:
    """Every kind of mail there is, when there is more than one."""
    there = queries.kinds_sent(db.session, _near())
    if len(there) < 2 and chosen is None:
        return []
    choices: list[tuple[str | None, str]] = [(None, _("Every kind"))]
    choices += [(key, _word(f"kind_of_mail.{key}")) for key in there]
    return [{"label": label, "current": key == chosen, "url": _link(kind=key)} for key, label in choices]


def _pages(counts: dict[str, int], state: str | None, page: int) -> dict[str, Any]:
    total = sum(counts.values()) if state is None else counts.get(state, 0)
    last = max(1, -(-total // queries.PER_PAGE))

    def url(number: int) -> str | None:
        return _link(page=number) if 1 <= number <= last else None

    return {"number": page, "count": last, "previous_url": url(page - 1), "next_url": url(page + 1)}


def _word(key: str) -> str:
    return WORDS.text(key, language())
