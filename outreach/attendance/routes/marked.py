"""The kleuters at risk in one table: the reason, who rings, followed by the school; and cases for those it chooses."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import Person
from outreach.accounts.queries import members
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.attendance.commands.caring import as_care, note_care
from outreach.attendance.forms.caring import Table, Written, table_of
from outreach.attendance.policy import BY_NAME, CONTACT, is_school, of_school
from outreach.attendance.projection import Standing
from outreach.attendance.queries.caring import Row, rows_to_go_through
from outreach.attendance.queries.waiting import waiting
from outreach.attendance.routes.blueprint import Page, blueprint
from outreach.attendance.words import reason_choices, refusal, standing_label
from outreach.database import transaction
from outreach.errors import OutreachError
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import day, language, moment

ROLES = (CONTACT, BY_NAME)


@blueprint.get("/attendance/at-risk")
@allowed(*ROLES)
def marked() -> Page:
    """The kleuters at risk of one's own school, or those given to who rings."""
    return _page(current_actor(), {})


@blueprint.post("/attendance/at-risk")
@allowed(*ROLES)
def note_marked() -> Page:
    """Write down what changed, row by row; what does not fit is named and stays as it was typed."""
    actor = current_actor()
    if not of_school(actor):
        return redirect(url_for("attendance.marked"))
    with transaction(db.session):
        rows = {row.pupil.id: row for row in rows_to_go_through(db.session, actor)}
        kept = {pupil_id: as_care(row.care) for pupil_id, row in rows.items()}
        table = table_of(request.form, whole=is_school(actor), kept=kept)
        noted, refused = _note(actor, rows, table)
    if noted == 1:
        flash(_("Noted for 1 kleuter."), "success")
    elif noted:
        flash(_("Noted for %(count)s kleuters.", count=noted), "success")
    if refused:
        typed = {pupil_id: table.rows[pupil_id] for pupil_id in refused}
        return _page(actor, refused, typed), 409
    if request.form.get("do") == "open" and is_school(actor):
        return _to_open(table)
    return redirect(url_for("attendance.marked"))


def _to_open(table: Table) -> Page:
    if not table.ticked:
        flash(_("Tick at least one kleuter to open a case for."), "error")
        return redirect(url_for("attendance.marked"))
    return redirect(url_for("attendance.open_cases", pupil=sorted(table.ticked)))


def _note(actor: Actor, rows: dict[int, Row], table: Table) -> tuple[int, dict[int, str]]:
    """How many rows were noted; and why the others were not, by pupil."""
    noted, refused = 0, {}
    for pupil_id, written in table.rows.items():
        row = rows.get(pupil_id)
        if row is None:
            continue
        try:
            with db.session.begin_nested():
                noted += note_care(db.session, row.pupil, written.care, seen_id=written.seen_id, by=actor)
        except OutreachError as error:
            refused[pupil_id] = refusal(error, language())
    return noted, refused


def _page(actor: Actor, refused: dict[int, str], typed: dict[int, Written] | None = None) -> str:
    if not of_school(actor) or actor.organisation_id is None:
        return render_template("attendance/marked.html", school=False)
    log_reading(db.session, actor, f"school:{actor.organisation_id}")
    rows = rows_to_go_through(db.session, actor)
    people = members(db.session, actor.organisation_id, on=clock.today()) if is_school(actor) else []
    return render_template(
        "attendance/marked.html",
        school=True,
        whole=is_school(actor),
        rows=[_row_shown(row, refused, typed or {}) for row in rows],
        reasons=reason_choices(language()),
        people=list({one.person_id: one.person.name for one in people}.items()),
        to_find=waiting(db.session, actor).to_find,
    )


def _row_shown(row: Row, refused: dict[int, str], typed: dict[int, Written]) -> dict[str, Any]:
    one, care = row.one, row.care
    written = typed.get(row.pupil.id)
    shown = written.care if written else as_care(care)
    by = db.session.get_one(Person, care.by_id).name if care else ""
    return {
        "id": row.pupil.id,
        "seen": care.id if care else "",
        "name": one.name,
        "url": url_for("attendance.pupil", pupil_id=row.pupil.id),
        "class": one.presence.class_name,
        "standing": standing_label(one.standing, language()),
        "tone": "late" if one.standing is Standing.NO_LONGER else "soon" if one.projection.marked else "fine",
        "icon": "flag" if one.standing is Standing.NO_LONGER else "late" if one.projection.marked else "fine",
        "lines": _lines(row),
        "reason": shown.reason or "",
        "rings": shown.rings_id,
        "followed": shown.followed,
        "noted": _("%(who)s, %(when)s", who=by, when=moment(care.at)) if care else "",
        "fault": refused.get(row.pupil.id),
        "running": row.running is not None,
        "case_url": url_for("cases.case", reference=row.running.reference)
        if row.running and row.running.reference
        else None,
        "reference": row.running.reference if row.running else None,
    }


def _lines(row: Row) -> list[str]:
    """What the numbers say, in words."""
    outlook, seen = row.one.projection.marking, row.one.presence
    said = [_("present %(present)s of %(possible)s half days", present=seen.present, possible=seen.possible)]
    if outlook is not None:
        asked = outlook.threshold.half_days
        said.append(
            _(
                "%(low)s to %(high)s expected on 30 June, %(asked)s asked",
                low=outlook.low,
                high=outlook.high,
                asked=asked,
            )
        )
        if outlook.attainable_until and outlook.needed:
            counts = {"needed": outlook.needed, "day": day(outlook.attainable_until)}
            if outlook.attainable_until < clock.today():
                text = _(
                    "still %(needed)s half days needed; without one since the report: attainable until %(day)s",
                    **counts,
                )
                said.append(text)
            else:
                said.append(_("still %(needed)s half days needed, attainable until %(day)s", **counts))
    return [str(each) for each in said]


def rows_asked(actor: Actor, pupil_ids: list[int]) -> list[Row]:
    """The rows somebody ticked who may open cases; what is not theirs does not exist."""
    return rows_to_go_through(db.session, actor, set(pupil_ids)) if is_school(actor) else []
