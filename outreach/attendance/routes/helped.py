"""The loop closed: after which action kleuters of a school were there more often."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.attendance.policy import CONTACT, is_school
from outreach.attendance.queries.helping import Course, Deed, Helped, helped
from outreach.attendance.routes.blueprint import Page, blueprint
from outreach.cases.words import outcome_label, step_label
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import language

Shown = dict[str, Any]


@blueprint.get("/attendance/what-helped")
@allowed(CONTACT)
def what_helped() -> Page:
    """Per action how many kleuters were there more often in the reports since."""
    actor = current_actor()
    if not is_school(actor):
        return render_template("attendance/helped.html", school=False, actions=[])
    log_reading(db.session, actor, f"school:{actor.organisation_id}")
    found = helped(db.session, actor)
    deeds = sorted({each.deed for each in found})
    actions = [_shown(deed, [each for each in found if each.deed == deed]) for deed in deeds]
    return render_template(
        "attendance/helped.html",
        school=True,
        actions=sorted(actions, key=lambda each: (-each["children"], each["label"])),
        waiting=all(each.course is Course.WAITING for each in found),
    )


def _shown(deed: Deed, those: Sequence[Helped]) -> Shown:
    courses = [each.course for each in those]
    return {
        "label": action_label(deed),
        "children": len(those),
        "counts": [(course.value, courses.count(course)) for course in Course],
        "kleuters": [_kleuter(each) for each in sorted(those, key=lambda each: list(Course).index(each.course))],
    }


def action_label(deed: Deed) -> str:
    """What was done, in the reader's words."""
    if not deed.step:
        return str(_("Followed by us, without a case"))
    outcome = outcome_label(deed.process, deed.version, deed.step, deed.outcome, language())
    return f"{step_label(deed.process, deed.step, language())}: {outcome}"


def _kleuter(each: Helped) -> Shown:
    return {
        "name": f"{each.pupil.first_name} {each.pupil.last_name}".strip(),
        "url": url_for("attendance.pupil", pupil_id=each.pupil.id),
        "on": each.on,
        "course": each.course.value,
        "before": each.before,
        "since": each.since,
    }
