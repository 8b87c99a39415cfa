"""The facts of a report in the reader's language; a reason that may touch health only for who may know it."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from flask_babel import gettext as _

from outreach.cases.models import Report
from outreach.cases.queries.case_page import Scene
from outreach.cases.queries.naming import Names
from outreach.cases.words import WORDS, label, text
from outreach.cases.workflow import Fact, processes
from outreach.children.grants import Scope
from outreach.web.filters import day, language

_TOLD_ELSEWHERE = {Fact.CHANNEL, Fact.LANGUAGE, "checklist", "parents_know", "parents_agree", "closure", "person"}
"""Facts of a report that another line of the story says already."""

_DAYS = {fact for fact in Fact if fact.value.endswith(("_on", "_day", "_until"))} | {"starts_on"}


def fact_lines(scene: Scene, report: Report, names: Names, told: Collection[str] = ()) -> Iterator[str]:
    """What was filled in for an outcome, without what another line has told."""
    facts, spoken = report.facts, language()
    for key, value in facts.items():
        if key in _TOLD_ELSEWHERE or key in told or f"fact.{key}" not in WORDS:
            continue
        kept = key == Fact.REASON and not may_know(scene, str(value), report.organisation_id)
        shown = kept_inside() if kept else _value(key, value, names)
        if shown:
            yield text("line.fact", spoken, fact=label("fact", key, spoken).rstrip("?"), value=shown)
    if facts.get("parents_know"):
        know, agree = (label("knows", facts.get(key), spoken) for key in ("parents_know", "parents_agree"))
        yield text("line.parents", spoken, know=know, agree=agree)
    done = _checked(scene, report)
    if done:
        yield text("line.talked", spoken, what=done)


def kept_inside() -> str:
    """What stands where somebody may not read the reason."""
    return str(_("kept by the school and by who has the step"))


def may_know(scene: Scene, reason: str, said_by_id: int | None) -> bool:
    """A reason that may touch health is for who said it and for the owner of the step the case is at now."""
    health = {choice.key for choice in processes().common.absence_reasons if choice.health}
    own = scene.actor.organisation_id
    owners = (step for step in scene.steps if step.living and step.scope == Scope.FULL and not step.to_assign)
    here = {step.organisation_id for step in owners}
    return reason not in health or own == said_by_id or own in here


def _value(key: str, value: Any, names: Names) -> str:
    if key in (Fact.SCHOOL, Fact.ORGANISATION):
        return names.organisation(int(value))
    if key in _DAYS:
        return day(date.fromisoformat(value))
    if key == Fact.REASON:
        known = {choice.key: choice.label[language()] for choice in processes().common.absence_reasons}
        return known.get(value, str(value))
    if isinstance(value, bool):
        return label("knows", str(value).lower(), language())
    group = key if key in ("proof", "schooling_check") else "knows"
    return label(group, str(value), language())


def _checked(scene: Scene, report: Report) -> str:
    keys = report.facts.get("checklist") or []
    step = next((each for each in scene.steps if each.id == report.step_id), None)
    if not keys or step is None:
        return ""
    track = scene.track_of(step)
    rule = processes().process(track.process, track.process_version).find_step(step.key)
    known = {choice.key: choice.label[language()] for choice in rule.checklist} if rule else {}
    return ", ".join(known.get(key, key).lower().rstrip("?") for key in keys)
