"""A new school year: each school with steps that woke says first who its contact is."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach.accounts.actors import Actor
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.naming_contacts import name_contact
from outreach.cases.forms.school_contacts import MAILBOX, ContactForm
from outreach.cases.queries.choices import colleagues
from outreach.cases.queries.school_contacts import Asked, schools_asked
from outreach.cases.routes.blueprint import blueprint
from outreach.cases.words import refusal
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import language
from outreach.web.submissions import first_time, new_key

ROLES = ("coordinator", "team-lead", "school-contact")

Page = str | Response | tuple[str, int]


@blueprint.get("/school-contacts")
@allowed(*ROLES)
def school_contacts() -> Page:
    """The schools that are asked, each with the people who work there."""
    return _page(schools_asked(db.session, current_actor()))


@blueprint.post("/school-contacts")
@allowed(*ROLES)
def send_school_contact() -> Page:
    """Name the contact of one school; its steps go there at once."""
    actor = current_actor()
    asked = schools_asked(db.session, actor)
    one = _asked_about(asked)
    if one is None:
        flash(_("This school named its contact already."), "success")
        return redirect(url_for("cases.school_contacts"))
    form = _form(one)
    if not form.validate():
        return _page(asked, form, one), 400
    try:
        _name_once(actor, form)
    except Refused as error:
        form.form_errors.append(refusal(error, language()))
        return _page(asked, form, one), 400
    return redirect(url_for("cases.school_contacts"))


def _name_once(actor: Actor, form: ContactForm) -> None:
    sent = request.form.get("submission_key") or new_key()
    with transaction(db.session):
        one = _asked_about(schools_asked(db.session, actor))
        if one is not None and first_time(db.session, key=sent, person_id=actor.person_id):
            mailbox = form.mailbox.data
            count = name_contact(db.session, one.school, person_id=form.person_id, mailbox=mailbox, by=actor)
            flash(_done(one, count), "success")


def _asked_about(asked: list[Asked]) -> Asked | None:
    return next((each for each in asked if each.school.id == request.form.get("school", type=int)), None)


def _done(one: Asked, count: int) -> str:
    if count == 1:
        return str(_("%(school)s: the contact is known, and 1 step is theirs.", school=one.school.name))
    return str(
        _("%(school)s: the contact is known, and %(count)s steps are theirs.", school=one.school.name, count=count)
    )


def _form(one: Asked) -> ContactForm:
    form = ContactForm(mailbox=one.school.mailbox or "", prefix=f"school-{one.school.id}")
    people = [(str(person_id), name) for person_id, name in colleagues(db.session, one.school.id)]
    form.contact.choices = [*people, (MAILBOX, _("The mailbox of the school"))]
    return form


def _page(asked: list[Asked], wrong: ContactForm | None = None, at: Asked | None = None) -> str:
    shown: list[dict[str, Any]] = [
        {"key": one.school.id, "name": one.school.name, "steps": one.steps, "form": wrong if one == at else _form(one)}
        for one in asked
    ]
    return render_template("cases/school_contacts.html", schools=shown)
