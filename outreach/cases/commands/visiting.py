"""A visit or another attempt to reach a family, recorded once for all its children with an outcome for each."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import plain, record
from outreach.cases.commands.family import become_companion
from outreach.cases.commands.reporting import Reported, report_outcome
from outreach.cases.models import Attempt, Case, Step, Track
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Fact, Outcome, processes
from outreach.children.models import Child
from outreach.errors import Refused

CHANNELS = ("door", "phone", "message", "letter", "elsewhere")
"""How a family was sought."""


@dataclass(frozen=True)
class Visited:
    """What came of a visit for one child."""

    case: Case
    step: Step
    outcome: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Occasion:
    """What is the same for all children of one visit or attempt. `at` may not lie in the future."""

    channel: str
    at: datetime
    spoke_with: str | None = None
    language: str | None = None
    interpreter: bool = False
    advice: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    companion: bool = False


def record_home_visit(session: Session, visited: Sequence[Visited], occasion: Occasion, *, by: Actor) -> list[Reported]:
    """Write the attempt of each child, then its outcome. Raises Refused; then nothing of it is kept."""
    _check(occasion)
    key = uuid.uuid4().hex
    return [_record_one(session, one, occasion, key, by) for one in visited]


def record_bare_visit(session: Session, visited: Sequence[Visited], occasion: Occasion, *, by: Actor) -> None:
    """Write that a visit was made, without what came of it: that was said already, or waits for a person to look at."""
    _check(occasion)
    key = uuid.uuid4().hex
    for one in visited:
        child = session.get_one(Child, one.case.child_id, execution_options=INSIDE)
        attempt = _attempt(one, occasion, key, child, _outcome(session, one).reached, by)
        session.add(attempt)
        session.flush()
        record(
            session,
            one.case,
            "late_visit_recorded",
            by=by,
            step=one.step,
            data={"attempt": attempt.id, "channel": occasion.channel, "outcome": one.outcome, "on": attempt.on},
            personal={"spoke_with": occasion.spoke_with, "advice": occasion.advice},
        )


def _outcome(session: Session, one: Visited) -> Outcome:
    track = session.get_one(Track, one.step.track_id, execution_options=INSIDE)
    outcome = processes().outcome(track.process, track.process_version, one.step.key, one.outcome)
    if outcome is None:
        raise Refused("outcome_unknown", outcome=one.outcome)
    return outcome


def _check(occasion: Occasion) -> None:
    if occasion.channel not in CHANNELS:
        raise Refused("channel_unknown", channel=occasion.channel)
    if occasion.at > clock.now():
        raise Refused("visit_in_future", at=occasion.at.isoformat())


def _record_one(session: Session, one: Visited, occasion: Occasion, key: str, by: Actor) -> Reported:
    child = session.get_one(Child, one.case.child_id, execution_options=INSIDE)
    if one.step.side_of_id is not None:
        raise Refused("side_step_is_answered")
    attempt = _attempt(one, occasion, key, child, _outcome(session, one).reached, by)
    session.add(attempt)
    session.flush()
    facts = {**one.facts, Fact.CHANNEL.value: _stay_channel(occasion.channel), Fact.LANGUAGE.value: occasion.language}
    reported = report_outcome(session, one.case, one.step, outcome=one.outcome, facts=facts, by=by)
    attempt.report_id = reported.report.id
    if occasion.language and not child.language:
        child.language = occasion.language
    record(
        session,
        one.case,
        "home_visit_recorded",
        by=by,
        step=one.step,
        data={
            "attempt": attempt.id,
            "channel": occasion.channel,
            "outcome": one.outcome,
            "reached": attempt.reached,
            "on": attempt.on,
        },
        personal={"spoke_with": occasion.spoke_with, "advice": occasion.advice},
    )
    if occasion.companion and one.case.ended_at is None:
        become_companion(session, one.case, by=by)
    return reported


def _stay_channel(channel: str) -> str:
    """A meeting elsewhere that failed is tried again like a door."""
    return "door" if channel == "elsewhere" else channel


def _attempt(one: Visited, occasion: Occasion, key: str, child: Child, reached: bool, by: Actor) -> Attempt:
    return Attempt(
        case_id=one.case.id,
        step_id=one.step.id,
        report_id=None,
        household_id=child.household_id,
        occasion=key,
        channel=occasion.channel,
        on=clock.local(occasion.at).date(),
        at=occasion.at,
        reached=reached,
        spoke_with=occasion.spoke_with,
        language=occasion.language,
        interpreter=occasion.interpreter,
        advice=occasion.advice,
        details=plain(dict(occasion.details)),
        recorded_at=clock.now(),
        by_id=by.person_id,
        organisation_id=by.organisation_id or one.step.organisation_id,
    )
