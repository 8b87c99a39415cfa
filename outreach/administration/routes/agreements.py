"""To whom the steps of an area go, and the agreements under which it receives lists."""

from flask import abort
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import ADMINISTRATOR
from outreach.administration.commands import areas as commands
from outreach.administration.forms.areas import agreement_form, routing_form
from outreach.administration.forms.organisations import NothingForm
from outreach.administration.models import PartnerChange
from outreach.administration.routes.areas import at_area
from outreach.administration.routes.blueprint import Page, area_of, blueprint, see_area
from outreach.administration.routes.changing import Changing, answer
from outreach.administration.routes.shown import step_text
from outreach.cases.workflow import processes
from outreach.extensions import db
from outreach.partners import queries
from outreach.partners.models import Agreement, Area, Organisation, Routing
from outreach.web.access import allowed


@blueprint.route("/areas/<key>/routing/add", methods=["GET", "POST"])
@allowed(ADMINISTRATOR)
def route(key: str) -> Page:
    """To whom a step goes, for some children or for all; replaces what stood there."""
    return answer(lambda: _routing(see_area(key)))


def _routing(area: Area) -> Changing:
    today = clock.today()
    steps = {rule.key: step_text(rule.key) for process in processes() for rule in process.steps}
    partners = queries.organisations(db.session, area_id=area.id, on=today)
    form = routing_form(steps, partners, queries.municipalities_of(db.session, area.id, today))

    def do(actor: Actor) -> PartnerChange:
        organisation = db.session.get_one(Organisation, form.organisation.data)
        return commands.route(
            db.session, area, step=form.step.data, organisation=organisation, **form.children, by=actor
        )

    return Changing(
        **at_area(area),
        title=_("Who gets a step"),
        form=form,
        do=do,
        done=_("New steps go there from now on."),
        submit=_("Save"),
        remarks=[
            _("The row that says most about the child wins. What stood there for the same children is replaced."),
            _("Steps that are open stay with who has them."),
        ],
    )


@blueprint.route("/areas/<key>/routing/<int:routing_id>/remove", methods=["GET", "POST"])
@allowed(ADMINISTRATOR)
def remove_routing(key: str, routing_id: int) -> Page:
    """Take a row out of the table."""
    return answer(lambda: _removing(see_area(key), routing_id))


def _removing(area: Area, routing_id: int) -> Changing:
    row = db.session.get(Routing, routing_id)
    if row is None or row.area_id != area.id:
        abort(404)
    title = _("%(step)s to %(organisation)s", step=step_text(row.step), organisation=row.organisation.name)
    return Changing(
        **at_area(area),
        title=title,
        form=NothingForm(),
        do=lambda by: commands.remove_routing(db.session, area, row, by=by),
        done=_("The row is removed."),
        submit=_("Remove this row"),
        remarks=[_("Such steps then go where the other rows say, or to the only organisation of the right kind.")],
        tone="danger",
    )


@blueprint.route("/areas/<key>/agreements/add", methods=["GET", "POST"])
@allowed(ADMINISTRATOR)
def add_agreement(key: str) -> Page:
    """The paper under which one kind of list may come in."""
    return answer(lambda: _agreeing(see_area(key)))


def _agreeing(area: Area) -> Changing:
    form = agreement_form()
    return Changing(
        **at_area(area),
        title=_("Agreement"),
        form=form,
        do=lambda by: commands.add_agreement(db.session, area, source=form.source.data, **form.terms, by=by),
        done=_("The agreement is noted."),
        submit=_("Save"),
        remarks=[_("Without a valid agreement a list can be looked at, not loaded.")],
    )


@blueprint.route("/agreements/<int:agreement_id>", methods=["GET", "POST"])
@allowed(ADMINISTRATOR)
def change_agreement(agreement_id: int) -> Page:
    """Prolong it, end it sooner, or say better where the paper is."""
    return answer(lambda: _changing(agreement_id))


def _changing(agreement_id: int) -> Changing:
    found = db.session.get(Agreement, agreement_id)
    if found is None:
        abort(404)
    area, form = area_of(found.area_id), agreement_form(found)
    return Changing(
        **at_area(area),
        title=_("Agreement %(key)s", key=found.key),
        form=form,
        stored=agreement_form(found, blank=True),
        about=f"agreement:{found.id}",
        do=lambda by: commands.change_agreement(db.session, area, found, **form.terms, by=by),
        done=_("The agreement is changed."),
        submit=_("Save"),
    )
