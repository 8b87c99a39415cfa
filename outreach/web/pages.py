"""Headers, error pages and the values every template may use."""

from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from outreach.labels import LANGUAGES
from outreach.web import filters
from outreach.web.compressing import compress
from outreach.web.submissions import new_key

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)

_ASKED_AGAIN = {"device.worker": "no-cache", "cases.calendar": "private, no-cache"}
"""What a program may keep if it asks each time whether it changed; everything else is kept nowhere."""

HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), contacts=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def register(app: Flask) -> None:
    """Give the application its headers, filters, error pages and page values."""
    app.after_request(_add_headers)
    app.after_request(compress)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(CSRFError, _expired_page)
    app.register_error_handler(OperationalError, _busy_page)
    app.context_processor(_page_values)
    app.jinja_env.globals["new_submission_key"] = new_key
    filters.register(app)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":  # files one downloads, too; a worker is looked at anew each time instead
        response.headers["Cache-Control"] = _ASKED_AGAIN.get(request.endpoint or "", "no-store")
    return response


def mark_static_file(headers: Any, _path: str, _url: str) -> None:
    """A file of ours is what its name says, whatever a browser thinks it sees in it."""
    headers["X-Content-Type-Options"] = HEADERS["X-Content-Type-Options"]


def _error_page(error: HTTPException) -> tuple[str, int] | Response:
    if error.response is not None or error.code is None:
        return error.get_response()  # type: ignore[return-value]
    known = {403, 404, 405, 409, 413, 429}
    name = str(error.code) if error.code in known else ("500" if error.code >= 500 else "400")
    return render_template(f"errors/{name}.html", error=error), error.code


def _expired_page(_error: CSRFError) -> tuple[str, int]:
    """A form that lay open too long: nothing typed is lost, it is offered again."""
    return render_template("errors/expired.html", fields=_typed_fields(), path=request.full_path), 400


def _busy_page(error: OperationalError) -> Response:
    """The embedded database has one writer, and a long list is being written: what was typed is offered again."""
    if getattr(error.orig, "sqlite_errorname", "") not in ("SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT"):
        raise error
    fields = _typed_fields() if request.method == "POST" else []
    page = render_template("errors/busy.html", fields=fields, path=request.full_path, sent=request.method == "POST")
    return Response(page, 503, {"Retry-After": "30"})


def _typed_fields() -> list[tuple[str, str]]:
    hidden = {"csrf_token", "password"}
    return [(name, value) for name, values in request.form.lists() if name not in hidden for value in values]


def _page_values() -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    actor = getattr(current_user, "actor", None)
    return {
        "actor": actor,
        "language": filters.language(),
        "languages": LANGUAGES,
        "with_language": _with_language,
        "nav": navigation(actor.role) if actor else [],
        "training": settings.training,
    }


def _with_language(key: str) -> str:
    """This page for strangers, in another language; the page one wanted stays in the address."""
    asked = {**request.args.to_dict(), "language": key}
    return f"{request.path}?{urlencode(asked)}"


_NAV: list[tuple[int, str, str, str, frozenset[str]]] = []


def add_to_navigation(
    endpoint: str, label: str, icon: str, roles: frozenset[str] = frozenset(), *, place: int = 100
) -> None:
    """A room's page in the main menu, for these roles (none = everybody); `place` orders it from left to right."""
    entry = (place, endpoint, label, icon, roles)
    if entry not in _NAV:
        _NAV.append(entry)


def navigation(role: str) -> list[dict[str, str]]:
    """The main menu of a role: endpoint, label (a message id), icon."""
    return [
        {"endpoint": endpoint, "label": label, "icon": icon}
        for _place, endpoint, label, icon, roles in sorted(_NAV, key=itemgetter(0))
        if not roles or role in roles
    ]
