"""Where a word of a list of running cases leads: a step of the process or a closure; and whom a name stands for."""

from dataclasses import dataclass

from outreach.cases.workflow import Process, processes
from outreach.children.names import fold

ENROLMENT = "enrolment"


@dataclass(frozen=True)
class Place:
    """Where a case stands: at a step, or closed. One of the two."""

    step: str | None = None
    closure: str | None = None

    @property
    def key(self) -> str:
        """As it is remembered: "step:home_visit", "closure:moved_abroad"."""
        return f"step:{self.step}" if self.step else f"closure:{self.closure}"


@dataclass(frozen=True)
class Follower:
    """Who follows a child: an organisation, or a person of it."""

    organisation_id: int
    person_id: int | None = None

    @property
    def key(self) -> str:
        """As it is remembered: "organisation:5", "person:7@5"."""
        if self.person_id is None:
            return f"organisation:{self.organisation_id}"
        return f"person:{self.person_id}@{self.organisation_id}"


def process() -> Process:
    """The process that a taken-over case follows."""
    return processes().current(ENROLMENT)


def closures() -> tuple[str, ...]:
    """The closures a case can end with by itself, in the order of all closures."""
    current = process()
    every = [*current.always, *(outcome for step in current.steps for outcome in step.outcomes)]
    possible = {closure for outcome in every if not outcome.opens for closure in outcome.closures}
    possible |= {outcome.transfer.accepted for outcome in every if outcome.transfer}
    return tuple(one.key for one in processes().common.closures if one.key in possible)


def place_of(key: str | None) -> Place | None:
    """The place a remembered key names; None for nothing, and for what the process does not have any more."""
    kind, _, name = (key or "").partition(":")
    if kind == "step" and process().find_step(name):
        return Place(step=name)
    return Place(closure=name) if kind == "closure" and name in closures() else None


def follower_of(key: str | None) -> Follower | None:
    """Who a remembered key names."""
    kind, _, name = (key or "").partition(":")
    person, _, organisation = name.rpartition("@")
    if kind == "person" and person.isdecimal() and organisation.isdecimal():
        return Follower(int(organisation), int(person))
    return Follower(int(organisation)) if kind == "organisation" and organisation.isdecimal() else None


def place_named(text: str) -> Place | None:
    """The place somebody types: the key of a step or closure, or a part of it that only one has."""
    keys = {fold(one.key): Place(step=one.key) for one in process().steps}
    keys |= {fold(one): Place(closure=one) for one in closures()}
    word = fold(text)
    if word in keys:
        return keys[word]
    found = [place for key, place in keys.items() if word and word in key]
    return found[0] if len(found) == 1 else None


def place_for(place: Place, *, compulsory: bool) -> Place:
    """The same place; instead of a closure that cannot be for a child of this age, the step where it is decided."""
    if place.closure is None:
        return place
    current = process()
    ending = [
        (step, outcome) for step in current.steps for outcome in step.outcomes if place.closure in outcome.closures
    ]
    wanted = "compulsory" if compulsory else "not_compulsory"
    if not ending or any(outcome.when in (None, wanted) for _step, outcome in ending):
        return place
    return Place(step=ending[0][0].key)
