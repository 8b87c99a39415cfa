"""Somebody stops in a team: how much they leave behind, who takes over, and then the access ends."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts.forms import EndMembershipForm, end_membership_form
from outreach.accounts.models import ADMINISTRATOR, Membership
from outreach.accounts.queries import members
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.leaving import accompanied_by, leave_team, steps_of
from outreach.cases.routes.blueprint import blueprint
from outreach.cases.words import refusal
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import language

Page = str | Response | tuple[str, int]


@blueprint.get("/people/<int:person_id>/memberships/<int:membership_id>/end")
@allowed(ADMINISTRATOR)
def end_membership(person_id: int, membership_id: int) -> Page:
    """How many open steps and families this person has for the organisation, and who could take over."""
    membership = _find(person_id, membership_id)
    return _page(membership, _form(membership))


@blueprint.post("/people/<int:person_id>/memberships/<int:membership_id>/end")
@allowed(ADMINISTRATOR)
def send_end_membership(person_id: int, membership_id: int) -> Page:
    """Hand everything over, then end the membership; both or nothing."""
    form = _form(_find(person_id, membership_id))
    if form.validate():
        try:
            with transaction(db.session):
                membership = _find(person_id, membership_id)
                moved = leave_team(db.session, membership, handed_to=form.successor, by=current_actor())
                name = membership.person.name
        except Refused as error:
            form.form_errors.append(refusal(error, language()))
        else:
            if moved == 1:
                flash(_("%(name)s stopped; 1 open step was handed over.", name=name), "success")
            else:
                flash(_("%(name)s stopped; %(count)s open steps were handed over.", name=name, count=moved), "success")
            return redirect(url_for("people.person", person_id=person_id))
    return _page(_find(person_id, membership_id), form), 400


def _find(person_id: int, membership_id: int) -> Membership:
    found = db.session.get(Membership, membership_id)
    if found is None or found.person_id != person_id or found.ended_at is not None:
        abort(404)
    return found


def _form(membership: Membership) -> EndMembershipForm:
    return end_membership_form(membership, members(db.session, membership.organisation_id, on=clock.today()))


def _page(membership: Membership, form: EndMembershipForm) -> str:
    return render_template(
        "accounts/end_person.html",
        person={"name": membership.person.name},
        organisation=membership.organisation.name,
        open_steps=len(steps_of(db.session, membership)),
        companion_of=len(accompanied_by(db.session, membership)),
        form=form,
        fields=[form.handed_to],
        back_url=url_for("people.person", person_id=membership.person_id),
    )
