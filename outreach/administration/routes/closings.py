"""Closing days of areas and organisations: added, changed, removed, each after seeing which dates move."""

from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _

from outreach.administration import policy
from outreach.administration.commands import days as commands
from outreach.administration.forms.days import closing_form
from outreach.administration.forms.organisations import NothingForm
from outreach.administration.routes.blueprint import (
    Page,
    area_of,
    blueprint,
    keeps_closings,
    see_area,
    see_organisation,
)
from outreach.administration.routes.changing import Changing, answer
from outreach.extensions import db
from outreach.partners.models import SCHOOL, Area, Closing, Organisation
from outreach.web.access import allowed


@blueprint.route("/areas/<key>/closings/add", methods=["GET", "POST"])
@allowed(*policy.OF_AREAS)
def close_area(key: str) -> Page:
    """The schools of an area are closed on extra days."""
    return answer(lambda: _adding(see_area(key)))


@blueprint.route("/organisations/<int:organisation_id>/closings/add", methods=["GET", "POST"])
@allowed(*policy.OF_ORGANISATIONS)
def close_organisation(organisation_id: int) -> Page:
    """A school or team is closed on extra days."""
    return answer(lambda: _adding(_kept(organisation_id)))


def _adding(place: Area | Organisation) -> Changing:
    form = closing_form()
    return Changing(
        **_at(place),
        title=_("Closing days"),
        form=form,
        do=lambda by: commands.close(db.session, place, **form.days, by=by),
        done=_("The closing days are noted."),
        submit=_("Add these closing days"),
    )


@blueprint.route("/closings/<int:closing_id>", methods=["GET", "POST"])
@allowed(*policy.OF_ORGANISATIONS)
def change_closing(closing_id: int) -> Page:
    """Other days, or another reason."""
    return answer(lambda: _changing(closing_id))


def _changing(closing_id: int) -> Changing:
    closing, place = _find(closing_id)
    form = closing_form(closing)
    return Changing(
        **_at(place),
        title=_("Change closing days"),
        form=form,
        stored=closing_form(closing, blank=True),
        about=f"closing:{closing.id}",
        do=lambda by: commands.change_closing(db.session, place, closing, **form.days, by=by),
        done=_("The closing days are changed."),
        submit=_("Change these closing days"),
        remove_url=url_for("administration.remove_closing", closing_id=closing.id),
    )


@blueprint.route("/closings/<int:closing_id>/remove", methods=["GET", "POST"])
@allowed(*policy.OF_ORGANISATIONS)
def remove_closing(closing_id: int) -> Page:
    """These are days like any other after all."""
    return answer(lambda: _removing(closing_id))


def _removing(closing_id: int) -> Changing:
    closing, place = _find(closing_id)
    return Changing(
        **_at(place),
        title=_("Remove closing days"),
        form=NothingForm(),
        about=f"closing:{closing.id}",
        do=lambda by: commands.remove_closing(db.session, place, closing, by=by),
        done=_("The closing days are removed."),
        submit=_("Remove these closing days"),
        tone="danger",
    )


def _find(closing_id: int) -> tuple[Closing, Area | Organisation]:
    """The closing and whose it is; 404 for whom that does not exist, 403 for who only sees it."""
    closing = db.session.get(Closing, closing_id)
    if closing is None:
        abort(404)
    return closing, area_of(closing.area_id) if closing.area_id is not None else _kept(closing.organisation_id)


def _kept(organisation_id: int | None) -> Organisation:
    found = see_organisation(organisation_id)
    if not keeps_closings(found):
        abort(403)
    return found


def _at(place: Area | Organisation) -> dict[str, Any]:
    if isinstance(place, Area):
        url = url_for("administration.area", key=place.key)
        remark = _("All schools of this area are closed then. School days are counted past these days.")
    else:
        url = url_for("administration.organisation", organisation_id=place.id)
        remark = (
            _("This school is closed then. Its school days are counted past these days, and it gets no mail.")
            if place.kind == SCHOOL
            else _("Nobody works then. The days of its visits are counted past these days, and it gets no mail.")
        )
    return {"place": place, "back_url": url, "back_text": place.name, "moves": True, "remarks": [remark]}
