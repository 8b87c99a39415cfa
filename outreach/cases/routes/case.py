"""The page of one case."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from structlog import get_logger

from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.cases.models import Case
from outreach.cases.queries.case_page import Scene, case_scene
from outreach.cases.queries.finding import find_case
from outreach.cases.queries.mails import mails_about
from outreach.cases.queries.timeline import case_timeline
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.conflict_inbox import lines_of_case
from outreach.cases.routes.doors import actions_of, refused_of
from outreach.cases.routes.doubles_shown import notes_of_doubles, stories_of_doubles
from outreach.cases.routes.header import header_of, household_of, involved_in, notes_of
from outreach.cases.routes.links import links_told
from outreach.cases.routes.story import story_of
from outreach.cases.routes.telling import chapters_of, filters_of, mails_told
from outreach.cases.routes.tracks import open_steps_of, tracks_of
from outreach.cases.words import label
from outreach.children.grants import Scope
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import language

log = get_logger()


@blueprint.get("/cases/<reference>")
@allowed(*WORKING)
def case(reference: str) -> str:
    """Who it is about, whose move it is, what happened, who can see it and why."""
    scene = read_scene(reference)
    actions, facts = actions_of(scene)
    story = story_of(scene, case_timeline(db.session, scene)) + mails_told(scene, mails_about(db.session, scene))
    story += stories_of_doubles(scene)
    shown = {event["kind"] for event in story}
    show = request.args.get("show") if request.args.get("show") in shown else None
    return render_template(
        "cases/case.html",
        case=header_of(scene),
        tracks=tracks_of(scene),
        steps=open_steps_of(scene),
        conflicts=lines_of_case(scene.actor, scene.case) if scene.scope is Scope.FULL else [],
        actions=actions,
        more_actions=facts,
        links=links_told(scene),
        refused=refused_of(scene),
        chapters=chapters_of(story, show),
        event_filters=filters_of(scene.case.reference, story, show),
        facts=_facts(scene),
        contacts=[_contact(scene, one) for one in scene.contacts] if scene.child else None,
        household=household_of(scene),
        notes=notes_of(scene) + notes_of_doubles(scene),
        note_url=url_for("cases.note", reference=scene.case.reference) if scene.child else None,
        involved=involved_in(scene),
    )


def read_scene(reference: str) -> Scene:
    """The case as the signed-in person may see it, or 404; the reading is written down before anything is shown."""
    actor = current_actor()
    found = see_case(reference)
    log_reading(db.session, actor, f"case:{found.reference}")
    return case_scene(db.session, actor, see_case(reference))


def see_case(reference: str) -> Case:
    """The case if the signed-in person may see it, or 404, written down."""
    actor = current_actor()
    found = find_case(db.session, actor, reference)
    if found is None:
        log.warning("case_not_seen", person=actor.person_id, organisation=actor.organisation_id)
        abort(404)
    return found


def _facts(scene: Scene) -> list[tuple[str, Any]]:
    """What is known of the child and the place; label and value, empty ones are left out by the page."""
    if scene.child is None:
        return []
    pairs: list[tuple[str, Any]] = [(_("Child"), scene.child.name)]
    if scene.scope is Scope.FULL:
        pairs += [
            (_("Address"), _address(scene)),
            (_("Reference person"), scene.household and scene.household.reference_person),
        ]
    school = scene.names.organisation(scene.placement.school_id) if scene.placement else ""
    pairs += [(_("School"), school), (_("Language at home"), label("language", scene.child.language, language()))]
    return [(name, value) for name, value in pairs if value]


def _address(scene: Scene) -> Any:
    if scene.hidden:
        return label("warning", "hidden", language())
    home = scene.residence
    if home is None:
        return label("address", "none", language())
    kind = label("address", home.kind, language()) if home.kind != "home" else ""
    where = ", ".join(part for part in (home.line, f"{home.postcode} {home.municipality}".strip()) if part)
    return (where, kind) if kind and where else where or kind


def _contact(scene: Scene, one: Any) -> dict[str, Any]:
    reference = scene.case.reference
    full = scene.scope is Scope.FULL
    return {
        "name": one.name,
        "relation": label("relation", one.relation, language()),
        "phone": one.phone,
        "phone_url": f"tel:{''.join(one.phone.split())}" if one.phone else None,
        "email": one.email,
        "language": label("language", one.language, language()),
        "remark": _("the school may ring") if one.school_may_ring and full else None,
        "end_url": url_for("cases.end_contact", reference=reference, contact_id=one.id) if full else None,
    }
