"""The head and the sides of a case page: who it is about, with whom it lives, what was noted, who can see it."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.cases.queries.case_page import Relative, Scene
from outreach.cases.queries.merges import became
from outreach.cases.queries.of_children import ATTENDANCE
from outreach.cases.routes.shown import (
    entry_days,
    entry_line,
    entry_on,
    entry_shown,
    is_compulsory,
    step_name,
    street,
    with_two_said,
)
from outreach.cases.words import closure_label, label, text
from outreach.cases.workflow import Anchor
from outreach.children.grants import Scope
from outreach.children.models import Child, Grant
from outreach.extensions import db
from outreach.web.filters import age, day, language, moment


def header_of(scene: Scene) -> dict[str, Any]:
    """The head of the page."""
    case, child = scene.case, scene.child
    chosen = scene.anchors.get(Anchor.ENTRY_DAY)
    return {
        "reference": case.reference,
        "name": child.name if child else _("Case %(reference)s", reference=case.reference),
        "born_on": child.born_on if child else None,
        "language": label("language", child.language, language()) if child else None,
        "interpreter": bool(child.interpreter) if child else None,
        "area": scene.area.name,
        "lead": scene.names.organisation(case.lead_id),
        "companion": scene.names.person(case.companion_id),
        "entry": _entry(scene, child, chosen) if child and not case.ended_at else None,
        "back_url": url_for("cases.my_work"),
        "closed": _closed(scene),
        "warnings": _warnings(scene),
        "tags": _tags(scene),
    }


def _entry(scene: Scene, child: Child, chosen: date | None) -> dict[str, str | None] | None:
    """When the child may start; of a child that goes to school, until when its threshold is attainable."""
    if not all(track.process == ATTENDANCE for track in scene.tracks if track.ended_at is None):
        return entry_shown(child, scene.calendar, chosen)
    last = scene.anchors.get(Anchor.THRESHOLD_LAST_DAY)
    return (
        {"label": _("Threshold"), "value": _("attainable until %(day)s", day=day(last)), "small": None}
        if last
        else None
    )


def _closed(scene: Scene) -> dict[str, Any] | None:
    if scene.case.ended_at is None:
        return None
    last = scene.closures[-1] if scene.closures else None
    if last is None:
        return {"label": _("This case has ended"), "on_text": day(clock.local(scene.case.ended_at).date()), "by": ""}
    peace = last.leave_in_peace_until
    rest = _("leave the family in peace until %(day)s", day=day(peace)) if peace else ""
    return {"label": closure_label(last.key, language()), "on_text": day(last.on), "by": rest}


def _warnings(scene: Scene) -> list[dict[str, str]]:
    found = []
    if scene.child is None:
        said = _("You see the reference and your step only. The parents were not asked yet, or did not agree.")
        found.append({"tone": "planned", "icon": "private", "text": said})
    elif scene.case.secrecy:
        secrecy = "hidden" if scene.hidden else scene.case.secrecy
        found.append({"tone": "late", "icon": "shelter", "text": label("warning", secrecy, language())})
    if scene.case.ended_at is not None and (kept := became(db.session, scene.actor, scene.case)) is not None:
        found.append(
            {"tone": "soon", "icon": "double", "text": text("warning.double", language(), reference=kept.reference)}
        )
    if scene.with_two is not None:
        found.append({"tone": "late", "icon": "people", "text": with_two_said(scene.with_two)})
    if scene.case.outside and scene.scope is Scope.FULL and not scene.case.ended_at:
        said = _("This child lives outside the municipalities of %(area)s: hand the case over.", area=scene.area.name)
        found.append({"tone": "soon", "icon": "outside", "text": said})
    if scene.scope is Scope.FULL:
        found += [_unasked(scene, step.organisation_id) for step in scene.living if _waits_for_parents(step)]
    return found


def _waits_for_parents(step: Any) -> bool:
    return step.scope == Scope.REFERENCE and step.side_of_id is None


def _unasked(scene: Scene, organisation_id: int) -> dict[str, str]:
    name = scene.names.organisation(organisation_id) or _("the school")
    said = _("%(name)s sees the reference only, until the parents agree. Talk to them first.", name=name)
    return {"tone": "soon", "icon": "talk", "text": said}


def _tags(scene: Scene) -> list[dict[str, str]]:
    found = []
    if is_compulsory(scene.child) and not scene.case.ended_at:
        found.append({"icon": "compulsory", "text": _("compulsory school age"), "tone": "late"})
    if any(scene.standing(step).urgency == "tight" for step in scene.living):
        found.append({"icon": "tight", "text": _("tight"), "tone": "tight"})
    return [*found, {"icon": "area", "text": scene.area.name, "tone": "plain"}]


def household_of(scene: Scene) -> dict[str, Any] | None:
    """The children at this address whose case the reader may see; only for who sees all."""
    if scene.household is None or len(scene.relatives) < 2:
        return None
    return {
        "address": street(scene.residence) if scene.residence else None,
        "kind_label": None,
        "warning": None,
        "siblings_said": scene.household.siblings_said_at is not None,
        "children": [_relative(scene, one) for one in scene.relatives],
        "nearer": nearer_entry(scene),
        "adjust_url": url_for("cases.household", reference=scene.case.reference),
    }


def _relative(scene: Scene, one: Relative) -> dict[str, Any]:
    ended = one.case.ended_at is not None
    return {
        "name": one.child.name,
        "age": age(one.child.born_on),
        "url": url_for("cases.case", reference=one.case.reference),
        "entry": None if ended else entry_line(one.child, scene.calendar, one.chosen_on),
        "days": None if ended else entry_days(one.child, scene.calendar, one.chosen_on),
        "state": step_name(one.track, one.step) if one.step and one.track else _("case closed"),
        "here": one.child.id == scene.case.child_id,
    }


def nearer_entry(scene: Scene) -> str | None:
    """Another child of this household that may start before this one does, with its day: one visit can serve both."""
    others = [one for one in scene.relatives if one.child.id != scene.case.child_id and not one.case.ended_at]
    waiting = [one for one in others if one.chosen_on is None or one.chosen_on >= clock.today()]
    if scene.child is None or scene.case.ended_at or not waiting:
        return None
    first = min(waiting, key=lambda one: _starts_on(scene, one.child, one.chosen_on))
    own = _starts_on(scene, scene.child, scene.anchors.get(Anchor.ENTRY_DAY))
    if _starts_on(scene, first.child, first.chosen_on) >= own:
        return None
    days = (
        entry_line(first.child, scene.calendar, first.chosen_on),
        entry_days(first.child, scene.calendar, first.chosen_on),
    )
    said: str = _(
        "%(name)s, at this address too, may start earlier: %(when)s.",
        name=first.child.first_name,
        when=", ".join(one for one in days if one),
    )
    return said


def _starts_on(scene: Scene, child: Child, chosen_on: date | None) -> date:
    return chosen_on or entry_on(child, scene.calendar)


def notes_of(scene: Scene) -> list[dict[str, Any]]:
    """The notes this person may read, newest first."""
    return [
        {
            "text": note.text,
            "shared": note.shared,
            "by": scene.names.person(note.by_id),
            "organisation": scene.names.organisation(note.organisation_id),
            "at": moment(note.at),
            "correct_url": url_for("cases.correct_note", reference=scene.case.reference, note_id=note.id)
            if note.organisation_id == scene.actor.organisation_id
            else None,
        }
        for note in scene.notes
    ]


def involved_in(scene: Scene) -> list[dict[str, Any]]:
    """Who can see the case, how much of it, why and until when; organisations first where nobody is named."""
    people = {grant.organisation_id for grant in scene.grants if grant.person_id is None}
    shown = [
        each
        for each in scene.grants
        if each.person_id is None or each.reason == "companion" or each.organisation_id not in people
    ]
    return [_involved(scene, grant) for grant in shown]


def _involved(scene: Scene, grant: Grant) -> dict[str, Any]:
    reason = grant.reason if grant.reason in ("owner", "lead", "companion") else "other"
    why = f"{label('grant', reason, language())}; {label('scope', grant.scope, language())}"
    if grant.until:
        why += ", " + text("grant_until.day", language(), day=clock.local(grant.until).date())
    return {
        "name": scene.names.person(grant.person_id),
        "organisation": scene.names.organisation(grant.organisation_id) or _("a school"),
        "role": "",
        "why": why,
        "companion": grant.reason == "companion",
    }
