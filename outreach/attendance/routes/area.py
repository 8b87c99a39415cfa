"""Attendance of an area, for who coordinates it: counts, never a name; a school by itself only when it agreed."""

from typing import Any

from flask import render_template, url_for

from outreach.accounts.signed_in import current_actor
from outreach.attendance.policy import COORDINATOR, counts_of
from outreach.attendance.queries.area import AreaCounts, Counted, area_counts
from outreach.attendance.queries.helped_in_area import helped_in_area
from outreach.attendance.routes.blueprint import Page, blueprint
from outreach.attendance.routes.helped import action_label
from outreach.extensions import db
from outreach.partners.queries import areas as all_areas
from outreach.web.access import allowed


@blueprint.get("/attendance/areas")
@allowed(COORDINATOR)
def areas() -> Page:
    """The areas one's organisation coordinates."""
    actor = current_actor()
    own = counts_of(actor, all_areas(db.session))
    found = [_area_shown(area_counts(db.session, actor, area)) for area in own]
    return render_template("attendance/areas.html", areas=found, upload_url=url_for("imports.upload_reports"))


def _area_shown(found: AreaCounts) -> dict[str, Any]:
    return {
        "key": found.area.key,
        "name": found.area.name,
        "schools": found.schools,
        "first_on": found.first_on,
        "last_on": found.last_on,
        "total": _counted_shown(found.total),
        "shown": [
            {"school": one.school, "as_of": one.as_of, "counted": _counted_shown(one.counted)} for one in found.shown
        ],
        "inside": found.inside,
        "held_back": found.held_back,
        "actions": [
            {"label": action_label(each.deed), "children": each.children, "better": each.better}
            for each in helped_in_area(db.session, current_actor(), found.area)
        ],
    }


def _counted_shown(counted: Counted | None) -> dict[str, int] | None:
    if counted is None:
        return None
    return {"children": counted.children, "at_risk": counted.at_risk, "percent": counted.percent}
