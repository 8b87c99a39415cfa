"""Everything is closed unless stated: each view says who may come in, and nobody else does."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, jsonify, make_response, redirect, request, url_for
from flask_login import current_user
from structlog import get_logger

log = get_logger()

F = TypeVar("F", bound=Callable[..., Any])

PUBLIC = "public"
ANYONE_SIGNED_IN = "signed-in"


def public(view: F) -> F:
    """A page for strangers; the list of these is short and guarded by a test."""
    view.outreach_rule = (PUBLIC,)  # type: ignore[attr-defined]
    return view


def allowed(*roles: str) -> Callable[[F], F]:
    """A page for these roles; without any, for everybody who is signed in (the query then decides what is seen)."""

    def mark(view: F) -> F:
        view.outreach_rule = roles or (ANYONE_SIGNED_IN,)  # type: ignore[attr-defined]
        return view

    return mark


def answers_json(view: F) -> F:
    """A view that scripts ask: a stranger gets 401 with JSON, not the way to the sign-in page."""
    view.outreach_json = True  # type: ignore[attr-defined]
    return view


def not_noted(view: F) -> F:
    """No last-seen is written for it: browsers ask by themselves, or it must get through while a list is written."""
    view.outreach_not_noted = True  # type: ignore[attr-defined]
    return view


def rule_of(app: Flask, endpoint: str) -> tuple[str, ...]:
    """The stated rule of an endpoint; empty when nobody stated one (then nobody comes in)."""
    if endpoint.endswith("static"):
        return (PUBLIC,)
    return getattr(app.view_functions[endpoint], "outreach_rule", ())


def keep_the_door() -> Any:
    """Before every request: strangers go to sign-in, others need the role the view states."""
    if request.endpoint is None:
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule == (PUBLIC,):
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if rule == (ANYONE_SIGNED_IN,):
        return None
    role = current_user.actor.role
    if role not in rule:
        log.warning("access_refused", endpoint=request.endpoint, person=current_user.actor.person_id, role=role)
        abort(403)
    return None


def _to_sign_in() -> Response:
    if getattr(current_app.view_functions.get(request.endpoint or ""), "outreach_json", False):
        return make_response(jsonify(signed_in=False), 401)
    if request.method == "GET" and request.endpoint != "cases.home":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))  # type: ignore[return-value]
    return redirect(url_for("accounts.sign_in"))  # type: ignore[return-value]
