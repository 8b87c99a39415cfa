"""What an owner can report at a step now, and why the rest cannot be said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from outreach.cases.workflow.facts import Fact
from outreach.cases.workflow.model import Closure, Outcome, Process, StepRule

_FIRST_OF_JUNE = (6, 1)
_SCHOOL_YEAR_STARTS = (9, 1)


@dataclass(frozen=True)
class Situation:
    """What decides which outcomes can be said: the day, the child, what was said before, which tries are lacking."""

    today: date
    compulsory: bool
    said_at_step: Mapping[str, int] = field(default_factory=dict)
    said_in_track: Mapping[str, int] = field(default_factory=dict)
    lacking: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Possible:
    """An outcome with the reason it cannot be said now; `refusal` None means it can."""

    outcome: Outcome
    refusal: str | None = None
    data: dict[str, Any] | None = None


def possible_outcomes(process: Process, step: StepRule, at: Situation) -> list[Possible]:
    """Every outcome of a step and those of every step, in the order of the process, each with its refusal if any."""
    return [_judged(outcome, at) for outcome in process.outcomes_of(step)]


def asked(outcome: Outcome, *, compulsory: bool) -> tuple[Fact, ...]:
    """The facts that must be given with an outcome."""
    return (*outcome.asks, *(outcome.asks_if_compulsory if compulsory else ()))


def proposed_closure(
    closures: Sequence[Closure], *, enrolled_on: date, case_opened_on: date, first_contact_on: date | None
) -> Closure | None:
    """The closure that fits the day of enrolment: before the case, before anybody spoke to the family, or after."""
    if enrolled_on < case_opened_on:
        came = "before_case"
    elif first_contact_on is None or enrolled_on < first_contact_on:
        came = "before_contact"
    else:
        came = "after_contact"
    return next((closure for closure in closures if closure.enrolled == came), None)


def _judged(outcome: Outcome, at: Situation) -> Possible:
    if outcome.when == "not_compulsory" and at.compulsory:
        return Possible(outcome, "outcome_not_if_compulsory", {})
    if outcome.when == "compulsory" and not at.compulsory:
        return Possible(outcome, "outcome_only_if_compulsory", {})
    day = (at.today.month, at.today.day)
    if outcome.when == "after_1_june" and not _FIRST_OF_JUNE <= day < _SCHOOL_YEAR_STARTS:
        return Possible(outcome, "outcome_only_after_1_june", {})
    said = at.said_in_track if outcome.per == "track" else at.said_at_step
    if outcome.at_most is not None and said.get(outcome.key, 0) >= outcome.at_most:
        return Possible(outcome, "outcome_said_often_enough", {"at_most": outcome.at_most})
    if outcome.after_tries and at.lacking:
        return Possible(outcome, "outcome_needs_more_tries", {"lacking": dict(at.lacking)})
    return Possible(outcome)
