"""What everybody chooses for themselves: language, look, the page to begin with, and where they are signed in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, get_domain, gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from outreach import labels
from outreach.accounts import commands, sessions
from outreach.accounts.forms import SettingsForm, settings_form
from outreach.accounts.models import Person
from outreach.accounts.signed_in import current_actor
from outreach.database import transaction
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.addresses import came_from
from outreach.web.pages import navigation

blueprint = Blueprint("settings", __name__)

Page = str | Response | tuple[str, int]


@blueprint.get("/settings")
@allowed()
def index() -> Page:
    """The page with everything one chose."""
    person = _person()
    return _page(person, settings_form(person, _start_pages()))


@blueprint.post("/settings")
@allowed()
def change() -> Page:
    """Keep the choices, and say so in the language just chosen."""
    form = settings_form(_person(), _start_pages())
    if not form.validate():
        return _page(_person(), form), 400
    with transaction(db.session):
        person = _person()
        start_page = form.start_page.data or None if "start_page" in form else person.start_page
        commands.change_settings(
            db.session,
            person=person,
            language=form.language.data,
            theme=form.theme.data or None,
            start_page=start_page,
            by=current_actor(),
        )
    _say_saved(form.language.data)
    return redirect(url_for("settings.index"))


@blueprint.post("/settings/language")
@allowed()
def change_language() -> Page:
    """Another language, from the foot of any page, and back to that page."""
    wanted = request.form.get("language", "")
    if wanted in labels.LANGUAGES:
        with transaction(db.session):
            person = _person()
            commands.change_settings(
                db.session,
                person=person,
                language=wanted,
                theme=person.theme,
                start_page=person.start_page,
                by=current_actor(),
            )
    return redirect(came_from(request))


@blueprint.post("/settings/end-other-sessions")
@allowed()
def end_other_sessions() -> Page:
    """Sign out everywhere but here."""
    with transaction(db.session):
        sessions.end_other_sessions(db.session, session_id=current_user.opened.session_id, by=current_actor())
    flash(_("You are signed in on this device only."), "success")
    return redirect(url_for("settings.index"))


def _person() -> Person:
    return db.session.get_one(Person, current_actor().person_id)


def _start_pages() -> list[tuple[str, str]]:
    """The pages of this role's main menu."""
    translated = get_domain().gettext
    return [(item["endpoint"], translated(item["label"])) for item in navigation(current_actor().role or "")]


def _say_saved(language: str) -> None:
    with force_locale(labels.locale(language)):
        flash(_("Saved."), "success")


def _page(person: Person, form: SettingsForm) -> str:
    opened = current_user.opened
    return render_template(
        "accounts/settings.html",
        person=person,
        form=form,
        fields=[form[name] for name in ("language", "theme", "start_page") if name in form],
        others=sessions.count_other_sessions(db.session, session_id=opened.session_id, person_id=person.id),
    )
