"""What can be answered at a step by somebody without an account: one tap, no facts, the same for every child. Pure."""

from enum import StrEnum

from outreach.cases.workflow.facts import Fact
from outreach.cases.workflow.model import STAY, Outcome, StepRule


class General(StrEnum):
    """What can be answered at every step; none of them moves it on."""

    DONE = "link_done"
    NOT_YET = "not_yet"
    NOT_MINE = "not_mine"
    UNKNOWN_CHILD = "unknown_child"


CONFIRMED = frozenset({Fact.SCHOOL, Fact.ENTRY_DAY})
"""What a case may know already: an outcome that leads on confirms it ("started", on the day that was agreed)."""

_OF_THE_CHILD = ("compulsory", "not_compulsory")


def sayable_by_link(step: StepRule) -> tuple[Outcome, ...]:
    """The outcomes of a step that one tap can say, in the order of the process.

    They follow from the process alone, never from the case: who is offered them learns nothing about the child. A
    visit is told by who made it; what can be said at every step (moved, refuses, died) is told by who has the step.
    """
    if step.report == "visit":
        return ()
    return tuple(outcome for outcome in step.outcomes if _needs_no_facts(outcome) and not _tells_of_the_child(outcome))


def _needs_no_facts(outcome: Outcome) -> bool:
    known = frozenset() if outcome.to == STAY else CONFIRMED
    more = outcome.handover or outcome.transfer or outcome.reassigns or outcome.stops_everything
    return set(outcome.asks) <= known and not more and len(outcome.closures) < 2


def _tells_of_the_child(outcome: Outcome) -> bool:
    return outcome.when in _OF_THE_CHILD or bool(outcome.asks_if_compulsory) or outcome.after_tries
