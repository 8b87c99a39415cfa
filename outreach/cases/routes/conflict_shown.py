"""Both versions of a report that did not fit, in the reader's words."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from outreach import clock
from outreach.cases.commands.settling import CONTACT, VISIT, Question
from outreach.cases.merging import OUTCOME
from outreach.cases.models import Step, Track
from outreach.cases.queries.conflicts import Waiting
from outreach.cases.queries.naming import Names
from outreach.cases.words import WORDS, closure_label, label, outcome_label
from outreach.web.filters import day, language, moment

_MOMENT = ("visited_on", "visited_at", "note_shared")

_GROUPS = ("knows", "channel", "spoke_with", "advice", "barrier", "help")


def title_of(key: str) -> str:
    """What a field is called."""
    if key == VISIT:
        return str(_("The visit"))
    if key == OUTCOME:
        return str(_("What came of it"))
    if key == "companion":
        return str(_("Companion"))
    if key.startswith(CONTACT):
        return str(_("Whom to ring"))
    if key == "note":
        return str(_("Note"))
    return label("fact", key, language()) if f"fact.{key}" in WORDS else _plainly(key)


def _plainly(key: str) -> str:
    """A field that has no word of its own: part of a row of somebody to ring, or not known any more."""
    part = key.rsplit("-", 1)[-1]
    return {"name": str(_("Name")), "phone": str(_("Phone")), "relation": str(_("Who is this for the child"))}.get(
        part, part.replace("_", " ").capitalize()
    )


def rows_of(waiting: Waiting, question: Question, track: Track, step: Step, names: Names) -> list[dict[str, str]]:
    """The fields of one question with both versions."""
    mine, theirs, rows = waiting.mine, waiting.theirs, []
    for name in question.fields:
        one = value_shown(name, mine.get(name), track, step, names)
        other = value_shown(name, theirs.get(name), track, step, names) if name not in (VISIT, "note") else ""
        if one or other:
            rows.append({"label": title_of(name), "mine": one, "theirs": other})
    if question.key == VISIT:
        rows += _whatever_else(mine, track, step, names)
    return rows


def _whatever_else(mine: dict[str, Any], track: Track, step: Step, names: Names) -> list[dict[str, str]]:
    """Fields of a kept report that no question is about: whom to ring, a remark; nothing typed stays unseen."""
    shown = {*mine, *mine[VISIT], *_MOMENT}
    typed = {name: value for name, value in mine.get("typed", {}).items() if name not in shown}
    return [
        {"label": title_of(name), "mine": value_shown(name, value, track, step, names), "theirs": ""}
        for name, value in typed.items()
        if not name.endswith(("_was", "-was", "-contact_id"))
    ]


def value_shown(name: str, value: Any, track: Track, step: Step, names: Names) -> str:
    """One value as people read it."""
    if value in (None, "", False) or value == []:
        return ""
    if isinstance(value, list):
        return ", ".join(value_shown(name, one, track, step, names) for one in value)
    if name == OUTCOME:
        return outcome_label(track.process, track.process_version, step.key, str(value), language())
    if name == VISIT:
        return _visit(value)
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part)
    if name in ("school", "organisation"):
        return names.organisation(int(value))
    if name in ("companion", "person"):
        return names.person(int(value))
    if name == "closure":
        return closure_label(str(value), language())
    return _day(str(value)) or _word(name, value)


def _visit(value: dict[str, Any]) -> str:
    channel = label("channel", value.get("channel"), language())
    said = f"{channel}, {moment(clock.parse_moment(str(value['at'])))}"
    who = label("spoke_with", value.get("spoke_with"), language())
    return f"{said}, {who.lower()}" if who else said


def _day(text: str) -> str:
    try:
        return day(date.fromisoformat(text)) if len(text) == 10 else ""
    except ValueError:
        return ""


def _word(name: str, value: Any) -> str:
    if value is True:
        return str(_("yes"))
    for group in (name, *_GROUPS):
        if f"{group}.{value}" in WORDS:
            return label(group, str(value), language())
    return str(value)
