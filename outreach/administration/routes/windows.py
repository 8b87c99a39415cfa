"""Registration windows of an area, by birth year: each change after seeing which dates move."""

from flask import abort, url_for
from flask_babel import gettext as _

from outreach.administration import policy
from outreach.administration.commands import days as commands
from outreach.administration.forms.days import window_form
from outreach.administration.forms.organisations import NothingForm
from outreach.administration.routes.blueprint import Page, area_of, blueprint, in_area, see_area
from outreach.administration.routes.changing import Changing, answer
from outreach.extensions import db
from outreach.partners.models import Area, RegistrationWindow
from outreach.web.access import allowed


@blueprint.route("/areas/<key>/windows/add", methods=["GET", "POST"])
@allowed(*policy.OF_AREAS)
def open_window(key: str) -> Page:
    """When registration closes for one more birth year."""
    return answer(lambda: _opening(see_area(key)))


def _opening(area: Area) -> Changing:
    form = window_form()
    return Changing(
        **in_area(area),
        title=_("Registration window"),
        form=form,
        do=lambda by: commands.open_window(db.session, area, birth_year=form.birth_year.data, **form.days, by=by),
        done=_("The registration window is noted."),
        submit=_("Add this window"),
        remarks=[
            _(
                "It counts for the child's year of birth. Where it closes before anything else is lost, it becomes "
                "the last day of an open school choice."
            )
        ],
    )


@blueprint.route("/windows/<int:window_id>", methods=["GET", "POST"])
@allowed(*policy.OF_AREAS)
def change_window(window_id: int) -> Page:
    """Other days for a birth year."""
    return answer(lambda: _changing(window_id))


def _changing(window_id: int) -> Changing:
    window, area = _find(window_id)
    form = window_form(window)
    return Changing(
        **in_area(area),
        title=_("Registration for children born in %(year)s", year=window.birth_year),
        form=form,
        stored=window_form(window, blank=True),
        about=f"registration_window:{window.id}",
        do=lambda by: commands.change_window(db.session, area, window, **form.days, by=by),
        done=_("The registration window is changed."),
        submit=_("Change this window"),
        remove_url=url_for("administration.remove_window", window_id=window.id),
    )


@blueprint.route("/windows/<int:window_id>/remove", methods=["GET", "POST"])
@allowed(*policy.OF_AREAS)
def remove_window(window_id: int) -> Page:
    """A window that was noted by mistake."""
    return answer(lambda: _removing(window_id))


def _removing(window_id: int) -> Changing:
    window, area = _find(window_id)
    return Changing(
        **in_area(area),
        title=_("Remove the window for children born in %(year)s", year=window.birth_year),
        form=NothingForm(),
        about=f"registration_window:{window.id}",
        do=lambda by: commands.remove_window(db.session, area, window, by=by),
        done=_("The registration window is removed."),
        submit=_("Remove this window"),
        remarks=[_("New steps do not count with it. Open steps keep the days they counted from it.")],
        tone="danger",
    )


def _find(window_id: int) -> tuple[RegistrationWindow, Area]:
    window = db.session.get(RegistrationWindow, window_id)
    if window is None:
        abort(404)
    return window, area_of(window.area_id)
