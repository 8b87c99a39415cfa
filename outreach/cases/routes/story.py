"""The timeline in the reader's language: each event a title and some lines, from keys and data."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from outreach import labels
from outreach.cases.models import Attempt, Track
from outreach.cases.queries.case_page import Scene
from outreach.cases.queries.links import last_day
from outreach.cases.queries.naming import Names
from outreach.cases.queries.next_visit import TAKEN_OVER
from outreach.cases.queries.timeline import Happening, Timeline
from outreach.cases.routes.facts_told import fact_lines, kept_inside, may_know
from outreach.cases.routes.next_visit_shown import next_of
from outreach.cases.routes.taken_over_shown import contact_line, taken_over_lines
from outreach.cases.routes.telling import kind_of
from outreach.cases.words import WORDS, closure_label, joined, label, outcome_label, step_label, text
from outreach.cases.workflow import Fact, processes
from outreach.children.grants import Scope
from outreach.web.filters import day, language, moment

_ICONS = {
    "case_opened": ("new", "brand"),
    "case_reopened": ("undo", "brand"),
    "taken_over": ("import", "brand"),
    "contact_taken_over": ("import", "plain"),
    "takeover_taken_back": ("undo", "plain"),
    "track_begun": ("school", "brand"),
    "home_visit_recorded": ("visit", "brand"),
    "outcome_reported": ("done", "brand"),
    "step_handed_over": ("handover", "plain"),
    "step_assigned": ("people", "plain"),
    "step_taken": ("person", "plain"),
    "parents_agreed": ("talk", "fine"),
    "visit_planned": ("calendar", "planned"),
    "colleague_invited": ("people", "planned"),
    "invitation_moved": ("calendar", "planned"),
    "invitation_called_off": ("people", "plain"),
    "step_paused": ("paused", "paused"),
    "step_resumed": ("retry", "plain"),
    "step_asleep": ("paused", "paused"),
    "step_woke": ("retry", "brand"),
    "contact_of_year_named": ("person", "plain"),
    "year_end_decided": ("calendar", "brand"),
    "year_end_taken_back": ("undo", "plain"),
    "new_aim_set": ("calendar", "soon"),
    "note_added": ("note", "plain"),
    "note_corrected": ("note", "plain"),
    "companion_named": ("companion", "plain"),
    "contact_added": ("phone", "plain"),
    "contact_ended": ("phone", "plain"),
    "language_noted": ("language", "plain"),
    "interpreter_noted": ("language", "plain"),
    "contact_changed": ("phone", "plain"),
    "with_two_said": ("people", "late"),
    "with_two_ended": ("people", "plain"),
    "address_corrected": ("place", "plain"),
    "secrecy_set": ("shelter", "late"),
    "deed_undone": ("undo", "plain"),
    "children_merged": ("people", "brand"),
    "children_parted": ("undo", "plain"),
    "gone_from_list": ("question", "soon"),
    "enrolment_to_check": ("question", "brand"),
    "moved_apart": ("people", "plain"),
    "difference_decided": ("import", "plain"),
    "link_sent": ("letter", "plain"),
    "link_withdrawn": ("undo", "plain"),
    "link_answered": ("send", "brand"),
    "presence_reported": ("school", "plain"),
    "pupil_recognised": ("school", "plain"),
    "pupil_apart": ("undo", "plain"),
    "side_step_asked": ("question", "plain"),
    "side_step_answered": ("send", "plain"),
}

_PERSON_NAMED = {"step_assigned", "contact_of_year_named", "taken_over"}
_INVITING = {"colleague_invited", "invitation_moved", "invitation_called_off"}
_AGREED = _INVITING | {"visit_planned"}

_SAY_THEMSELVES = {"outcome_reported", "home_visit_recorded", "late_visit_recorded"}
"""Events whose outcome is their title."""


def story_of(scene: Scene, timeline: Timeline) -> list[dict[str, Any]]:
    """Every happening the reader may know of."""
    return [_told(scene, each, timeline.names) for each in timeline.happenings]


def _told(scene: Scene, happening: Happening, names: Names) -> dict[str, Any]:
    event = happening.event
    icon, tone = _ICONS.get(event.kind, ("edit", "plain"))
    return {
        "icon": icon,
        "tone": tone,
        "title": _title(scene, happening),
        "of": _of(scene, happening),
        "kind": kind_of(event.kind, happening.attempt is not None),
        "when": event.at,
        "at": moment(event.at),
        "by": names.person(event.by_id) or (_("by link") if event.via == "link" else _("automatic")),
        "organisation": names.organisation(event.organisation_id),
        "lines": list(_lines(scene, happening, names)),
        "after": list(_after(scene, happening)),
        "quote": _quote(happening),
        "private": False,
        "text_url": _text_url(scene, happening),
    }


def _text_url(scene: Scene, happening: Happening) -> str | None:
    """Where a visit stands as text to copy, for who sees the whole case."""
    if happening.attempt is None or scene.scope is not Scope.FULL or TAKEN_OVER in happening.attempt.details:
        return None
    return url_for("cases.visit_kept", reference=scene.case.reference, attempt_id=happening.attempt.id)


def _title(scene: Scene, happening: Happening) -> str:
    """What came of it, in its own words; else what was done."""
    kind = happening.event.kind
    key = f"event.{kind}" if f"event.{kind}" in WORDS else "event.other"
    track, step = _track(scene, happening), _step_key(happening)
    outcome = str(happening.data.get("outcome", ""))
    said = outcome_label(track.process, track.process_version, step, outcome, language()) if outcome and track else ""
    if processes().asks_reason(step) and not may_know(scene, outcome, happening.event.organisation_id):
        said = kept_inside()
    if said and kind in _SAY_THEMSELVES:
        return said
    return WORDS.text(key, language(), step=_step_label(track, step), outcome=said)


def _of(scene: Scene, happening: Happening) -> str | None:
    """The step an outcome was said at."""
    told = happening.event.kind in _SAY_THEMSELVES and happening.data.get("outcome")
    return _step_label(_track(scene, happening), _step_key(happening)) if told else None


def _step_key(happening: Happening) -> str:
    return happening.step.key if happening.step else str(happening.data.get("step", ""))


def _step_label(track: Track | None, step: str) -> str:
    return step_label(track.process, step, language()) if step and track else _("Step")


def _track(scene: Scene, happening: Happening) -> Track | None:
    if happening.step is not None:
        return scene.track_of(happening.step)
    return scene.tracks[0] if scene.tracks else None


def _quote(happening: Happening) -> str | None:
    said = happening.personal.get("reason")
    return str(said) if said else None


def _lines(scene: Scene, happening: Happening, names: Names) -> Iterator[str]:
    data = happening.data
    if happening.attempt:
        yield from _attempt(scene, happening.attempt)
    yield from taken_over_lines(happening)
    if happening.report:
        told = {Fact.PLANNED_ON} if happening.attempt and happening.attempt.details.get("next") else set()
        yield from fact_lines(scene, happening.report, names, told)
    if data.get("by_itself"):
        yield text("line.recognised_by_itself", language())
    if data.get("closure"):
        yield text("line.closed", language(), closure=closure_label(data["closure"], language()))
    yield from _double(happening)
    yield from _owner(happening, names)
    yield from _days(happening)
    yield from _presence(scene, happening)
    yield from _known(happening)
    yield from _link(scene, happening, names)


def _presence(scene: Scene, happening: Happening) -> Iterator[str]:
    """What a report of the school says of this child, for who sees the whole case."""
    if happening.event.kind != "presence_reported" or scene.scope is not Scope.FULL:
        return
    data, spoken = happening.data, language()
    said = {"present": data["present"], "possible": data["possible"]}
    yield text("line.presence", spoken, day=date.fromisoformat(data["as_of"]), **said)
    if data["since"]:
        yield text("line.presence_since", spoken, present=data["since"][0], possible=data["since"][1])


def _link(scene: Scene, happening: Happening, names: Names) -> Iterator[str]:
    """To whom a link went; and of what came by one, who sent it to whom."""
    link, spoken = happening.link, language()
    if link is None:
        return
    if happening.event.kind == "link_answered" and link.answer:
        track, step = _track(scene, happening), _step_key(happening)
        said = label("link_answer", link.answer, spoken)
        if track and link.answer in link.offers:
            said = outcome_label(track.process, track.process_version, step, link.answer, spoken)
        yield text("line.link_answer", spoken, answer=said)
    if happening.event.via == "link":
        yield text("line.by_link", spoken, address=link.address, person=names.person(link.sent_by_id))
    elif happening.event.kind == "link_sent":
        yield text("line.link_sent", spoken, address=link.address, day=last_day(link.expires_at))
        yield text("line.link_known", spoken, how=label("known_how", link.known_how, spoken), day=link.known_on)
    else:
        yield text("line.link_to", spoken, address=link.address)


def _after(scene: Scene, happening: Happening) -> Iterator[str]:
    """What follows from it: the next step and its days."""
    yield from _next(scene, happening.data)
    if happening.event.kind == "dates_rederived":
        yield from _moved(happening.data)
    if happening.event.kind == "case_opened":
        return
    for key, line in (("aim_on", "line.aim"), ("too_late_on", "line.too_late")):
        if happening.data.get(key):
            yield text(line, language(), day=date.fromisoformat(happening.data[key]))


def _moved(data: dict[str, Any]) -> Iterator[str]:
    """Dates that moved because days changed: from when to when, and what changed."""
    before, after = data.get("before") or {}, data.get("after") or {}
    for key in ("aim_on", "too_late_on"):
        was, now = before.get(key), after.get(key)
        if was != now:
            yield text(f"line.moved_{key}", language(), before=_day_or_none(was), after=_day_or_none(now))
    if data.get("because"):
        yield label("because", data["because"], language())


def _day_or_none(on: str | None) -> str:
    return day(date.fromisoformat(on)) if on else "–"


def _attempt(scene: Scene, attempt: Attempt) -> Iterator[str]:
    yield contact_line(attempt)
    yield from attempt_lines(scene, attempt)


def attempt_lines(scene: Scene, attempt: Attempt) -> Iterator[str]:
    """What was seen and said at a visit, for who sees the whole case."""
    spoken = language()
    if scene.scope is not Scope.FULL:
        return
    for seen in ("left_card", "letter_returned", "other_child"):
        if attempt.details.get(seen):
            yield label("line", seen, spoken)
    if attempt.spoke_with:
        yield text("line.spoke_with", spoken, who=label("spoke_with", attempt.spoke_with, spoken).lower())
    if attempt.language:
        yield text("line.in_language", spoken, spoken=label("language", attempt.language, spoken))
    if attempt.interpreter:
        yield text("line.with_interpreter", spoken)
    if attempt.advice:
        yield text("line.advice", spoken, advice=label("advice", attempt.advice, spoken))
    barriers = attempt.details.get("barriers") or []
    if barriers:
        known = {choice.key: choice.label[spoken] for choice in processes().common.barriers}
        yield text("line.barriers", spoken, what=", ".join(known.get(key, key).lower() for key in barriers))
    if attempt.details.get("help"):
        yield text("line.help", spoken, what=joined("help", attempt.details["help"], spoken))
    if next_of(attempt.details):
        yield text("line.next_visit", spoken, what=next_of(attempt.details))


def _next(scene: Scene, data: dict[str, Any]) -> Iterator[str]:
    step = next((each for each in scene.steps if each.number == data.get("next")), None)
    if step is None:
        return
    organisation = scene.names.organisation(step.organisation_id) or _("a school")
    name = step_label(scene.track_of(step).process, step.key, language())
    yield text("line.next", language(), step=name, organisation=organisation)


def _owner(happening: Happening, names: Names) -> Iterator[str]:
    data, kind, spoken = happening.data, happening.event.kind, language()
    if kind in _INVITING:
        yield text("line.along", spoken, person=names.person(data.get("person")))
    elif kind == "companion_named" or (kind in _PERSON_NAMED and data.get("person")):
        yield text("line.person", spoken, person=names.person(data.get("person")))
    elif kind in ("step_handed_over", "side_step_asked", "step_assigned", "contact_of_year_named") and data.get(
        "organisation"
    ):
        yield text("line.organisation", spoken, organisation=names.organisation(data["organisation"]) or _("a school"))
    if kind == "step_handed_over":
        know, agree = (label("knows", data.get(key), spoken) for key in ("parents_know", "parents_agree"))
        yield text("line.parents", spoken, know=know, agree=agree)
    if kind == "case_opened" and data.get("origin"):
        yield text("line.origin", spoken, origin=label("origin", data["origin"], spoken))


def _double(happening: Happening) -> Iterator[str]:
    """The other case of the same child, or of one that looks like it."""
    if happening.event.kind in ("children_merged", "children_parted", "children_told_apart"):
        other = next((happening.data[key] for key in ("double", "kept", "other") if happening.data.get(key)), None)
        if other:
            yield text("line.double", language(), reference=other)


def _days(happening: Happening) -> Iterator[str]:
    data, kind = happening.data, happening.event.kind
    if kind in _AGREED and data.get("on"):
        on = labels.short_day(date.fromisoformat(data["on"]), language())
        yield text("line.planned", language(), day=", ".join(filter(None, (on, data.get("at")))))
    if kind == "side_step_asked" and data.get("since"):
        yield text("line.nothing_since", language(), day=date.fromisoformat(data["since"]))
    if kind == "step_asleep" and data.get("wakes_on"):
        yield text("line.wakes", language(), day=date.fromisoformat(data["wakes_on"]))
    if kind in ("year_end_decided", "year_end_taken_back"):
        yield label("year_decision", data.get("decision"), language())
    if kind == "step_paused":
        reasons = {choice.key: choice.label[language()] for choice in processes().common.pauses}
        until, why = date.fromisoformat(data["until_on"]), reasons.get(data["reason"], data["reason"])
        yield text("line.until", language(), day=until, reason=why)


def _known(happening: Happening) -> Iterator[str]:
    kind, personal, spoken = happening.event.kind, happening.personal, language()
    if kind == "secrecy_set":
        secrecy = happening.data.get("secrecy")
        yield label("secrecy", secrecy, spoken) if secrecy else label("line", "lifted", spoken)
    if kind == "difference_decided":
        yield label("difference", f"{happening.data['kind']}.{happening.data['answer']}", spoken)
    if kind == "contact_added" and personal.get("name"):
        yield f"{personal['name']}, {label('relation', personal.get('relation'), spoken)}"
    if kind == "contact_changed" and personal.get("contact_after"):
        told = personal["contact_after"]
        yield f"{told['name']}, {label('relation', told['relation'], spoken)}"
    if kind == "interpreter_noted":
        needed = label("knows", str(happening.data.get("interpreter")).lower(), spoken)
        yield text("line.fact", spoken, fact=label("fact", Fact.INTERPRETER, spoken), value=needed)
    if kind == "with_two_said" and personal.get("with_two"):
        yield label("with_two", personal["with_two"], spoken).capitalize()
    if "after" in personal:
        group = "language" if kind == "language_noted" else "plain"
        before, after = (label(group, personal.get(key), spoken) for key in ("before", "after"))
        key = "line.was_now" if before else "line.now"
        yield text(key, spoken, after=after, **({"before": before} if before else {}))
