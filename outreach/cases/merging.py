"""Two people said something about the same child without knowing of each other: what fits together, and what does not.

Pure: neither web nor database. Per field there are three versions: what the reporter *saw* when taking the visit along,
what the reporter *typed*, and what stands there *now*. Nothing is overwritten because it came later.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

OUTCOME = "outcome"


class Fate(StrEnum):
    """What becomes of a typed value."""

    ADDED = "added"
    """A fact beside other facts (that somebody rang the bell); two of those never contradict each other."""
    APPLIED = "applied"
    """Nobody else touched it: it becomes what stands."""
    AGREED = "agreed"
    """The other person said the very same."""
    LEFT = "left"
    """The reporter left it open, or as it was seen: whatever stands now, stands."""
    CONFLICT = "conflict"
    """Both changed it, differently: a person decides."""


@dataclass(frozen=True)
class Verdict:
    """One field of a report: what was typed, what stands now, and what becomes of it."""

    field: str
    mine: Any
    theirs: Any
    fate: Fate


def merge(
    seen: Mapping[str, Any],
    typed: Mapping[str, Any],
    now: Mapping[str, Any],
    *,
    beside: Set[str] = frozenset(),
    hang_on_outcome: Set[str] = frozenset(),
    blocked: bool = False,
) -> dict[str, Verdict]:
    """Judge every typed field.

    `beside`: fields that are facts of their own and never contradict. `hang_on_outcome`: facts that mean nothing
    without the outcome they were asked by; they go where it goes. `blocked`: the step can take no outcome now (it rests
    or is somebody else's, the case is closed), so a typed one is for a person to look at unless it agrees. A field that
    is missing from `seen` was perhaps never shown: then only an empty place is filled.
    """
    found = {field: _judge(field, seen, mine, now, beside) for field, mine in typed.items()}
    outcome = found.get(OUTCOME)
    if outcome is None:
        return found
    if blocked and outcome.fate is Fate.APPLIED:
        found[OUTCOME] = outcome = Verdict(OUTCOME, outcome.mine, outcome.theirs, Fate.CONFLICT)
    for field in hang_on_outcome & found.keys():
        found[field] = _hanging(found[field], outcome.fate)
    return found


def conflicts(verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """The fields a person is to look at."""
    return {field: verdict for field, verdict in verdicts.items() if verdict.fate is Fate.CONFLICT}


def standing(verdicts: Mapping[str, Verdict]) -> dict[str, Any]:
    """The value of each field as it is after the merge: typed where nothing speaks against it, else what stood."""
    kept = (Fate.ADDED, Fate.APPLIED, Fate.AGREED)
    return {field: one.mine if one.fate in kept else one.theirs for field, one in verdicts.items()}


def is_blank(value: Any) -> bool:
    """Whether a field was left open."""
    return value in (None, "", False) or value == []


def _judge(field: str, seen: Mapping[str, Any], mine: Any, now: Mapping[str, Any], beside: Set[str]) -> Verdict:
    theirs = now.get(field)
    return Verdict(field, mine, theirs, _fate(field, seen, mine, theirs, beside))


def _fate(field: str, seen: Mapping[str, Any], mine: Any, theirs: Any, beside: Set[str]) -> Fate:
    if is_blank(mine):
        return Fate.LEFT
    if field in beside:
        return Fate.ADDED
    if mine == theirs:
        return Fate.AGREED
    if field in seen and mine == seen[field]:
        return Fate.LEFT
    untouched = same(seen[field], theirs) if field in seen else is_blank(theirs)
    return Fate.APPLIED if untouched else Fate.CONFLICT


def _hanging(verdict: Verdict, outcome: Fate) -> Verdict:
    """A fact of an outcome that waits for a person waits with it; of one that was said already it is compared with what
    was said then, and an empty place is not filled behind that person's back."""
    if is_blank(verdict.mine):
        return verdict
    if outcome is Fate.CONFLICT:
        return Verdict(verdict.field, verdict.mine, verdict.theirs, Fate.CONFLICT)
    if outcome is Fate.AGREED and not same(verdict.mine, verdict.theirs):
        return Verdict(verdict.field, verdict.mine, verdict.theirs, Fate.CONFLICT)
    return verdict


def same(one: Any, other: Any) -> bool:
    """Two values, or two empty places, that do not differ."""
    return one == other or (is_blank(one) and is_blank(other))
