"""The cards of My work: one step each, as the templates take them."""

from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from outreach.accounts.actors import Actor
from outreach.cases.models import Attempt
from outreach.cases.policy import may_report, owns
from outreach.cases.queries.my_work import Line
from outreach.cases.queries.naming import Names
from outreach.cases.queries.next_visit import TAKEN_OVER
from outreach.cases.queries.walking import Walk, walking_key
from outreach.cases.queries.with_two import is_visit
from outreach.cases.routes.shown import (
    due_shown,
    is_compulsory,
    place,
    standing_text,
    step_name,
    street,
    with_two_said,
)
from outreach.cases.words import label
from outreach.cases.workflow import STAY, processes
from outreach.web.filters import age, day, language


def step_card(actor: Actor, line: Line, names: Names) -> dict[str, Any]:
    """One step of My work."""
    step, case, child = line.step, line.case, line.child
    due_text, why = due_shown(step)
    mine = owns(actor, step)
    return {
        "name": child.name if child else _("Case %(reference)s", reference=case.reference),
        "case_url": url_for("cases.case", reference=case.reference),
        "reference": case.reference,
        "age": age(child.born_on) if child else None,
        "street": street(line.residence),
        "neighbourhood": place(line.residence),
        "language": label("language", child.language, language()) if child else None,
        "interpreter": bool(child and child.interpreter),
        "task": step_name(line.track, step),
        "due_text": due_text,
        "why": why,
        "urgency": line.standing.urgency,
        "urgency_text": standing_text(line.standing),
        "compulsory": is_compulsory(child),
        "household_count": line.household_count,
        "last_attempt": attempt_shown(line.last_attempt, names) if mine else None,
        "action": action_of(actor, line) if mine else None,
        "asked_of": asked_of(actor, line, names),
        "shelter": label("warning", case.secrecy, language()) if case.secrecy and child else None,
        "with_two": with_two_said(line.with_two) if line.with_two else None,
        "not_home": not_home(actor, line) if mine else None,
    }


def asked_of(actor: Actor, line: Line, names: Names) -> str:
    """Whose move it is, when it is not this person's own."""
    if line.step.person_id == actor.person_id:
        return ""
    person = names.person(line.step.person_id)
    if line.step.organisation_id == actor.organisation_id:
        return person
    organisation = names.organisation(line.step.organisation_id) if not hides_school(line) else _("a school")
    return f"{person}, {organisation}" if person else organisation


def hides_school(line: Line) -> bool:
    """Whether the owner of this step must not be named: a guarded case, and no address was shown either."""
    return line.case.secrecy is not None and line.residence is None


def attempt_shown(attempt: Attempt | None, names: Names) -> dict[str, str] | None:
    """The last time somebody tried to reach this household."""
    if attempt is None:
        return None
    channel = label("channel", attempt.channel, language())
    known = attempt.details.get(TAKEN_OVER, {})
    said = _("Last: %(channel)s, %(day)s", channel=channel.lower(), day=day(attempt.on))
    if not known.get("channel", True):
        said = _("Last contact: %(day)s", day=day(attempt.on))
    if not attempt.reached and known.get("reached", True):
        said = _("%(said)s, nobody reached", said=said)
    who = names.person(attempt.by_id)
    advice = label("advice", attempt.advice, language())
    return {
        "text": f"{said} ({who})." if who else f"{said}.",
        "advice": _("Better %(advice)s.", advice=advice) if advice else "",
    }


def action_of(actor: Actor, line: Line) -> dict[str, str] | None:
    """The one thing to do now at a step."""
    step, case = line.step, line.case
    if not may_report(actor, case, step):
        return None
    url, text, icon = report_door(line.track.process, line.track.process_version, case.reference, step)
    return {"url": url, "label": text, "icon": icon}


def report_door(process: str, version: int, reference: str, step: Any) -> tuple[str, str, str]:
    """Where a step is reported: address, the words on the button, icon."""
    if step.side_of_id is not None:
        return url_for("cases.answer", reference=reference, number=step.number), _("Answer"), "send"
    if processes().step(process, version, step.key).report == "visit":
        return url_for("cases.visit", reference=reference, number=step.number), _("Report a visit"), "visit"
    return url_for("cases.report", reference=reference, number=step.number), _("Report"), "edit"


def not_home(actor: Actor, line: Line) -> str | None:
    """Where a visit is reported with "nobody reached" filled in, for who stands at a door that stays shut."""
    step = line.step
    if step.side_of_id is not None or not may_report(actor, line.case, step):
        return None
    rule = processes().step(line.track.process, line.track.process_version, step.key)
    shut = next((each.key for each in rule.outcomes if not each.reached and each.to == STAY), None)
    if rule.report != "visit" or shut is None:
        return None
    return url_for("cases.visit", reference=line.case.reference, number=step.number, outcome=shut)


def sections_of(actor: Actor, lines: list[Line], names: Names, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The sections with how many steps each holds in all, its visits as one walks and then the rest by day."""
    shown = []
    for key, count in counts.items():
        here = [line for line in lines if line.section == key]
        walk = sorted((line for line in here if is_visit(line.step, line.track)), key=_door)
        desk = [line for line in here if not is_visit(line.step, line.track)]
        streets = [(where, list(group)) for where, group in groupby(walk, key=lambda line: place(line.residence))]
        groups = [
            {"place": where, "cards": [step_card(actor, line, names) for line in group]}
            for where, group in [*streets, *([("", desk)] if desk else [])]
        ]
        cards = [card for group in groups for card in group["cards"]]
        shown.append({"key": key, "cards": cards, "groups": groups, "count": count})
    return shown


def _door(line: Line) -> Walk:
    return walking_key(line.residence)
