"""When the reminders of an area go: the numbers in words, a dry run of other ones, and only then a change."""

from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach.accounts.actors import Actor
from outreach.accounts.models import ADMINISTRATOR
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.changing_ladder import change_ladder as change
from outreach.cases.commands.reminding.replaying import dry_run
from outreach.cases.forms.ladder import LadderForm, ladder_form, tried_form
from outreach.cases.policy import may_change_ladder
from outreach.cases.queries import area_list
from outreach.cases.queries.ladders import default_ladder, ladder_after, ladder_changes
from outreach.cases.routes.area import Page
from outreach.cases.routes.blueprint import blueprint
from outreach.cases.routes.ladders_shown import (
    changes_shown,
    differences,
    mails_text,
    numbers_shown,
    stretch_shown,
    who_shown,
)
from outreach.cases.words import refusal
from outreach.cases.workflow import check_ladder
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.partners.models import Area
from outreach.partners.queries import areas, find_area
from outreach.web.access import allowed
from outreach.web.filters import language
from outreach.web.submissions import first_time, new_key

ROLES = ("coordinator", ADMINISTRATOR)


@blueprint.get("/reminders")
@allowed(*ROLES)
def ladders() -> Page:
    """The areas whose reminders one may look at; when there is one, its page."""
    found = _areas_of(current_actor())
    if len(found) == 1:
        return redirect(url_for("cases.ladder", key=found[0].key))
    return render_template("cases/ladders.html", areas=found)


@blueprint.get("/areas/<key>/reminders")
@allowed(*ROLES)
def ladder(key: str) -> Page:
    """The ladder that holds now, the default beside it, and who changed it when; with other numbers to go on with."""
    area = _see(current_actor(), key)
    return _page(area, tried_form(request.args) if request.args else None)


@blueprint.get("/areas/<key>/reminders/try")
@allowed(*ROLES)
def try_ladder(key: str) -> Page:
    """What other numbers would have done and would do; nothing changes yet."""
    area, form = _see(current_actor(), key), tried_form(request.args)
    if not form.validate():
        return _page(area, form), 400
    try:
        return _preview(area, form)
    except Refused as error:
        return _refused(area, form, error)


@blueprint.post("/areas/<key>/reminders")
@allowed(*ROLES)
def change_ladder(key: str) -> Page:
    """Keep the numbers that were tried; sent twice it is done once."""
    area, form = _see(current_actor(), key, to_change=True), LadderForm(request.form)
    if not form.validate():
        return _page(area, form), 400
    try:
        _change_once(key, form)
    except Refused as error:
        return _refused(_see(current_actor(), key), form, error)
    return redirect(url_for("cases.ladder", key=key))


def _change_once(key: str, form: LadderForm) -> None:
    actor, sent = current_actor(), request.form.get("submission_key") or new_key()
    with transaction(db.session):
        area = _see(actor, key, to_change=True)
        if first_time(db.session, key=sent, person_id=actor.person_id):
            change(db.session, area, ladder=form.ladder, seen=form.last_seen, by=actor)
            flash(_("From now on the reminders of %(area)s go by these numbers.", area=area.name), "success")


def _areas_of(actor: Actor) -> list[Area]:
    return areas(db.session) if actor.role == ADMINISTRATOR else area_list.areas_of(db.session, actor)


def _see(actor: Actor, key: str, *, to_change: bool = False) -> Area:
    """An area whose ladder this person may see, or 404; 403 when only looking is allowed."""
    area = find_area(db.session, key)
    if area is None or area.id not in {each.id for each in _areas_of(actor)}:
        abort(404)
    if to_change and not may_change_ladder(actor, area):
        abort(403)
    return area


def _refused(area: Area, form: LadderForm, error: Refused) -> tuple[str, int]:
    """The page again with what was typed; it now knows of what somebody else changed meanwhile."""
    form.form_errors.append(refusal(error, language()))
    if error.key != "ladder_changed_meanwhile":
        return _page(area, form), 400
    form.seen.data = str(ladder_after(ladder_changes(db.session, area.id))[0])
    return _page(area, form), 409


def _page(area: Area, tried: LadderForm | None) -> str:
    changes = ladder_changes(db.session, area.id)
    seen, present = ladder_after(changes)
    return render_template(
        "cases/ladder.html",
        area=area,
        area_url=url_for("cases.area", key=area.key) if current_actor().role != ADMINISTRATOR else None,
        numbers=numbers_shown(present, default_ladder()),
        by_default=present == default_ladder(),
        form=tried or ladder_form(seen, present),
        seen=seen,
        trying=tried is not None,
        may_change=may_change_ladder(current_actor(), area),
        default=numbers_shown(default_ladder(), default_ladder()),
        changes=changes_shown(db.session, changes),
    )


def _preview(area: Area, form: LadderForm) -> str:
    proposed, (seen, present) = form.ladder, ladder_after(ladder_changes(db.session, area.id))
    check_ladder(proposed)
    if proposed == present:
        raise Refused("ladder_same")
    if seen != form.last_seen:
        raise Refused("ladder_changed_meanwhile")
    run = dry_run(db.session, area, present=present, proposed=proposed)
    return render_template(
        "cases/ladder_preview.html",
        area=area,
        form=form,
        differences=differences(present, proposed),
        past=stretch_shown(run.past),
        ahead=stretch_shown(run.ahead),
        really=mails_text(run.really),
        who=who_shown(run),
        may_change=may_change_ladder(current_actor(), area),
        back_url=url_for("cases.ladder", key=area.key),
        again_url=f"{url_for('cases.ladder', key=area.key)}?{urlencode(request.args.to_dict())}",
    )
