"""Who is signed in during this request, for Flask-Login, the pages and the language."""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, current_app, g, request, url_for
from flask_login import UserMixin, current_user

from outreach.accounts import passwords, sessions
from outreach.accounts.actors import Actor
from outreach.accounts.words import WORDS
from outreach.database import transaction
from outreach.extensions import db, login_manager
from outreach.labels import LANGUAGES
from outreach.partners.words import WORDS as PARTNER_WORDS
from outreach.web.filters import language

LANGUAGE_COOKIE = "outreach_language"
"""The language of the last page: the sign-in page speaks it too."""


class SignedIn(UserMixin):  # type: ignore[misc]
    """The session of this request; holds plain values, so that it outlives every transaction."""

    def __init__(self, token: str, opened: sessions.OpenSession) -> None:
        self._token = token
        self.opened = opened
        self.actor = opened.actor

    def get_id(self) -> str:
        """What the cookie keeps: the token of a row that can be ended."""
        return self._token


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> SignedIn | None:
    """The session of a cookie, while its row says so."""
    opened = sessions.find_open_session(db.session, token)
    return SignedIn(token, opened) if opened else None


def current_actor() -> Actor:
    """Who is acting in this request; 401 for a stranger (the door has normally seen to that)."""
    actor: Actor | None = getattr(current_user, "actor", None)
    if actor is None:
        abort(401)
    return actor


def language_of_request() -> str:
    """The language of this page: the person's own; a stranger's as asked, as last time, or as the browser says."""
    actor: Actor | None = getattr(current_user, "actor", None)
    if actor is not None:
        return actor.language
    asked = (request.args.get("language"), request.cookies.get(LANGUAGE_COOKIE))
    spoken = (tag[:2].lower() for tag in request.accept_languages.values())  # nl-BE is Dutch, and best comes first
    return next((key for key in (*asked, *spoken) if key in LANGUAGES), "nl")


def _remember_language(response: Response) -> Response:
    """Keep what was chosen, by a person or on a page for strangers, for when nobody is signed in."""
    shown = g.get("language") if response.mimetype == "text/html" else None
    chosen = current_user.is_authenticated or request.args.get("language") == shown
    if shown and chosen and request.cookies.get(LANGUAGE_COOKIE) != shown:
        response.set_cookie(
            LANGUAGE_COOKIE,
            shown,
            max_age=timedelta(days=365),
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def register(app: Flask) -> None:
    """Sessions by rows alone, last-seen, the cost of passwords, and who one is on every page."""
    passwords.install(cheap=app.config["SETTINGS"].testing)
    login_manager.session_protection = None  # an address changes on the road; the row decides
    app.before_request(_note_seen)
    app.after_request(_remember_language)
    app.context_processor(_me)
    app.jinja_env.filters.update(role=role_label, organisation_kind=kind_label)


def role_label(key: str) -> str:
    """A role in the reader's language."""
    return WORDS.text(f"role.{key}", language())


def kind_label(key: str) -> str:
    """A kind of organisation in the reader's language."""
    return PARTNER_WORDS.text(f"kind.{key}", language())


def _note_seen() -> None:
    """Write last-seen at most every five minutes: with the reading log all that a GET writes."""
    if request.endpoint in (None, "static") or not current_user.is_authenticated:
        return
    if getattr(current_app.view_functions.get(request.endpoint or ""), "outreach_by_itself", False):
        return
    if current_user.opened.seen_long_ago:
        with transaction(db.session):
            sessions.note_seen(db.session, current_user.opened.session_id)


def _me() -> dict[str, Any]:
    if not current_user.is_authenticated:
        return {"me": None, "theme": None}
    opened = current_user.opened
    return {
        "theme": opened.theme,
        "me": {
            "name": opened.actor.name,
            "initials": _initials(opened.actor.name),
            "organisation": opened.organisation_name,
            "role": role_label(opened.actor.role),
            "settings_url": url_for("settings.index"),
            "sign_out_url": url_for("accounts.sign_out"),
            "switch_url": url_for("accounts.switch") if opened.places > 1 else None,
        },
    }


def _initials(name: str) -> str:
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()
