"""Cases for the kleuters a school chose: first what would happen and what is still asked, then it is done."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach.accounts.actors import Actor
from outreach.accounts.signed_in import current_actor
from outreach.attendance.commands.opening import Opened, Wish, clb_of, known_children, open_attendance
from outreach.attendance.forms.caring import day_of, same_of
from outreach.attendance.policy import CONTACT
from outreach.attendance.queries.caring import Row
from outreach.attendance.queries.school import latest_reports
from outreach.attendance.routes.blueprint import Page, blueprint
from outreach.attendance.routes.marked import rows_asked
from outreach.attendance.unlawful import for_the_clb
from outreach.attendance.words import reason_label, refusal
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import language
from outreach.web.submissions import first_time, new_key


@blueprint.get("/attendance/open-cases")
@allowed(CONTACT)
def open_cases() -> Page:
    """What would happen for each ticked kleuter; nothing changes yet."""
    rows = rows_asked(current_actor(), request.args.getlist("pupil", type=int))
    return _page(rows, {}, {})


@blueprint.post("/attendance/open-cases")
@allowed(CONTACT)
def send_open_cases() -> Page:
    """Open them. A kleuter whose case runs meanwhile is left; sent twice it is done once."""
    actor = current_actor()
    sent = request.form.get("submission_key") or new_key()
    try:
        with transaction(db.session):
            rows = rows_asked(actor, request.form.getlist("pupil", type=int))
            wishes, faults = _wishes(rows)
            if faults:
                return _page(rows, {wish.row.pupil.id: wish for wish in wishes}, faults), 400
            if first_time(db.session, key=sent, person_id=actor.person_id):
                _say(_open(actor, wishes))
    except Refused as error:
        flash(refusal(error, language()), "error")
    return redirect(url_for("attendance.marked"))


def _open(actor: Actor, wishes: list[Wish]) -> list[Opened]:
    report = latest_reports(db.session, actor, wishes[0].row.pupil.school_id)[0] if wishes else None
    return open_attendance(db.session, wishes, report=report, by=actor) if report else []


def _wishes(rows: list[Row]) -> tuple[list[Wish], dict[int, str]]:
    """What was asked for each kleuter without a running case, and what is still to be said."""
    faults: dict[int, str] = {}
    wishes: list[Wish] = []
    for row in rows:
        born_on = row.pupil.born_on or day_of(request.form, row.pupil.id)
        if row.running is not None:
            continue
        if born_on is None or born_on.year != row.pupil.born_year:
            faults[row.pupil.id] = _("Fill in the day of birth, in %(year)s.", year=row.pupil.born_year)
        else:
            wishes.append(Wish(row, born_on, same_of(request.form, row.pupil.id)))
    for pupil_id in known_children(db.session, [wish for wish in wishes if wish.same is None]):
        faults[pupil_id] = _("Say whether it is the same child.")
    return wishes, faults


def _say(opened: list[Opened]) -> None:
    if len(opened) == 1:
        flash(_("1 case opened."), "success")
    elif opened:
        flash(_("%(count)s cases opened.", count=len(opened)), "success")
    if any(one.joined for one in opened):
        flash(_("Where a case ran already, your question was added to it."), "info")


def _page(rows: list[Row], wishes: dict[int, Wish], faults: dict[int, str]) -> str:
    asked = [Wish(row, born) for row in rows if (born := _born(row, wishes)) and row.running is None]
    known = known_children(db.session, asked)
    return render_template(
        "attendance/open_cases.html",
        rows=[_shown(row, wishes.get(row.pupil.id), faults, row.pupil.id in known) for row in rows if not row.running],
        clb=_clb(rows),
        running=[row.one.name for row in rows if row.running],
    )


def _clb(rows: list[Row]) -> str | None:
    """The CLB that is asked to look along, by name."""
    report = latest_reports(db.session, current_actor(), rows[0].pupil.school_id)[0] if rows else None
    found = clb_of(db.session, report.area_id) if report else None
    return found.name if found else None


def _born(row: Row, wishes: dict[int, Wish]) -> date | None:
    wish = wishes.get(row.pupil.id)
    return row.pupil.born_on or (wish.born_on if wish else None)


def _shown(row: Row, wish: Wish | None, faults: dict[int, str], known: bool) -> dict[str, Any]:
    care = row.care
    born_on = _born(row, {row.pupil.id: wish} if wish else {})
    return {
        "id": row.pupil.id,
        "name": row.one.name,
        "born_on": born_on,
        "asks_day": row.pupil.born_on is None,
        "year": row.pupil.born_year,
        "reason": reason_label(care.reason if care else None, language()),
        "known": known,
        "same": {True: "yes", False: "no"}.get(wish.same) if wish and wish.same is not None else None,
        "fault": faults.get(row.pupil.id),
        "unlawful": for_the_clb(row.pupil.born_year, row.one.as_of, row.one.presence.unlawful),
    }
