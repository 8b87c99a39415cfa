"""Is it the same child? Kleuters of the report beside children the school follows; and who was recognised by itself."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.attendance.commands.recognising import say_other_child, say_same_child
from outreach.attendance.policy import CONTACT, is_school
from outreach.attendance.queries.same_child import Question, questions, recognised
from outreach.attendance.routes.blueprint import Page, blueprint
from outreach.attendance.words import refusal
from outreach.cases.words import label
from outreach.children.likeness import Verdict
from outreach.children.names import name_key
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import day, language, moment

_LOOKS = {Verdict.AGREES: ("check", "fine"), Verdict.ALIKE: ("question", "soon"), Verdict.UNKNOWN: ("info", "plain")}


@blueprint.get("/attendance/same-child")
@allowed(CONTACT)
def same_child() -> Page:
    """What is still to be said, and who was recognised without asking."""
    actor = current_actor()
    if not is_school(actor):
        return render_template("attendance/same_child.html", school=False, asked=[], recognised=[])
    log_reading(db.session, actor, f"school:{actor.organisation_id}")
    return render_template(
        "attendance/same_child.html",
        school=True,
        asked=[_shown(each) for each in questions(db.session, actor)],
        recognised=[_shown(each) for each in recognised(db.session, actor)],
    )


@blueprint.post("/attendance/same-child")
@allowed(CONTACT)
def say_same() -> Page:
    """The same child, or another; sent twice it says itself that it was answered."""
    actor = current_actor()
    pair = (request.form.get("pupil", 0, type=int), request.form.get("child", 0, type=int))
    try:
        with transaction(db.session):
            if request.form.get("same") == "yes":
                said = say_same_child(db.session, *pair, by=actor)
                told = _("Recognised: case %(reference)s hears what the report says.", reference=said.case.reference)
            else:
                say_other_child(db.session, *pair, by=actor)
                told = _("Noted: they are two children.")
        flash(told, "success")
    except Refused as error:
        flash(refusal(error, language()), "error")
    return redirect(url_for("attendance.same_child"))


def _shown(each: Question) -> dict[str, Any]:
    pupil, child = each.pupil, each.child
    return {
        "pupil_id": pupil.id,
        "child_id": child.id,
        "name": f"{pupil.first_name} {pupil.last_name}".strip(),
        "url": url_for("attendance.pupil", pupil_id=pupil.id),
        "reference": each.case.reference,
        "case_url": url_for("cases.case", reference=each.case.reference),
        "at": moment(each.answer.at) if each.answer else "",
        "rows": [
            _row(_("Name"), f"{pupil.first_name} {pupil.last_name}".strip(), child.name, _names(each)),
            _row(_("Day of birth"), _born(each), day(child.born_on), _days(each)),
        ],
    }


def _row(what: str, one: str, other: str, verdict: Verdict) -> dict[str, str]:
    icon, tone = _LOOKS[verdict]
    said = label("likeness_verdict", verdict.value, language())
    return {"label": what, "one": one, "other": other, "verdict": said, "icon": icon, "tone": tone}


def _born(each: Question) -> str:
    return day(each.pupil.born_on) or str(_("only the year: %(year)s", year=each.pupil.born_year))


def _names(each: Question) -> Verdict:
    one, other = each.pupil, each.child
    same = name_key(one.first_name, one.last_name) == name_key(other.first_name, other.last_name)
    return Verdict.AGREES if same else Verdict.ALIKE


def _days(each: Question) -> Verdict:
    if each.pupil.born_on is None:
        return Verdict.UNKNOWN
    return Verdict.AGREES if each.pupil.born_on == each.child.born_on else Verdict.ALIKE
