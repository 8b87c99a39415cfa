"""Agreeing on the day of the next visit, and on who comes along."""

from typing import Any

from flask_babel import gettext as _

from outreach.cases import policy
from outreach.cases.commands.inviting import come_alone, invite_along
from outreach.cases.commands.planning import plan_visit
from outreach.cases.forms.steps import PlanForm
from outreach.cases.models import StepState
from outreach.cases.queries.finding import track_of
from outreach.cases.queries.invitations import coming_along, possible_company
from outreach.cases.queries.with_two import is_visit, visits_with_two
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.saying import Page, Saying, Spot, answer
from outreach.cases.routes.steps import named
from outreach.children.grants import Scope
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import day


@blueprint.route("/cases/<reference>/steps/<int:number>/plan", methods=["GET", "POST"])
@allowed(*WORKING)
def plan(reference: str, number: int) -> Page:
    """Agree on the day of the next visit."""
    return answer(Saying(may=_may, form=_form, say=_say, shown=_shown), reference, number)


def _may(spot: Spot) -> bool:
    steers = policy.may_steer(spot.actor, spot.case, spot.step)
    return steers and spot.step.side_of_id is None and spot.step.state != StepState.PAUSED


def _form(spot: Spot) -> PlanForm:
    """With who could come along, where somebody visits a family of the own team."""
    asked = coming_along(db.session, spot.step, also_today=True)
    made = PlanForm(on=spot.step.planned_on, at=spot.step.planned_at, along=asked.person_id if asked else 0)
    visits = is_visit(spot.step, track_of(db.session, spot.actor, spot.step))
    company = possible_company(db.session, spot.actor, spot.case, spot.step) if visits else []
    made.along.choices = [(0, _("Nobody")), *((row.person_id, row.person.name) for row in company)]
    if not company:
        del made.along
    return made


def _say(spot: Spot, form: PlanForm) -> str:
    if form.on.data is None:
        raise LookupError("validated as filled in")
    plan_visit(db.session, spot.case, spot.step, on=form.on.data, at=form.at.data, by=spot.actor)
    agreed = str(_("%(step)s is agreed for %(day)s.", step=named(spot), day=day(form.on.data)))
    if "along" not in form:
        return agreed
    company = possible_company(db.session, spot.actor, spot.case, spot.step)
    chosen = next((row for row in company if row.person_id == form.along.data), None)
    if chosen is None:
        come_alone(db.session, spot.case, spot.step, by=spot.actor)
        return agreed
    invite_along(db.session, spot.case, spot.step, colleague=chosen, by=spot.actor)
    return agreed + " " + str(_("%(name)s gets the invitation by mail.", name=chosen.person.name))


def _shown(spot: Spot, form: PlanForm) -> dict[str, Any]:
    by_two = "along" in form and _goes_by_two(spot)
    return {
        "title": _("Agree on a day"),
        "intro": named(spot),
        "fields": [form.on, form.at, *([form.along] if "along" in form else [])],
        "submit_label": _("Save"),
        "looks": {"at": "tight"},
        "warning": _("This family is visited by two. Choose who comes along.") if by_two else None,
    }


def _goes_by_two(spot: Spot) -> bool:
    """Only asked for who has a visit of the own team before them, and sees the whole case."""
    if spot.scope is not Scope.FULL or spot.child is None:
        return False
    return bool(visits_with_two(db.session, spot.actor, [spot.child.household_id]))
