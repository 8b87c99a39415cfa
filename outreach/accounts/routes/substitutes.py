"""Who stands in for whom: administrators for everybody, a team lead for the own team."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts import commands, policy, queries
from outreach.accounts.actors import Actor
from outreach.accounts.forms import SubstituteForm, substitute_form
from outreach.accounts.models import ADMINISTRATOR, TEAM_LEAD, Membership, Substitution
from outreach.accounts.signed_in import current_actor
from outreach.accounts.words import refusal
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import language

blueprint = Blueprint("substitutes", __name__)

Page = str | Response | tuple[str, int]


@blueprint.get("/people/substitutes")
@allowed(ADMINISTRATOR, TEAM_LEAD)
def index() -> Page:
    """Who is or will be away, and the form for somebody more."""
    return _page(substitute_form(_team(current_actor())))


@blueprint.post("/people/substitutes")
@allowed(ADMINISTRATOR, TEAM_LEAD)
def add() -> Page:
    """Name a substitute."""
    form = substitute_form(_team(current_actor()))
    if form.validate():
        try:
            _named(form)
            return redirect(url_for("substitutes.index"))
        except Refused as error:
            form.form_errors.append(refusal(error, language()) or error.key)
    return _page(form), 400


def _named(form: SubstituteForm) -> None:
    with transaction(db.session):
        away = db.session.get_one(Membership, form.person.data)
        stands_in = db.session.get_one(Membership, form.substitute.data)
        if form.from_on.data is None or form.until_on.data is None:
            abort(400)
        commands.add_substitution(
            db.session,
            person=away.person,
            substitute=stands_in.person,
            organisation=away.organisation,
            from_on=form.from_on.data,
            until_on=form.until_on.data,
            by=current_actor(),
        )
    flash(_("The substitute is noted."), "success")


@blueprint.post("/people/substitutes/<int:substitution_id>/remove")
@allowed(ADMINISTRATOR, TEAM_LEAD)
def remove(substitution_id: int) -> Page:
    """The person is back."""
    with transaction(db.session):
        substitution = db.session.get(Substitution, substitution_id)
        if substitution is None or not policy.may_arrange_substitute(current_actor(), substitution.organisation_id):
            abort(404)
        commands.remove_substitution(db.session, substitution=substitution, by=current_actor())
    flash(_("The substitution has ended."), "success")
    return redirect(url_for("substitutes.index"))


def _team(actor: Actor) -> list[Membership]:
    """The people this actor may arrange it for."""
    if policy.may_manage_people(actor) or actor.organisation_id is None:
        return queries.all_members(db.session, clock.today())
    return queries.members(db.session, actor.organisation_id, on=clock.today())


def _page(form: SubstituteForm) -> str:
    actor, today = current_actor(), clock.today()
    own = None if policy.may_manage_people(actor) else actor.organisation_id
    rows = [
        {
            "person": row.person.name,
            "substitute": row.substitute.name,
            "organisation": row.organisation.name,
            "from_on": row.from_on,
            "until_on": row.until_on,
            "now": row.from_on <= today,
            "end_url": url_for("substitutes.remove", substitution_id=row.id),
        }
        for row in queries.substitutions(db.session, organisation_id=own, on=today)
    ]
    return render_template(
        "accounts/substitutes.html",
        substitutes=rows,
        form=form,
        fields=[form.person, form.substitute, form.from_on, form.until_on],
        back_url=url_for("people.index"),
    )
