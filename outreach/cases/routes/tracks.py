"""The track of a case as a line: what was done, where it stands, what normally comes after."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.cases.models import Step, StepState, Track
from outreach.cases.queries.case_page import Scene
from outreach.cases.routes.shown import dates_shown, standing_text, step_name
from outreach.cases.words import label, step_label
from outreach.cases.workflow import CLOSURE, STAY, StepRule, processes
from outreach.children.grants import Scope
from outreach.web.filters import day, language

SHOWN = 6
"""So many steps fit on a line; of a long story the last ones."""


def tracks_of(scene: Scene) -> list[dict[str, Any]]:
    """Every track of the case, the present one last."""
    return [_track(scene, track) for track in scene.tracks]


def _track(scene: Scene, track: Track) -> dict[str, Any]:
    process = processes().process(track.process, track.process_version)
    opened = [step for step in scene.steps if step.track_id == track.id and step.side_of_id is None]
    opened = [step for step in opened if step.state != StepState.WITHDRAWN]
    here = next((step for step in reversed(opened) if step.living), None)
    done = [step for step in opened if step is not here][-SHOWN:]
    line = [_done(scene, step) for step in done]
    if here is not None:
        line.append(_here(scene, here))
        if scene.scope is Scope.FULL:
            rules = coming_after(track, here.key)
            line += [{"label": rule.label[language()], "state": "coming"} for rule in rules]
    return {
        "label": process.label[language()],
        "version": process.version,
        "steps": line,
        "open": track.ended_at is None,
        "how_url": url_for(
            "cases.process", process=track.process, version=track.process_version, at=here.key if here else None
        ),
    }


def coming_after(track: Track, key: str) -> list[StepRule]:
    """The steps that normally follow: each time the first outcome that leads on."""
    process = processes().process(track.process, track.process_version)
    found: list[StepRule] = []
    rule = process.find_step(key)
    while rule is not None:
        leads = next((outcome.to for outcome in rule.outcomes if outcome.to != STAY), CLOSURE)
        rule = process.find_step(leads) if leads != CLOSURE else None
        if rule is None or rule.key == key or rule in found:
            break
        found.append(rule)
    return found


def _done(scene: Scene, step: Step) -> dict[str, Any]:
    return {
        "label": step_name(scene.track_of(step), step),
        "state": "done",
        "owner": scene.names.organisation(step.organisation_id),
        "date": day(clock.local(step.ended_at).date()) if step.ended_at else "",
    }


def _here(scene: Scene, step: Step) -> dict[str, Any]:
    return {
        "label": step_name(scene.track_of(step), step),
        "state": "paused" if step.state == StepState.PAUSED else "now",
        "owner": scene.names.organisation(step.organisation_id),
        "date": "",
    }


def open_steps_of(scene: Scene) -> list[dict[str, Any]]:
    """Whose move, by when, why that day, and what would be lost."""
    return [_open_step(scene, step) for step in scene.living]


def _open_step(scene: Scene, step: Step) -> dict[str, Any]:
    track, standing = scene.track_of(step), scene.standing(step)
    rule = processes().process(track.process, track.process_version).find_step(step.key)
    name = step_name(track, step)
    said = rule.help[language()] if rule and rule.help else ""
    if step.side_of_id is not None:
        of = next((each for each in scene.steps if each.id == step.side_of_id), None)
        said = _("Side step of %(step)s", step=step_label(track.process, of.key, language())) if of else _("Side step")
    return {
        "number": step.number,
        "label": name,
        "owner": scene.names.organisation(step.organisation_id) or _("a school"),
        "person": scene.names.person(step.person_id),
        "text": said,
        "owner_why": label("owner_reason", step.owner_reason, language()),
        "to_assign": step.to_assign,
        "urgency": standing.urgency,
        "urgency_text": standing_text(standing),
        **dates_shown(step),
    }
