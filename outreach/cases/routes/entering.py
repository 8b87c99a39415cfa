"""A new case by hand: filled in, looked up among the children we know, and opened when it is another one."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.door import require_newcomer
from outreach.cases.commands.entering import enter_case
from outreach.cases.forms.entering import ALONE, NewCaseForm
from outreach.cases.queries.newcomers import Family, Known, families_at, known_like
from outreach.cases.routes.beside_shown import points_said, reasons_said, record_shown
from outreach.cases.routes.blueprint import blueprint
from outreach.cases.words import choices, refusal
from outreach.children.commands import NewChild
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.partners import municipalities
from outreach.partners.models import SCHOOL, Area
from outreach.partners.queries import areas, areas_coordinated, areas_served
from outreach.web.access import allowed
from outreach.web.filters import language
from outreach.web.submissions import first_time, new_key, remember_result, result_of

Page = str | Response | tuple[str, int]

ENTERING = ("coordinator", "team-lead", "worker")
"""Who meets children that are on no list."""


@blueprint.get("/cases/new")
@allowed(*ENTERING)
def new_case() -> Page:
    """An empty form."""
    return _form_page(_form(current_actor(), None))


@blueprint.post("/cases/new")
@allowed(*ENTERING)
def send_new_case() -> Page:
    """First looked up; opened once nobody known is it, or somebody says that it is another child."""
    actor = current_actor()
    form = _form(actor, request.form)
    if not form.validate():
        return _form_page(form), 400
    newcomer = _newcomer(form)
    try:
        require_newcomer(newcomer.first_name, newcomer.last_name, newcomer.born_on)
        known, families = known_like(db.session, actor, newcomer), _families(actor, form, newcomer)
        if known and (known[0].sure or "sure" not in request.form):
            return _check_page(actor, form, known, families)
        if families and "sure" not in request.form:
            return _check_page(actor, form, [], families)
        return redirect(_entered(actor, form, newcomer))
    except Refused as error:
        form.form_errors.append(refusal(error, language()))
    return _form_page(form), 400


def _entered(actor: Actor, form: NewCaseForm, newcomer: NewChild) -> str:
    sent = request.form.get("submission_key") or new_key()
    with transaction(db.session):
        if not first_time(db.session, key=sent, person_id=actor.person_id):
            return result_of(db.session, key=sent, person_id=actor.person_id) or url_for("cases.my_work")
        area = next((each for each in _areas(actor) if each.key == form.area.data), None)
        if area is None:
            abort(403)
        families = families_at(db.session, actor, newcomer.address_key)
        chosen = next((one.household for one in families if str(one.household.id) == form.household.data), None)
        case = enter_case(db.session, newcomer, area=area, household=chosen, by=actor)
        url = url_for("cases.case", reference=case.reference)
        remember_result(db.session, key=sent, person_id=actor.person_id, result=url)
    flash(_("The case is open. Who coordinates the area looks at it first."), "success")
    return url


def _areas(actor: Actor) -> list[Area]:
    """The areas somebody may enter a child for: those their organisation coordinates or serves."""
    if actor.organisation_id is None or actor.organisation_kind == SCHOOL:
        return []
    own = {area.id for area in areas_coordinated(db.session, actor.organisation_id)}
    served = areas_served(db.session, clock.today()).get(actor.organisation_id, [])
    return [area for area in areas(db.session) if area.id in own or area.key in served]


def _form(actor: Actor, sent: Any) -> NewCaseForm:
    form = NewCaseForm(sent)
    form.area.choices = [(area.key, area.name) for area in _areas(actor)]
    form.language.choices = [("", _("Not known")), *choices("language", language())]
    form.household.choices = [(ALONE, _("A family of its own"))]
    if sent is not None and form.born_on.data and form.street.data:
        form.household.choices = _household_choices(families_at(db.session, actor, _newcomer(form).address_key))
    return form


def _household_choices(families: list[Family]) -> list[tuple[str, str]]:
    found = [(str(one.household.id), _("The family of %(names)s", names=", ".join(one.children))) for one in families]
    return [*found, (ALONE, _("A family of its own"))]


def _families(actor: Actor, form: NewCaseForm, newcomer: NewChild) -> list[Family]:
    found = families_at(db.session, actor, newcomer.address_key)
    form.household.choices = _household_choices(found)
    return found


def _newcomer(form: NewCaseForm) -> NewChild:
    place = municipalities.by_name(form.municipality.data or "", form.postcode.data or "")
    try:
        number = form.number
    except Refused:
        number = None
    return NewChild(
        first_name=(form.first_name.data or "").strip(),
        last_name=(form.last_name.data or "").strip(),
        born_on=form.born_on.data or clock.today(),
        insz=number,
        street=(form.street.data or "").strip(),
        number=(form.number_of_house.data or "").strip(),
        box=(form.box.data or "").strip(),
        postcode=(form.postcode.data or "").strip(),
        municipality=(form.municipality.data or "").strip(),
        nis=place.nis if place else None,
        reference_person=(form.reference_person.data or "").strip(),
        language=form.language.data or "",
    )


def _form_page(form: NewCaseForm) -> str:
    fields = [form.first_name, form.last_name, form.born_on, form.insz, form.street, form.number_of_house, form.box]
    fields += [form.postcode, form.municipality, form.reference_person, form.language]
    offered = _areas(current_actor())
    return render_template(
        "cases/new_case.html",
        form=form,
        fields=[form.area, *fields] if len(offered) > 1 else fields,
        area=(offered[0].key, offered[0].name) if len(offered) == 1 else None,
        may=bool(offered),
    )


def _check_page(actor: Actor, form: NewCaseForm, known: list[Known], families: list[Family]) -> str:
    for one in known:
        if one.record is not None:
            log_reading(db.session, actor, f"case:{one.record.case.reference}")
    return render_template(
        "cases/new_case_check.html",
        form=form,
        kept=[(field.name, field.data) for field in form if field.name not in ("csrf_token", "household")],
        known=[
            {
                "sure": one.sure,
                "coordinator": one.coordinator,
                "record": record_shown(one.record) if one.record else None,
                "reasons": reasons_said(one.likeness) if one.record else [],
                "points": points_said(one.likeness.score),
            }
            for one in known
        ],
        families=bool(families),
        sure=bool(known and known[0].sure),
    )
