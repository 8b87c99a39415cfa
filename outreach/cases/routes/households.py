"""The family of a case put right: split, joined, said to be brothers and sisters, or a child met at the door."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.door import add_child_at_door
from outreach.cases.commands.household import join_households, say_siblings, split_household
from outreach.cases.forms.households import JOIN, SIBLINGS, SPLIT, DoorChildForm, HouseholdForm
from outreach.cases.models import Case
from outreach.cases.policy import may_add_facts
from outreach.cases.queries.finding import find_case
from outreach.cases.queries.household_page import Home, home_of, homes_beside
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.words import refusal
from outreach.children.grants import Scope, scope_of
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import age, language
from outreach.web.submissions import first_time, new_key, remember_result, result_of

Page = str | Response | tuple[str, int]


@blueprint.get("/cases/<reference>/household")
@allowed(*WORKING)
def household(reference: str) -> Page:
    """Who is of this family, and what can be put right."""
    actor = current_actor()
    log_reading(db.session, actor, f"case:{_find(actor, reference).reference}")
    case = _find(actor, reference)
    return _household_page(actor, case, _household_form(actor, case))


@blueprint.post("/cases/<reference>/household")
@allowed(*WORKING)
def send_household(reference: str) -> Page:
    """Put one thing right, in the case of every child it is about."""
    actor = current_actor()
    case = _find(actor, reference)
    form = _household_form(actor, case)
    if form.validate():
        try:
            with transaction(db.session):
                _put_right(actor, _find(actor, reference, for_change=True), form)
            flash(_("The family is put right."), "success")
            return redirect(url_for("cases.case", reference=case.reference))
        except Refused as error:
            form.form_errors.append(refusal(error, language()))
    return _household_page(actor, _find(actor, reference), form), 400


@blueprint.get("/cases/<reference>/household/child")
@allowed(*WORKING)
def household_child(reference: str) -> Page:
    """One child more lives here."""
    actor = current_actor()
    log_reading(db.session, actor, f"case:{_find(actor, reference).reference}")
    return _child_page(_open_case(actor, reference), DoorChildForm())


@blueprint.post("/cases/<reference>/household/child")
@allowed(*WORKING)
def send_household_child(reference: str) -> Page:
    """Open a case for the child; sent twice it is opened once."""
    actor = current_actor()
    form = DoorChildForm()
    _open_case(actor, reference)
    if form.validate():
        try:
            return redirect(_added(actor, reference, form))
        except Refused as error:
            form.form_errors.append(refusal(error, language()))
    return _child_page(_open_case(actor, reference), form), 400


def _added(actor: Actor, reference: str, form: DoorChildForm) -> str:
    sent = request.form.get("submission_key") or new_key()
    with transaction(db.session):
        case = _open_case(actor, reference, for_change=True)
        back = url_for("cases.case", reference=case.reference)
        if not first_time(db.session, key=sent, person_id=actor.person_id):
            return result_of(db.session, key=sent, person_id=actor.person_id) or back
        add_child_at_door(
            db.session,
            case,
            first_name=form.first_name.data or "",
            last_name=form.last_name.data or "",
            born_on=form.born_on.data or clock.today(),
            insz=form.number,
            by=actor,
        )
        remember_result(db.session, key=sent, person_id=actor.person_id, result=back)
    flash(_("The child has a case of its own; whoever leads this one looks at it first."), "success")
    return back


def _find(actor: Actor, reference: str, *, for_change: bool = False) -> Case:
    """The case, for who sees it whole and may add to it."""
    found = find_case(db.session, actor, reference, for_change=for_change)
    if found is None:
        abort(404)
    scope = scope_of(db.session, actor, found.id)
    if scope is not Scope.FULL or not may_add_facts(actor, found, scope):
        abort(403)
    return found


def _open_case(actor: Actor, reference: str, *, for_change: bool = False) -> Case:
    found = _find(actor, reference, for_change=for_change)
    if found.ended_at is not None:
        abort(403)
    return found


def _household_form(actor: Actor, case: Case) -> HouseholdForm:
    home = home_of(db.session, actor, case)
    form = HouseholdForm()
    form.what.choices = [*_siblings(home), *_splits(home), *_joins(actor, case, home)]
    return form


def _siblings(home: Home) -> list[tuple[str, str]]:
    if len(home.children) < 2 or home.household.siblings_said_at is not None:
        return []
    return [(SIBLINGS, _("The family says that %(names)s are brothers and sisters", names=home.names))]


def _splits(home: Home) -> list[tuple[str, str]]:
    if len(home.children) < 2:
        return []
    return [
        (f"{SPLIT}:{child.id}", _("%(name)s (%(age)s) is of another family", name=child.name, age=age(child.born_on)))
        for child in home.children
    ]


def _joins(actor: Actor, case: Case, home: Home) -> list[tuple[str, str]]:
    return [
        (f"{JOIN}:{other.household.id}", _("%(names)s, at the same address, are of this family too", names=other.names))
        for other in homes_beside(db.session, actor, case, home.household)
    ]


def _put_right(actor: Actor, case: Case, form: HouseholdForm) -> None:
    """What was chosen is looked up again among what this person may see now."""
    what, number = form.said
    home = home_of(db.session, actor, case)
    if what == SPLIT:
        child = next((each for each in home.children if each.id == number), None)
        if child is None:
            raise Refused("child_of_other_household")
        split_household(db.session, case, child=child, with_contacts=form.with_contacts.data, by=actor)
    elif what == JOIN:
        beside = {each.household.id: each.household for each in homes_beside(db.session, actor, case, home.household)}
        if number not in beside:
            raise Refused("household_elsewhere")
        join_households(db.session, case, other=beside[number], by=actor)
    else:
        say_siblings(db.session, case, by=actor)


def _household_page(actor: Actor, case: Case, form: HouseholdForm) -> str:
    home = home_of(db.session, actor, case)
    fields: list[Any] = [form.what] if form.what.choices else []
    if len(home.children) > 1:
        fields.append(form.with_contacts)
    intro = _("Children at this address, in one family: %(names)s.", names=home.names)
    if not form.what.choices:
        intro = _("Only %(names)s is known here, and no other family at this address.", names=home.names)
    return render_template(
        "cases/household.html",
        case=_named(case, home),
        back_url=url_for("cases.case", reference=case.reference),
        intro=intro,
        form=form,
        fields=fields,
        child_url=url_for("cases.household_child", reference=case.reference) if case.ended_at is None else None,
    )


def _child_page(case: Case, form: DoorChildForm) -> str:
    home = home_of(db.session, current_actor(), case)
    return render_template(
        "cases/action.html",
        title=_("A child met at the door"),
        intro=_("A child of this family that was on no list."),
        case=_named(case, home),
        back_url=url_for("cases.case", reference=case.reference),
        form=form,
        fields=[form.first_name, form.last_name, form.born_on, form.insz],
        consequences=[
            _("The child gets a case of its own, in the same family and at the same address."),
            _("Whoever leads this case looks at it first and says who visits."),
        ],
        submit_label=_("Add the child"),
    )


def _named(case: Case, home: Home) -> dict[str, Any]:
    name = next((child.name for child in home.children if child.id == case.child_id), case.reference)
    return {"name": name, "reference": case.reference, "url": url_for("cases.case", reference=case.reference)}
