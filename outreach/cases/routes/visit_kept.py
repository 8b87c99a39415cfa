"""The page of one visit: what was kept, where to go on, and its words for somebody's own record system."""

from flask import abort, render_template, url_for
from flask_babel import gettext as _

from outreach.accounts.reading import log_reading
from outreach.cases import policy
from outreach.cases.models import Attempt
from outreach.cases.queries.visits import find_attempt
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.next_visit_shown import next_of
from outreach.cases.routes.saying import Spot, find_spot
from outreach.cases.routes.visit_text import text_of
from outreach.cases.words import label
from outreach.children.grants import Scope
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import language, moment


@blueprint.get("/cases/<reference>/visits/<int:attempt_id>")
@allowed(*WORKING)
def visit_kept(reference: str, attempt_id: int) -> str:
    """One visit or attempt, for who sees the whole case."""
    spot, _attempt = _found(reference, attempt_id)
    log_reading(db.session, spot.actor, f"case:{spot.case.reference}")
    spot, attempt = _found(reference, attempt_id)
    adds = spot.case.ended_at is None and policy.may_add_facts(spot.actor, spot.case, spot.scope)
    child_url = url_for("cases.household_child", reference=spot.case.reference)
    return render_template(
        "cases/visit_kept.html",
        case={"name": spot.name, "reference": spot.case.reference, "url": spot.case_url},
        title=_("Visit") if attempt.channel == "door" else label("channel", attempt.channel, language()),
        when=moment(attempt.at),
        next_visit=next_of(attempt.details),
        text=text_of(spot, attempt),
        child_url=child_url if adds and attempt.details.get("other_child") else None,
        work_url=url_for("cases.my_work"),
    )


def _found(reference: str, attempt_id: int) -> tuple[Spot, Attempt]:
    spot = find_spot(reference, None)
    if spot.scope is not Scope.FULL:
        abort(403)
    attempt = find_attempt(db.session, spot.actor, spot.case, attempt_id)
    if attempt is None:
        abort(404)
    return spot, attempt
