"""Families given to a team in waves: first who would start when, then it is done."""

from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach.accounts.actors import Actor
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.waves import Move, Waves, assign_in_waves, plan_waves
from outreach.cases.forms.area import WavesForm
from outreach.cases.queries import area_list
from outreach.cases.queries.area_list import Chosen, Waiting
from outreach.cases.routes.area import ROLES, Page, area_page, see_area, waves_form
from outreach.cases.routes.blueprint import blueprint
from outreach.cases.routes.households_shown import address_of
from outreach.cases.routes.shown import is_compulsory, step_name
from outreach.cases.words import choices, label, refusal
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.partners.models import Area, Organisation
from outreach.web.access import allowed
from outreach.web.filters import day, language
from outreach.web.submissions import first_time, new_key


@blueprint.post("/areas/<key>/waves")
@allowed(*ROLES)
def preview_waves(key: str) -> Page:
    """Which household starts when; nothing changes yet."""
    actor = current_actor()
    area = see_area(actor, key)
    form = waves_form(actor, area, request.form)
    ticked = _ticked()
    filled_in = form.validate()
    if not ticked:
        form.form_errors.append(_("Tick at least one household."))
    if not filled_in or not ticked:
        return area_page(actor, area, form, ticked), 400
    try:
        return _preview(actor, area, form, ticked)
    except Refused as error:
        form.form_errors.append(refusal(error, language()))
        return area_page(actor, area, form, ticked), 400


@blueprint.post("/areas/<key>/waves/confirm")
@allowed(*ROLES)
def assign_waves(key: str) -> Page:
    """Give the families to the team, as previewed; sent twice it is done once."""
    actor = current_actor()
    area = see_area(actor, key)
    form = waves_form(actor, area, request.form)
    if not form.validate():
        return area_page(actor, area, form, _ticked()), 400
    try:
        _assign_once(actor, key, form)
    except Refused as error:
        return _refused(actor, see_area(actor, key), form, error), 400
    return redirect(url_for("cases.area", key=key))


def _assign_once(actor: Actor, key: str, form: WavesForm) -> None:
    sent = request.form.get("submission_key") or new_key()
    with transaction(db.session):
        area = see_area(actor, key)
        if first_time(db.session, key=sent, person_id=actor.person_id):
            flash(_done_text(_assign(actor, area, form), form), "success")


def _refused(actor: Actor, area: Area, form: WavesForm, error: Refused) -> str:
    """The preview again with what is missing; the list, when nothing of it can be given any more."""
    form.form_errors.append(refusal(error, language()))
    try:
        return _preview(actor, area, form, _ticked())
    except Refused:
        return area_page(actor, area, form, _ticked())


def _assign(actor: Actor, area: Area, form: WavesForm) -> Waves:
    organisation_id, person_id = form.team
    return assign_in_waves(
        db.session,
        _waiting(actor, area, _ticked(), for_change=True),
        organisation=db.session.get_one(Organisation, organisation_id),
        person_id=person_id,
        per_week=form.households_a_week,
        first_on=form.first_on,
        by=actor,
        schooling_check=form.schooling_check.data or None,
    )


def _preview(actor: Actor, area: Area, form: WavesForm, ticked: list[int]) -> str:
    organisation_id, _person = form.team
    waves = plan_waves(
        db.session,
        _waiting(actor, area, ticked),
        organisation=db.session.get_one(Organisation, organisation_id),
        per_week=form.households_a_week,
        first_on=form.first_on,
        by=actor,
    )
    form.schooling_check.choices = choices("schooling_check", language())
    return render_template(
        "cases/waves.html",
        area=area,
        team=form.team_name,
        form=form,
        asks_check=waves.asks_schooling_check,
        kept=[("household", household_id) for household_id in waves.households],
        weeks=[{"starts_on": on, "households": _households(actor, list(moves))} for on, moves in _weeks(waves)],
        left_out=[_stays(each.waiting, each.reason) for each in waves.left_out],
        confirm_url=url_for("cases.assign_waves", key=area.key),
        back_url=url_for("cases.area", key=area.key),
    )


def _ticked() -> list[int]:
    return request.form.getlist("household", type=int)


def _waiting(actor: Actor, area: Area, ticked: list[int], *, for_change: bool = False) -> list[Waiting]:
    """The living steps of the ticked households, in the order in which they are to start."""
    urgency = area_list.households(db.session, actor, area, Chosen())
    order = sorted(set(ticked) & urgency.keys(), key=lambda household_id: (urgency[household_id], household_id))
    return area_list.waiting_steps(db.session, actor, area, order, for_change=for_change)


def _weeks(waves: Waves) -> Any:
    return groupby(waves.moves, key=lambda move: move.starts_on)


def _households(actor: Actor, moves: list[Move]) -> list[dict[str, Any]]:
    found = []
    for _household, group in groupby(moves, key=lambda move: move.waiting.child.household_id):
        each = list(group)
        address, neighbourhood = address_of(actor, [move.waiting for move in each])
        found.append(
            {"address": address, "neighbourhood": neighbourhood, "children": [_child(move.waiting) for move in each]}
        )
    return found


def _child(waiting: Waiting) -> dict[str, Any]:
    return {
        "name": waiting.child.name,
        "reference": waiting.case.reference,
        "step": step_name(waiting.track, waiting.step),
        "compulsory": is_compulsory(waiting.child),
    }


def _stays(waiting: Waiting, reason: str) -> dict[str, Any]:
    return {**_child(waiting), "reason": label("left_out", reason, language())}


def _done_text(waves: Waves, form: WavesForm) -> str:
    count, first = len(waves.households), day(waves.moves[0].starts_on)
    given = {"team": form.team_name, "day": first}
    if count == 1:
        return str(_("1 household given to %(team)s, from %(day)s.", **given))
    return str(_("%(count)s households given to %(team)s, the first from %(day)s.", count=count, **given))
