"""A visit or another attempt to reach a family, recorded once for all its children with an outcome for each."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.at_the_visit import FamilyTold, keep_told
from outreach.cases.commands.events import plain, record
from outreach.cases.commands.family import become_companion, set_interpreter, set_language
from outreach.cases.commands.hearing import hear_beside
from outreach.cases.commands.reporting import Reported, report_outcome
from outreach.cases.models import Attempt, Case, Step, Track
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.next_visit import proposed_visit, sought_before, with_this_try
from outreach.cases.workflow import PARTS_OF_DAY, Fact, NextVisit, Outcome, processes
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
    """What is the same for all children of one visit or attempt. `at` may not lie in the future.

    `details` are keys only: barriers, help, a card left behind. `planned_part` belongs to the day that was agreed on;
    without one both are proposed. `told` is what the family said about itself.
    """

    channel: str
    at: datetime
    spoke_with: str | None = None
    language: str | None = None
    interpreter: bool = False
    advice: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    companion: bool = False
    planned_part: str | None = None
    told: FamilyTold = field(default_factory=FamilyTold)


@dataclass(frozen=True)
class _Visit:
    """One occasion while it is written, under its key."""

    occasion: Occasion
    key: str
    by: Actor


def record_home_visit(session: Session, visited: Sequence[Visited], occasion: Occasion, *, by: Actor) -> list[Reported]:
    """Write the attempt of each child, then its outcome, then what the family told. Raises Refused; then nothing of it
    is kept."""
    _check(occasion)
    visit = _Visit(occasion, uuid.uuid4().hex, by)
    done = [_record_one(session, one, visit) for one in visited]
    _note_language(session, visited, occasion, by)
    keep_told(session, [(one.case, one.step) for one in visited], occasion.told, occasion=visit.key, by=by)
    return done


def _note_language(session: Session, visited: Sequence[Visited], occasion: Occasion, by: Actor) -> None:
    """The language of a talk is that of the family, as long as none was known."""
    for one in visited:
        child = session.get_one(Child, one.case.child_id, execution_options=INSIDE)
        if occasion.language and not child.language and not occasion.told.language:
            set_language(session, one.case, language=occasion.language, by=by)


def record_bare_visit(session: Session, visited: Sequence[Visited], occasion: Occasion, *, by: Actor) -> None:
    """Write that a visit was made and what the family told, without what came of it: that was said already, or waits
    for a person to look at."""
    _check(occasion)
    visit = _Visit(occasion, uuid.uuid4().hex, by)
    for one in visited:
        child = session.get_one(Child, one.case.child_id, execution_options=INSIDE)
        attempt = _attempt(one, visit, child, _outcome(session, one).reached)
        session.add(attempt)
        session.flush()
        hear_beside(session, [one.step.id])
        _trace(session, one, attempt, visit, "late_visit_recorded")
    keep_told(session, [(one.case, one.step) for one in visited], occasion.told, occasion=visit.key, by=by)


def _check(occasion: Occasion) -> None:
    if occasion.channel not in CHANNELS:
        raise Refused("channel_unknown", channel=occasion.channel)
    if occasion.at > clock.now():
        raise Refused("visit_in_future", at=occasion.at.isoformat())
    if occasion.planned_part not in (None, *PARTS_OF_DAY):
        raise Refused("part_of_day_unknown", part=occasion.planned_part)


def _record_one(session: Session, one: Visited, visit: _Visit) -> Reported:
    occasion, by = visit.occasion, visit.by
    if one.step.side_of_id is not None:
        raise Refused("side_step_is_answered")
    child = session.get_one(Child, one.case.child_id, execution_options=INSIDE)
    outcome = _outcome(session, one)
    facts = {**one.facts, Fact.CHANNEL.value: _stay_channel(occasion.channel), Fact.LANGUAGE.value: occasion.language}
    proposed = None if facts.get(Fact.PLANNED_ON) else _proposed(session, one, child, outcome, visit)
    if proposed is not None:
        facts[Fact.PLANNED_ON.value] = proposed.on
    attempt = _attempt(one, visit, child, outcome.reached)
    session.add(attempt)
    session.flush()
    reported = report_outcome(session, one.case, one.step, outcome=one.outcome, facts=facts, by=by)
    attempt.report_id = reported.report.id
    _plan(attempt, one.step, occasion, proposed)
    if Fact.INTERPRETER in outcome.may_ask and facts.get(Fact.INTERPRETER):
        set_interpreter(session, one.case, needed=True, by=by)
    _trace(session, one, attempt, visit)
    if occasion.companion and one.case.ended_at is None:
        become_companion(session, one.case, by=by)
    return reported


def _outcome(session: Session, one: Visited) -> Outcome:
    track = session.get_one(Track, one.step.track_id, execution_options=INSIDE)
    outcome = processes().outcome(track.process, track.process_version, one.step.key, one.outcome)
    if outcome is None:
        raise Refused("outcome_unknown", outcome=one.outcome)
    return outcome


def _proposed(session: Session, one: Visited, child: Child, outcome: Outcome, visit: _Visit) -> NextVisit | None:
    occasion = visit.occasion
    before = sought_before(session, visit.by, one.case, child, without=visit.key)
    sought = with_this_try(before, occasion.channel, occasion.at, met=outcome.reached, advice=occasion.advice)
    channel, on = _stay_channel(occasion.channel), clock.local(occasion.at).date()
    return proposed_visit(session, one.step, outcome, sought, channel=channel, on=on)


def _plan(attempt: Attempt, step: Step, occasion: Occasion, proposed: NextVisit | None) -> None:
    """The part of the day goes with the day; the attempt remembers why it was proposed."""
    if not step.living or step.planned_on is None:
        return
    step.planned_part = proposed.part if proposed else occasion.planned_part
    told = plain(vars(proposed)) if proposed else {"on": step.planned_on.isoformat(), "part": step.planned_part}
    attempt.details = {**attempt.details, "next": told}


def _trace(session: Session, one: Visited, attempt: Attempt, visit: _Visit, kind: str = "home_visit_recorded") -> None:
    occasion = visit.occasion
    data = {
        "attempt": attempt.id,
        "channel": occasion.channel,
        "outcome": one.outcome,
        "reached": attempt.reached,
        "on": attempt.on,
    }
    personal = {"spoke_with": occasion.spoke_with, "advice": occasion.advice}
    record(session, one.case, kind, by=visit.by, step=one.step, data=data, personal=personal)


def _stay_channel(channel: str) -> str:
    """A meeting elsewhere that failed is tried again like a door."""
    return "door" if channel == "elsewhere" else channel


def _attempt(one: Visited, visit: _Visit, child: Child, reached: bool) -> Attempt:
    occasion, by = visit.occasion, visit.by
    return Attempt(
        case_id=one.case.id,
        step_id=one.step.id,
        report_id=None,
        household_id=child.household_id,
        occasion=visit.key,
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
