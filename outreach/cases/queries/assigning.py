"""From which steps a family is given to a team, read from the process and never from a step's key."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, or_

from outreach.cases.models import Step, Track
from outreach.cases.workflow import CLOSURE, STAY, Fact, Outcome, Process, StepRule, processes


def assigning_outcome(process: Process, rule: StepRule) -> Outcome | None:
    """The first outcome of an assigning step that leads to a step owned by kind and may name the organisation."""
    if not rule.assigns:
        return None
    for outcome in rule.outcomes:
        if Fact.ORGANISATION not in (*outcome.asks, *outcome.may_ask) or outcome.to in (STAY, CLOSURE):
            continue
        target = process.find_step(outcome.to)
        if target is not None and target.owner.kinds:
            return outcome
    return None


def assigned_to(process: Process) -> set[str]:
    """The steps a team is assigned for: where an assigning outcome leads."""
    found = (assigning_outcome(process, rule) for rule in process.steps)
    return {outcome.to for outcome in found if outcome is not None}


def can_be_assigned(process: Process, key: str) -> bool:
    """Whether a step can be given to a team in a wave: it assigns, or a team is assigned for it."""
    rule = process.find_step(key)
    return rule is not None and (assigning_outcome(process, rule) is not None or key in assigned_to(process))


def team_kinds() -> set[str]:
    """The kinds of organisations that families are assigned to."""
    return {
        kind
        for process in processes()
        for rule in process.steps
        if rule.key in assigned_to(process)
        for kind in rule.owner.kinds
    }


def waits_for_assignment() -> ColumnElement[bool]:
    """Steps that wait for somebody to say whose they are: the first of a process that assigns, and those marked so."""
    return or_(Step.to_assign, *_first_steps())


def _first_steps() -> Iterator[ColumnElement[bool]]:
    for process in processes():
        rule = process.find_step(process.first)
        if rule is not None and assigning_outcome(process, rule) is not None:
            version = and_(Track.process == process.key, Track.process_version == process.version)
            yield and_(version, Step.key == rule.key)
