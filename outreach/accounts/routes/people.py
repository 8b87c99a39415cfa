"""The administration of people: who is where, who is new, who gets a new password."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts import commands, passwords, policy, queries
from outreach.accounts.forms import NewPersonForm, PersonForm, new_person_form, person_form
from outreach.accounts.models import ADMINISTRATOR, TEAM_LEAD, Membership, Person
from outreach.accounts.routes.listed import person_rows
from outreach.accounts.signed_in import current_actor, role_label
from outreach.accounts.words import refusal
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.partners.models import Organisation
from outreach.partners.queries import organisations
from outreach.web.access import allowed
from outreach.web.filters import day, language

blueprint = Blueprint("people", __name__)

Page = str | Response | tuple[str, int]

PER_PAGE = 50


@blueprint.get("/people")
@allowed(ADMINISTRATOR, TEAM_LEAD)
def index() -> Page:
    """Everybody; for a team lead the own team."""
    actor = current_actor()
    manages = policy.may_manage_people(actor)
    own = None if manages else actor.organisation_id
    number = max(request.args.get("page", 1, type=int), 1)
    found, count = queries.people_page(
        db.session,
        organisation_id=own,
        first=(number - 1) * PER_PAGE,
        count=PER_PAGE,
    )
    return render_template(
        "accounts/people.html",
        people=person_rows(db.session, found, organisation_id=own),
        add_url=url_for("people.add") if manages else None,
        substitutes_url=url_for("substitutes.index"),
        pages=_pages(number, -(-count // PER_PAGE)),
    )


def _pages(number: int, count: int) -> dict[str, Any]:
    return {
        "number": number,
        "count": count,
        "previous_url": url_for("people.index", page=number - 1) if number > 1 else None,
        "next_url": url_for("people.index", page=number + 1) if number < count else None,
    }


@blueprint.get("/people/add")
@allowed(ADMINISTRATOR)
def add() -> Page:
    """The form for somebody new."""
    return _new_page(new_person_form(organisations(db.session, on=clock.today())))


@blueprint.post("/people/add")
@allowed(ADMINISTRATOR)
def send_add() -> Page:
    """Add somebody; a known e-mail address gets one more membership."""
    form = new_person_form(organisations(db.session, on=clock.today()))
    if form.validate():
        try:
            return redirect(url_for("people.person", person_id=_added(form)))
        except Refused as error:
            form.form_errors.append(_words(error))
    return _new_page(form), 400


def _new_page(form: NewPersonForm) -> str:
    fields = [form.email, form.name, form.organisation, form.role, form.language]
    return render_template(
        "accounts/person_form.html", person=None, form=form, fields=fields, back_url=url_for("people.index")
    )


def _added(form: NewPersonForm) -> int:
    with transaction(db.session):
        membership = commands.add_person(
            db.session,
            email=form.email.data or "",
            name=form.name.data or "",
            role=form.role.data,
            organisation=db.session.get_one(Organisation, form.organisation.data),
            language=form.language.data,
            by=current_actor(),
        )
        person_id = membership.person_id
    flash(_("Added. Make a password for somebody who is new."), "success")
    return person_id


@blueprint.get("/people/<int:person_id>")
@allowed(ADMINISTRATOR)
def person(person_id: int) -> Page:
    """One person: name and language, memberships, a new password."""
    found = _find(person_id)
    return _person_page(found, person_form(found))


@blueprint.post("/people/<int:person_id>")
@allowed(ADMINISTRATOR)
def change(person_id: int) -> Page:
    """Another name or language."""
    found = _find(person_id)
    form = person_form(found)
    if not form.validate():
        return _person_page(found, form), 400
    with transaction(db.session):
        commands.change_person(
            db.session,
            person=_find(person_id),
            name=form.name.data or "",
            language=form.language.data,
            by=current_actor(),
        )
    flash(_("Saved."), "success")
    return redirect(url_for("people.person", person_id=person_id))


@blueprint.post("/people/<int:person_id>/password")
@allowed(ADMINISTRATOR)
def reset_password(person_id: int) -> Page:
    """Make a new password and show it this once; it is kept nowhere, not in the browser's cookie either."""
    made = passwords.random_password()
    password_hash = passwords.hash_password(made)
    try:
        with transaction(db.session):
            commands.set_password(db.session, person=_find(person_id), password_hash=password_hash, by=current_actor())
    except Refused as error:
        flash(_words(error), "error")
        return redirect(url_for("people.person", person_id=person_id))
    flash(_("The new password, shown only now: %(password)s", password=made), "success")
    found = _find(person_id)
    return _person_page(found, person_form(found))


def _find(person_id: int) -> Person:
    found = db.session.get(Person, person_id)
    if found is None or found.actor_key is not None:
        abort(404)
    return found


def _person_page(found: Person, form: PersonForm) -> str:
    return render_template(
        "accounts/person_form.html",
        person=found,
        form=form,
        fields=[form.name, form.language],
        back_url=url_for("people.index"),
        memberships=[_place(row) for row in queries.memberships_of(db.session, found.id, clock.today())],
        reset_url=None if found.ended_at else url_for("people.reset_password", person_id=found.id),
    )


def _place(row: Membership) -> dict[str, str]:
    return {
        "organisation": row.organisation.name,
        "role": role_label(row.role),
        "since_text": _("since %(day)s", day=day(row.from_on)),
        "end_url": f"/people/{row.person_id}/memberships/{row.id}/end",  # a page of the room that knows the steps
    }


def _words(error: Refused) -> str:
    return refusal(error, language()) or error.key
