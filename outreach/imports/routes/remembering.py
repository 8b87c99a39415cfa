"""What an organisation said of columns, and of where its lists stand: to read, and to take back."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from outreach.accounts.signed_in import current_actor
from outreach.attendance.policy import is_school
from outreach.database import transaction
from outreach.extensions import db
from outreach.imports.commands.placing import forget_place
from outreach.imports.commands.tying import untie_column
from outreach.imports.queries.known_lists import find_place, places_of
from outreach.imports.queries.ties import find_tie, ties_of
from outreach.imports.routes.blueprint import Page, blueprint
from outreach.imports.routes.jobs import ROLES
from outreach.imports.routes.shown import by_name
from outreach.imports.words import word
from outreach.web.access import allowed
from outreach.web.filters import language, moment


@blueprint.get("/lists/columns")
@allowed(*ROLES)
def remembered() -> Page:
    """What one's organisation said of columns, to take back."""
    ties = [
        {
            "id": one.id,
            "title": one.title or one.title_key,
            "kind": word(f"kind.{one.kind}", language()),
            "field": word(f"tie.{one.field}", language()) if one.field else _("left alone"),
            "said": _("%(when)s by %(who)s", when=moment(one.at), who=by_name(person)),
        }
        for one, person in ties_of(db.session, _organisation_id())
    ]
    places = [
        {
            "kind": word(f"kind.{one.kind}", language()),
            "sheet": one.sheet,
            "row": one.title_row,
            "said": _("%(when)s by %(who)s", when=moment(one.at), who=by_name(person)),
            "url": url_for("imports.forget_list_place", kind=one.kind),
        }
        for one, person in places_of(db.session, _organisation_id())
    ]
    back = (url_for("imports.upload"), _("Load a list"))
    if is_school(current_actor()):
        back = (url_for("imports.upload_reports"), _("Load a report"))
    return render_template("imports/remembered.html", ties=ties, places=places, back=back)


@blueprint.post("/lists/columns/<int:tie_id>/forget")
@allowed(*ROLES)
def forget(tie_id: int) -> Page:
    """Forget what was said of one column."""
    with transaction(db.session):
        found = find_tie(db.session, _organisation_id(), tie_id)
        if found is None:
            abort(404)
        untie_column(db.session, found)
    flash(_("Forgotten. The next list asks again if it has to."), "success")
    return redirect(url_for("imports.remembered"))


@blueprint.post("/lists/columns/places/<kind>/forget")
@allowed(*ROLES)
def forget_list_place(kind: str) -> Page:
    """From now on lists of this kind are found by themselves."""
    with transaction(db.session):
        if find_place(db.session, _organisation_id(), kind) is None:
            abort(404)
        forget_place(db.session, _organisation_id(), kind)
    flash(_("Forgotten. The next list is found by itself."), "success")
    return redirect(url_for("imports.remembered"))


def _organisation_id() -> int:
    return current_actor().organisation_id or abort(404)
