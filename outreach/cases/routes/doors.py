"""What this person can do with a case now: each door with its words, and with the reason where it is closed."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from outreach.cases import policy
from outreach.cases.models import Step, StepState
from outreach.cases.queries.case_page import Scene
from outreach.cases.queries.links import WAITING
from outreach.cases.routes.cards import report_door
from outreach.cases.routes.shown import step_name
from outreach.children.grants import Scope
from outreach.web.filters import day

Door = dict[str, Any]


def actions_of(scene: Scene) -> tuple[list[Door], list[Door]]:
    """What moves the case on, and what may be added to it."""
    moves = [door for step in scene.living for door in _step_doors(scene, step)]
    if policy.may_reopen(scene.actor, scene.case) and scene.scope is Scope.FULL:
        moves.append(_door(scene, "reopen", _("Open the case again"), "undo", main=True))
    return moves, _fact_doors(scene)


def _step_doors(scene: Scene, step: Step) -> list[Door]:
    actor, case, track = scene.actor, scene.case, scene.track_of(step)
    several = len(scene.living) > 1
    doors = []
    if policy.may_report(actor, case, step):
        url, words, icon = report_door(track.process, track.process_version, case.reference, step)
        doors.append({"url": url, "label": words, "icon": icon, "main": not several or step.side_of_id is None})
    if policy.may_agree(actor, case, step, scene.scope):
        said = _("After your talk with them: the next partner may then see the case.")
        doors.append(_door(scene, "agree", _("The parents agree"), "talk", step, help=said))
    if policy.may_take(actor, step):
        doors.append(_door(scene, "take", _("Take it up myself"), "person", step))
    if policy.may_nudge(actor, case, step):
        doors.append(_nudge_door(scene, step))
    if policy.may_assign(actor, case, step):
        doors.append(_door(scene, "assign", _("Give to a colleague"), "people", step))
    if policy.may_steer(actor, case, step):
        doors += _steering(scene, step)
    if several:
        name = step_name(track, step)
        doors = [{**door, "help": door.get("help") or name} for door in doors]
    return doors


def _nudge_door(scene: Scene, step: Step) -> Door:
    door = _door(scene, "nudge", _("Remind the owner"), "letter", step)
    if step.id in scene.nudged:
        door["refused"] = _("the owner was reminded today already")
    return door


def _steering(scene: Scene, step: Step) -> list[Door]:
    paused = step.state == StepState.PAUSED
    doors = []
    if step.side_of_id is None and not paused:
        doors.append(_door(scene, "plan", _("Agree on a day"), "calendar", step))
    if paused:
        doors.append(_resume_door(scene, step))
    elif step.state == StepState.OPEN:
        doors.append(_door(scene, "pause", _("Pause"), "paused", step))
    if step.state in WAITING:
        said = _("For a partner without an account, who has the reference from you.")
        doors.append(_door(scene, "ask_by_link", _("Ask for an answer by link"), "letter", step, help=said))
    new_aim = _door(scene, "new_aim", _("Set a new aim"), "edit", step)
    if step.new_aim_at is not None:
        new_aim["refused"] = _("the aim was moved once already")
    doors.append(new_aim)
    if step.side_of_id is None:
        if policy.owns(scene.actor, step):
            doors.append(_door(scene, "ask", _("Ask a partner something"), "question", step))
        doors.append(_door(scene, "hand_over", _("Hand over to another organisation"), "handover", step))
    return doors


def _resume_door(scene: Scene, step: Step) -> Door:
    door = _door(scene, "resume", _("Take up again"), "retry", step)
    if step.sleeps_until is not None:
        door["refused"] = _(
            "the school sleeps until %(day)s; it can be reported all the same", day=day(step.sleeps_until)
        )
    return door


def refused_of(scene: Scene) -> list[Door]:
    """What is not this person's to do now, each with the reason."""
    actor, case = scene.actor, scene.case
    found = [_not_mine(scene, step) for step in scene.living if not policy.may_report(actor, case, step)]
    if case.ended_at is not None and not policy.may_reopen(actor, case):
        lead = scene.names.organisation(case.lead_id)
        reason = _("only %(lead)s opens an ended case again", lead=lead)
        found.append({"label": _("Open the case again"), "icon": "undo", "refused": reason})
    if scene.hidden:
        reason = _("the address is kept from everybody but who visits and who has the lead")
        found.append({"label": _("Correct the address"), "icon": "place", "refused": reason})
    return found


def _not_mine(scene: Scene, step: Step) -> Door:
    _url, words, icon = report_door(
        scene.track_of(step).process, scene.track_of(step).process_version, scene.case.reference, step
    )
    owner = scene.names.organisation(step.organisation_id) or _("a school")
    who = scene.names.person(step.person_id)
    named = f"{who}, {owner}" if who else owner
    reason = _("it is the move of %(who)s", who=named)
    return {"label": f"{step_name(scene.track_of(step), step)}: {words.lower()}", "icon": icon, "refused": reason}


def _fact_doors(scene: Scene) -> list[Door]:
    if not policy.may_add_facts(scene.actor, scene.case, scene.scope):
        return []
    doors = [_door(scene, "note", _("Write a note"), "note")]
    if scene.scope is not Scope.FULL:
        return doors
    doors += [
        _door(scene, "contact", _("Add a contact"), "phone"),
        _door(scene, "language_at_home", _("Note the language at home"), "language"),
    ]
    doors.append(_door(scene, "household", _("Put the family right"), "household"))
    if policy.leads(scene.actor, scene.case):
        doors.append(_door(scene, "merge", _("The same child twice?"), "double"))
    if not scene.hidden:
        doors.append(_door(scene, "address", _("Correct the address"), "place"))
    if scene.goes_visiting and scene.case.ended_at is None:
        doors.append(_door(scene, "with_two", _("Visit with two"), "people"))
    if scene.case.ended_at is None:
        doors.append(_door(scene, "companion", _("Name the companion"), "companion"))
    if policy.may_guard(scene.actor, scene.case, scene.steps):
        doors.append(_door(scene, "secrecy", _("Hide address and school"), "shelter"))
    return doors


def _door(scene: Scene, endpoint: str, words: str, icon: str, step: Step | None = None, **more: Any) -> Door:
    where: dict[str, Any] = {"reference": scene.case.reference, **({"number": step.number} if step else {})}
    return {"url": url_for(f"cases.{endpoint}", **where), "label": words, "icon": icon, **more}
