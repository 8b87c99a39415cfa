"""Organisations: the list, the page of each, and what one may change about it."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import ADMINISTRATOR
from outreach.accounts.signed_in import current_actor, kind_label
from outreach.administration import policy
from outreach.administration.commands import organisations as commands
from outreach.administration.forms.organisations import (
    NothingForm,
    ServeForm,
    new_organisation_form,
    organisation_filter,
    organisation_form,
)
from outreach.administration.models import PartnerChange
from outreach.administration.queries import areas_of
from outreach.administration.routes.blueprint import Page, blueprint, see_organisation
from outreach.administration.routes.changing import Changing, answer
from outreach.administration.routes.organisation_shown import organisation_page
from outreach.extensions import db
from outreach.partners import queries
from outreach.partners.models import KINDS, Organisation, OrganisationArea
from outreach.web.access import allowed

PER_PAGE = 50


@blueprint.get("/organisations")
@allowed(*policy.OF_ORGANISATIONS)
def organisations() -> Page:
    """Every organisation one may see, a page of fifty; who sees but the own one is led there."""
    actor = current_actor()
    areas = areas_of(db.session, actor)
    if not areas and not policy.may_administer(actor):
        return redirect(url_for("administration.organisation", organisation_id=actor.organisation_id))
    filters = organisation_filter(request.args, areas)
    number = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    chosen = {area.key: area.id for area in areas}.get(filters.area.data or "")
    found, count = queries.organisations_page(
        db.session,
        ids=None if policy.may_administer(actor) else queries.serving_area(*(area.id for area in areas)),
        words=filters.words.data or "",
        kind=filters.kind.data if filters.kind.data in KINDS else None,
        area_id=chosen,
        ended=filters.state.data == "ended",
        first=(number - 1) * PER_PAGE,
        count=PER_PAGE,
    )
    return render_template(
        "administration/organisations.html",
        organisations=_rows(found),
        count=count,
        filters=[filters.words, filters.kind, *([filters.area] if len(areas) > 1 else []), filters.state],
        filters_active=filters.active,
        clear_url=url_for("administration.organisations"),
        areas_url=url_for("administration.areas"),
        add_url=url_for("administration.add_organisation") if policy.may_administer(actor) else None,
        pages=_pages(number, -(-count // PER_PAGE)),
    )


def _rows(found: list[Organisation]) -> list[dict[str, Any]]:
    served = queries.areas_served_by_name(db.session, [one.id for one in found], clock.today())
    return [
        {
            "name": one.name,
            "url": url_for("administration.organisation", organisation_id=one.id),
            "kind": kind_label(one.kind),
            "number": one.number,
            "mailbox": one.mailbox,
            "areas": ", ".join(served.get(one.id, [])),
            "unverified": one.unverified_since is not None,
            "ended": one.ended_on is not None and one.ended_on <= clock.today(),
        }
        for one in found
    ]


def _pages(number: int, count: int) -> dict[str, Any]:
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "page"}

    def url(page: int) -> str:
        return url_for("administration.organisations", page=page, **kept)

    return {
        "number": number,
        "count": count,
        "previous_url": url(number - 1) if number > 1 else None,
        "next_url": url(number + 1) if number < count else None,
    }


@blueprint.get("/organisations/<int:organisation_id>")
@allowed(*policy.OF_ORGANISATIONS)
def organisation(organisation_id: int) -> Page:
    """One organisation: how it is reached, when it works and is closed, where it serves, what was changed."""
    return organisation_page(current_actor(), see_organisation(organisation_id))


@blueprint.route("/organisations/add", methods=["GET", "POST"])
@allowed(ADMINISTRATOR)
def add_organisation() -> Page:
    """A new organisation."""
    return answer(_adding)


def _adding() -> Changing:
    areas = areas_of(db.session, current_actor())
    form = new_organisation_form(areas)

    def do(actor: Actor) -> PartnerChange:
        return commands.add_organisation(
            db.session,
            kind=form.kind.data,
            name=form.name.data or "",
            number=(form.number.data or "").strip() or None,
            reach=form.reach,
            areas=[area for area in areas if area.key in (form.areas.data or ())],
            by=actor,
        )

    return Changing(
        title=_("Add an organisation"),
        place=None,
        back_url=url_for("administration.organisations"),
        back_text=_("Organisations"),
        form=form,
        do=do,
        done=_("Added. Add its people under People."),
        submit=_("Add"),
        then=lambda change: url_for("administration.organisation", organisation_id=int(change.about.split(":")[1])),
    )


@blueprint.route("/organisations/<int:organisation_id>/change", methods=["GET", "POST"])
@allowed(*policy.OF_ORGANISATIONS)
def change_organisation(organisation_id: int) -> Page:
    """How it is reached and when it works; for administrators also what it is called."""
    return answer(lambda: _changing(organisation_id))


def _changing(organisation_id: int) -> Changing:
    actor, found = current_actor(), see_organisation(organisation_id)
    if not policy.may_keep_organisation(actor, found):
        abort(403)
    renames = policy.may_administer(actor)
    form = organisation_form(found, renames=renames)
    return Changing(
        **_at(found),
        title=_("How %(name)s is reached", name=found.name),
        form=form,
        stored=organisation_form(found, renames=renames, blank=True),
        about=f"organisation:{found.id}",
        do=lambda by: commands.change_organisation(db.session, found, named=form.named, reach=form.reach, by=by),
        done=_("Saved. Mail keeps to it from now on."),
        submit=_("Save"),
    )


@blueprint.route("/organisations/<int:organisation_id>/end", methods=["GET", "POST"])
@allowed(ADMINISTRATOR)
def end_organisation(organisation_id: int) -> Page:
    """It stops today, or, when it had stopped, goes on after all."""
    return answer(lambda: _ending(organisation_id))


def _ending(organisation_id: int) -> Changing:
    found, form = see_organisation(organisation_id), NothingForm()
    common = {**_at(found), "form": form, "about": f"organisation:{found.id}"}
    if found.ended_on is not None:
        return Changing(
            **common,
            title=_("%(name)s goes on after all", name=found.name),
            remarks=[_("It gets steps again, and its people may come in.")],
            do=lambda by: commands.resume_organisation(db.session, found, by=by),
            done=_("It goes on."),
            submit=_("Goes on"),
        )
    return Changing(
        **common,
        title=_("%(name)s stops", name=found.name),
        remarks=[
            _("From today it gets no steps and no mail, and its people have no access."),
            _("What it did stays in the cases, with its name."),
        ],
        do=lambda by: commands.end_organisation(db.session, found, by=by),
        done=_("It has stopped."),
        submit=_("Stops today"),
        tone="danger",
    )


@blueprint.route("/organisations/<int:organisation_id>/areas", methods=["GET", "POST"])
@allowed(ADMINISTRATOR)
def serve_area(organisation_id: int) -> Page:
    """One more area it works in."""
    return answer(lambda: _serving(organisation_id))


def _serving(organisation_id: int) -> Changing:
    found = see_organisation(organisation_id)
    served = {area.id for _service, area in queries.services_of(db.session, found.id)}
    free = {str(area.id): area for area in queries.areas(db.session) if area.id not in served}
    form = ServeForm()
    form.area.choices = [(key, area.name) for key, area in free.items()]
    return Changing(
        **_at(found),
        title=_("One more area for %(name)s", name=found.name),
        form=form,
        do=lambda by: commands.serve_area(db.session, found, free[form.area.data], by=by),
        done=_("It works there from today."),
        submit=_("Add"),
        remarks=[] if free else [_("It works in every area there is.")],
    )


@blueprint.route("/organisations/<int:organisation_id>/areas/<int:service_id>/end", methods=["GET", "POST"])
@allowed(ADMINISTRATOR)
def stop_serving(organisation_id: int, service_id: int) -> Page:
    """It no longer works in an area."""
    return answer(lambda: _stopping(organisation_id, service_id))


def _stopping(organisation_id: int, service_id: int) -> Changing:
    found = see_organisation(organisation_id)
    service = db.session.get(OrganisationArea, service_id)
    if service is None or service.organisation_id != found.id:
        abort(404)
    return Changing(
        **_at(found),
        title=_("No longer in this area"),
        form=NothingForm(),
        do=lambda by: commands.stop_serving(db.session, found, service, by=by),
        done=_("It gets no new steps there."),
        submit=_("Stop here"),
        remarks=[_("It gets no new steps in this area from today. Steps it has stay its own.")],
        tone="danger",
    )


def _at(found: Organisation) -> dict[str, Any]:
    return {
        "place": found,
        "back_url": url_for("administration.organisation", organisation_id=found.id),
        "back_text": found.name,
    }
