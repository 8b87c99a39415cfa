"""How the cases, proposals and plans of a school year's end are written on the page."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.cases.commands.year_end import Plan, can_take_back
from outreach.cases.models import Step
from outreach.cases.queries.naming import Names
from outreach.cases.queries.year_end import OpenCase
from outreach.cases.routes.shown import is_compulsory, step_name
from outreach.cases.words import closure_label, label, text
from outreach.cases.workflow.year_end import Decision
from outreach.web.filters import age, day, language

_ICONS = {
    Decision.GOES_ON: ("retry", "plain"),
    Decision.SEPTEMBER: ("planned", "planned"),
    Decision.PRIMARY_AGE: ("school", "fine"),
    Decision.CLOSE: ("done", "paused"),
}


def case_shown(one: OpenCase, names: Names | None = None) -> dict[str, Any]:
    """One open case with what is proposed and why."""
    reference, child, proposed = one.case.reference, one.child, one.proposed
    icon, tone = _ICONS[proposed.decision]
    return {
        "reference": reference,
        "url": url_for("cases.case", reference=reference),
        "name": child.name if child else _("Case %(reference)s", reference=reference),
        "age": age(child.born_on) if child else "",
        "compulsory": is_compulsory(child),
        "steps": [step_name(move.track, move.step) for move in one.moves],
        "owners": [_owner(move.step, names) for move in one.moves] if names else [],
        "decision": label("year_decision", proposed.decision, language()),
        "closure": closure_label(proposed.closure, language()) if proposed.closure else "",
        "icon": icon,
        "tone": tone,
        "why": text(f"year_why.{proposed.why}", language(), **({"day": proposed.day} if proposed.day else {})),
    }


def _owner(step: Step, names: Names) -> str:
    organisation = names.organisation(step.organisation_id)
    person = names.person(step.person_id)
    return f"{person}, {organisation}" if person else organisation


def decided_shown(one: OpenCase, names: Names) -> dict[str, Any]:
    """A case that was decided on, with by whom, when and how to take it back."""
    decision = one.decided
    if decision is None:
        return case_shown(one)
    undo = "restart" if decision.before["does"] == "restart" else decision.decision
    return {
        **case_shown(one),
        "decision": label("year_decision", decision.decision, language()),
        "icon": _ICONS[Decision(decision.decision)][0],
        "tone": _ICONS[Decision(decision.decision)][1],
        "by": names.person(decision.by_id),
        "on": day(clock.local(decision.at).date()),
        "can_take_back": can_take_back(one),
        "undo": label("year_undo", undo, language()),
    }


def closed_shown(closed: list[tuple[str, str, Any]]) -> list[dict[str, str]]:
    """What was closed at this year's end."""
    return [
        {
            "reference": reference,
            "url": url_for("cases.case", reference=reference),
            "closure": closure_label(closure, language()),
            "on": day(on),
        }
        for reference, closure, on in closed
    ]


def tiles_shown(undecided: list[OpenCase]) -> list[dict[str, Any]]:
    """How many cases wait, in all and for each proposal; a tap shows those alone."""
    found = [
        {
            "number": len(undecided),
            "label": _("case to decide") if len(undecided) == 1 else _("cases to decide"),
            "icon": "work",
            "url": url_for("cases.year_end"),
        }
    ]
    for decision in Decision:
        number = sum(one.proposed.decision is decision for one in undecided)
        if number:
            icon, tone = _ICONS[decision]
            words = label("year_decision", decision, language())
            url = url_for("cases.year_end", show=decision.value)
            found.append({"number": number, "label": words, "icon": icon, "tone": tone, "url": url})
    return found


def plans_shown(plans: list[Plan]) -> list[dict[str, Any]]:
    """What would happen, by decision, with how it can be taken back."""
    groups = []
    for decision in Decision:
        here = [plan for plan in plans if plan.decision is decision]
        if not here:
            continue
        icon, tone = _ICONS[decision]
        undo = {label("year_undo", _undo(plan), language()): None for plan in here}
        groups.append(
            {
                "title": label("year_decision", decision, language()),
                "icon": icon,
                "tone": tone,
                "cases": [{**case_shown(plan.one), "effects": list(_effects(plan))} for plan in here],
                "undo": list(undo),
            }
        )
    return groups


def _undo(plan: Plan) -> str:
    if plan.closure is not None:
        return "closes"
    return "restart" if any(change.restart for change in plan.changes) else plan.decision


def _effects(plan: Plan) -> Iterator[str]:
    spoken = language()
    if plan.decision is Decision.GOES_ON:
        yield text("year_effect.goes_on", spoken)
    for change in plan.changes:
        if change.restart is not None:
            yield text("year_effect.restart", spoken, day=change.wakes_on)
        elif change.dates is not None:
            yield text("year_effect.september", spoken, day=change.dates.aim_on)
            if change.wakes_on is not None:
                yield text("year_effect.sleeps", spoken, day=change.wakes_on)
    if plan.ring_on is not None:
        yield text("year_effect.ring", spoken, day=plan.ring_on)
    if plan.closure is not None:
        yield text("year_effect.closes", spoken, closure=closure_label(plan.closure, spoken))
    if plan.peace_until is not None:
        yield text("year_effect.peace", spoken, day=plan.peace_until)
