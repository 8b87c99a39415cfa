"""What happened in a case, newest first, with the reports and attempts behind it, as far as this person may read it."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.models import Attempt, Event, Report, SignedLink, Step
from outreach.cases.queries.case_page import Scene
from outreach.cases.queries.links import all_links
from outreach.cases.queries.naming import Names, names
from outreach.children.grants import Scope, sight

_OF_PLACE = {"address_corrected"}
"""Events whose personal part tells where the family lives."""


_OF_VISITORS = {"with_two_said", "with_two_ended"}
"""Events that only those who visit families read."""


@dataclass(frozen=True)
class Happening:
    """One event with the step, report and attempt it is about; `personal` empty for who may not read it."""

    event: Event
    step: Step | None
    report: Report | None
    attempt: Attempt | None
    data: dict[str, Any]
    personal: dict[str, Any]
    link: SignedLink | None = None
    """The signed link it is about, or that it came by."""


@dataclass(frozen=True)
class Timeline:
    """The happenings, newest first, and the names they mention."""

    happenings: list[Happening]
    names: Names


def case_timeline(session: Session, scene: Scene) -> Timeline:
    """The story of a case: all of it for who sees all, else what one's own organisation did at its own steps."""
    see, full = sight(scene.actor), scene.scope is Scope.FULL
    statement = select(Event).where(Event.case_id == scene.case.id).order_by(Event.seq.desc())
    own = {step.id for step in scene.steps}
    events = [each for each in session.scalars(statement, execution_options=see) if full or _is_own(each, scene, own)]
    if not scene.goes_visiting:
        events = [each for each in events if each.kind not in _OF_VISITORS]
    reports = _by_id(session, scene, Report, {each.data.get("report") for each in events})
    attempts = _by_id(session, scene, Attempt, {each.data.get("attempt") for each in events})
    reports |= _by_id(session, scene, Report, {attempt.report_id for attempt in attempts.values()})
    told = {attempt.report_id for attempt in attempts.values()}
    leading = {each.data.get("report"): each for each in events if each.kind == "outcome_reported"}
    steps = {step.id: step for step in scene.steps}
    links = all_links(session, scene) if any(_by_link(each) for each in events) else []
    found = []
    for event in events:
        if event.kind == "outcome_reported" and event.data.get("report") in told:
            continue
        attempt = attempts.get(event.data.get("attempt", 0))
        report = reports.get(attempt.report_id if attempt else event.data.get("report", 0))
        led = leading.get(attempt.report_id) if attempt else None
        data = {**(led.data if led else {}), **event.data}
        step = steps.get(event.step_id or 0)
        link = _link_of(event, links)
        found.append(Happening(event, step, report, attempt, data, _personal(event, scene), link))
    senders = {link.sent_by_id for link in links}
    return Timeline(found, _names_of(session, scene, events, list(reports.values()), senders))


def _by_link(event: Event) -> bool:
    return event.via == "link" or "link" in event.data


def _link_of(event: Event, links: list[SignedLink]) -> SignedLink | None:
    """The link an event names, else the one whose answer it came with: the last one answered by then."""
    if "link" in event.data:
        return next((link for link in links if link.id == event.data["link"]), None)
    if event.via != "link":
        return None
    answered = [link for link in links if link.answered_at is not None and link.answered_at <= event.at]
    return max(answered, key=lambda link: link.answered_at or event.at, default=None)


def _is_own(event: Event, scene: Scene, own: set[int]) -> bool:
    return event.organisation_id == scene.actor.organisation_id and (event.step_id is None or event.step_id in own)


def _by_id(session: Session, scene: Scene, model: Any, ids: set[Any]) -> dict[int, Any]:
    wanted = {each for each in ids if each}
    if not wanted:
        return {}
    statement = select(model).where(model.id.in_(wanted), model.case_id == scene.case.id)
    return {row.id: row for row in session.scalars(statement, execution_options=sight(scene.actor))}


def _personal(event: Event, scene: Scene) -> dict[str, Any]:
    if event.personal is None or scene.scope is not Scope.FULL or (scene.hidden and event.kind in _OF_PLACE):
        return {}
    found: dict[str, Any] = json.loads(event.personal)
    return found


def _names_of(session: Session, scene: Scene, events: list[Event], reports: list[Report], others: set[int]) -> Names:
    people = others | {event.by_id for event in events} | {event.data.get("person") for event in events}
    organisations = {event.organisation_id for event in events} | {event.data.get("organisation") for event in events}
    organisations |= {step.organisation_id for step in scene.steps}
    organisations |= {
        int(report.facts[key]) for report in reports for key in ("school", "organisation") if report.facts.get(key)
    }
    return names(session, people, organisations, hide_schools=scene.hidden)
