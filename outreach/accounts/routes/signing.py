"""The way in, the way out, and the change of hat in between."""

import flask
from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts import queries, sessions, signed_in
from outreach.accounts.forms import SignInForm
from outreach.accounts.models import Membership
from outreach.accounts.sign_in import sign_in as try_sign_in
from outreach.accounts.signed_in import current_actor
from outreach.accounts.words import refusal
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.web.access import allowed, public
from outreach.web.addresses import own_page
from outreach.web.filters import language

blueprint = Blueprint("accounts", __name__)

Page = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]

TOKEN = "_user_id"
"""Where Flask-Login keeps the token in the cookie."""


@blueprint.get("/sign-in")
@public
def sign_in() -> Page:
    """The form; somebody who is already in goes on."""
    if current_user.is_authenticated:
        return redirect(own_page(request.args.get("next")))
    return _page(SignInForm())


@blueprint.post("/sign-in")
@public
def send_sign_in() -> Page:
    """Try the password; a wrong one is 401, one too many 429 with the seconds to wait."""
    form = SignInForm()
    if not form.validate():
        return _page(form), 400
    outcome = try_sign_in(
        db.session,
        email=form.email.data or "",
        password=form.password.data or "",
        address=request.remote_addr or "",
        old_token=flask.session.get(TOKEN),
    )
    opened = signed_in.load(outcome.token) if outcome.token else None
    if opened is not None:
        flask.session.clear()
        login_user(opened)
        return redirect(own_page(request.values.get("next")))
    if outcome.wait_seconds:
        form.form_errors.append(_wait(outcome.wait_seconds))
        return _page(form), 429, {"Retry-After": str(outcome.wait_seconds)}
    form.form_errors.append(_("This e-mail address and this password do not match."))
    return _page(form), 401


def _wait(seconds: int) -> str:
    if seconds == 1:
        return str(_("Too many tries. Wait 1 second and try again."))
    return str(_("Too many tries. Wait %(seconds)s seconds and try again.", seconds=seconds))


def _page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form)


@blueprint.post("/sign-out")
@allowed()
def sign_out() -> Page:
    """End the session here and in the database."""
    with transaction(db.session):
        sessions.end_session(db.session, current_user.get_id())
    logout_user()
    flask.session.clear()
    return redirect(flask.url_for("accounts.sign_in"))


@blueprint.get("/switch")
@allowed()
def switch() -> Page:
    """The organisations one may act for."""
    actor = current_actor()
    own = queries.memberships_of(db.session, actor.person_id, clock.today())
    choices = [
        {
            "id": one.id,
            "organisation": one.organisation.name,
            "role": signed_in.role_label(one.role),
            "area": None,
            "current": one.id == actor.membership_id,
        }
        for one in own
    ]
    return render_template("accounts/choose_membership.html", memberships=choices)


@blueprint.post("/switch")
@allowed()
def send_switch() -> Page:
    """Go on acting for another membership."""
    actor = current_actor()
    try:
        with transaction(db.session):
            membership = db.session.get(Membership, request.form.get("membership", 0, type=int))
            if membership is None:
                flask.abort(404)
            sessions.switch_membership(
                db.session, session_id=current_user.opened.session_id, membership=membership, by=actor
            )
    except Refused as error:
        flash(refusal(error, language()) or error.key, "error")
        return redirect(flask.url_for("accounts.switch"))
    return redirect("/")
