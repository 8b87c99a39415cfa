"""Areas: the list, the page of each, its name, coordinating organisation and municipalities."""

from typing import Any

from flask import abort, render_template, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import ADMINISTRATOR
from outreach.accounts.signed_in import current_actor
from outreach.administration import policy
from outreach.administration.commands import areas as commands
from outreach.administration.forms.areas import LastDayForm, area_form, municipality_form, new_area_form
from outreach.administration.models import PartnerChange
from outreach.administration.queries import areas_of
from outreach.administration.routes.area_shown import area_page
from outreach.administration.routes.blueprint import Page, blueprint, see_area
from outreach.administration.routes.changing import Changing, answer
from outreach.cases.queries.held import open_cases_in
from outreach.extensions import db
from outreach.partners import municipalities, queries
from outreach.partners.models import Area, AreaMunicipality, Organisation
from outreach.web.access import allowed
from outreach.web.filters import language


@blueprint.get("/areas")
@allowed(*policy.OF_AREAS)
def areas() -> Page:
    """Every area one may see."""
    actor, today = current_actor(), clock.today()
    rows = [
        {
            "name": area.name,
            "url": url_for("administration.area", key=area.key),
            "coordinator": area.coordinator.name,
            "municipalities": ", ".join(
                municipalities.name(nis, language()) for nis in queries.municipalities_of(db.session, area.id, today)
            ),
        }
        for area in areas_of(db.session, actor)
    ]
    add_url = url_for("administration.add_area") if policy.may_administer(actor) else None
    return render_template(
        "administration/areas.html",
        areas=rows,
        add_url=add_url,
        organisations_url=url_for("administration.organisations"),
    )


@blueprint.get("/areas/<key>")
@allowed(*policy.OF_AREAS)
def area(key: str) -> Page:
    """One area: municipalities, closing days, windows, routing, agreements, partners, what was changed."""
    return area_page(current_actor(), see_area(key))


@blueprint.route("/areas/add", methods=["GET", "POST"])
@allowed(ADMINISTRATOR)
def add_area() -> Page:
    """A new area."""
    return answer(_adding)


def _adding() -> Changing:
    form = new_area_form(_organisations())

    def do(actor: Actor) -> PartnerChange:
        chosen = form.coordinator.data
        coordinator = db.session.get_one(Organisation, int(chosen)) if chosen else None
        name = form.name.data or ""
        return commands.add_area(db.session, name=name, nis=form.nis, coordinator=coordinator, by=actor)

    return Changing(
        title=_("Add an area"),
        place=None,
        back_url=url_for("administration.areas"),
        back_text=_("Areas"),
        form=form,
        do=do,
        done=_("The area is made."),
        submit=_("Add"),
        then=lambda change: _url_of(int(change.about.split(":")[1])),
    )


def _url_of(area_id: int) -> str:
    return url_for("administration.area", key=db.session.get_one(Area, area_id).key)


@blueprint.route("/areas/<key>/change", methods=["GET", "POST"])
@allowed(ADMINISTRATOR)
def change_area(key: str) -> Page:
    """Another name, or another coordinating organisation."""
    return answer(lambda: _changing(see_area(key)))


def _changing(area: Area) -> Changing:
    form = area_form(area, _organisations())

    def do(actor: Actor) -> PartnerChange:
        coordinator = db.session.get_one(Organisation, int(form.coordinator.data))
        return commands.change_area(db.session, area, name=form.name.data or "", coordinator=coordinator, by=actor)

    return Changing(
        **at_area(area),
        title=_("Change %(name)s", name=area.name),
        form=form,
        stored=area_form(area, _organisations(), blank=True),
        about=f"area:{area.id}",
        do=do,
        done=_("Saved."),
        submit=_("Save"),
    )


def _organisations() -> list[Organisation]:
    return queries.organisations(db.session, on=clock.today())


@blueprint.route("/areas/<key>/municipalities/add", methods=["GET", "POST"])
@allowed(ADMINISTRATOR)
def add_municipality(key: str) -> Page:
    """The area answers for one more municipality."""
    return answer(lambda: _joining(see_area(key)))


def _joining(area: Area) -> Changing:
    form = municipality_form()
    return Changing(
        **at_area(area),
        title=_("One more municipality"),
        form=form,
        do=lambda by: commands.add_municipality(db.session, area, **form.terms, by=by),
        done=_("The municipality is added."),
        submit=_("Add this municipality"),
        moves=True,
        remarks=[_("New cases of children who live there come to this area. Running cases stay where they are.")],
    )


@blueprint.route("/areas/<key>/municipalities/<int:place_id>/end", methods=["GET", "POST"])
@allowed(ADMINISTRATOR)
def end_municipality(key: str, place_id: int) -> Page:
    """The last day on which the area answers for a municipality."""
    return answer(lambda: _leaving(see_area(key), place_id))


def _leaving(area: Area, place_id: int) -> Changing:
    row = db.session.get(AreaMunicipality, place_id)
    if row is None or row.area_id != area.id:
        abort(404)
    form, count = LastDayForm(), open_cases_in(db.session, area.id, row.nis)
    stay = (
        _("1 open case of a child who lives there stays with this area until it is handed over.")
        if count == 1
        else _(
            "%(count)s open cases of children who live there stay with this area until they are handed over.",
            count=count,
        )
    )
    return Changing(
        **at_area(area),
        title=_("%(name)s leaves the area", name=municipalities.name(row.nis, language())),
        form=form,
        about=f"area_municipality:{row.id}",
        do=lambda by: commands.end_municipality(db.session, area, row, **form.terms, by=by),
        done=_("Noted until when."),
        submit=_("Leaves after that day"),
        moves=True,
        remarks=[stay],
    )


def at_area(area: Area) -> dict[str, Any]:
    """Where a change of an area stands, and where one goes back to."""
    return {"place": area, "back_url": url_for("administration.area", key=area.key), "back_text": area.name}
