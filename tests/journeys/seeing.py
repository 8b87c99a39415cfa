"""Who may see what, worked out from what happened alone: the other account of the grants, kept by the test."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from outreach.accounts.actors import Actor

AFTERWARDS = timedelta(days=60)
READS = {"coordinator", "worker", "school-contact", "clb", "team-lead"}
"""Roles that see what their organisation has."""
BY_NAME = READS | {"bridge-person"}
"""Roles that see what is theirs by name."""
WIDEST_FIRST = ("full", "welcome", "reference")


class CaseNow(NamedTuple):
    """A case as it stands."""

    id: int
    area_id: int
    lead_id: int
    companion_id: int | None
    open: bool


class StepNow(NamedTuple):
    """A living step as it stands."""

    id: int
    case_id: int
    organisation_id: int
    person_id: int | None
    scope: str


class Reason(NamedTuple):
    """Why an organisation, or one person of it, may see a case: it has a step, leads it, accompanies the family."""

    kind: str
    subject: int
    case_id: int
    organisation_id: int
    person_id: int | None
    scope: str


@dataclass
class Held:
    """A reason, and until when it lasts; None while it still stands."""

    reason: Reason
    until: datetime | None = None


@dataclass
class Sight:
    """Everything anybody ever had a reason to see."""

    held: list[Held] = field(default_factory=list)
    companion_team: dict[int, int] = field(default_factory=dict)
    """Case -> the organisation its companion accompanies the family for."""

    ended: int = 0
    """How many reasons have ended."""

    def observe(self, cases: Mapping[int, CaseNow], steps: list[StepNow], now: datetime) -> None:
        """Take in how things stand now: reasons that are gone last 60 days more, a former companion's none."""
        standing = set(self._reasons(cases.values(), steps))
        known = set()
        for each in self.held:
            if each.until is not None:
                continue
            if each.reason in standing:
                known.add(each.reason)
                continue
            replaced = each.reason.kind == "companion" and cases[each.reason.case_id].open
            each.until = now if replaced else now + AFTERWARDS
            self.ended += 1
        self.held.extend(Held(reason) for reason in sorted(standing - known, key=repr))

    def scope(self, actor: Actor, case_id: int, now: datetime) -> str | None:
        """The widest view this actor has of a case, or None."""
        seen = {
            each.reason.scope
            for each in self.held
            if each.reason.case_id == case_id and self._lasts(each, now) and _holds(actor, each.reason)
        }
        return next((scope for scope in WIDEST_FIRST if scope in seen), None)

    def _lasts(self, each: Held, now: datetime) -> bool:
        return each.until is None or each.until > now

    def _reasons(self, cases: Iterable[CaseNow], steps: list[StepNow]) -> list[Reason]:
        found = []
        for case in cases:
            if case.open:
                found.append(Reason("lead", case.id, case.id, case.lead_id, None, "full"))
                if case.companion_id is not None:
                    team = self.companion_team[case.id]
                    found.append(Reason("companion", case.id, case.id, team, case.companion_id, "full"))
        for step in steps:
            here = (step.id, step.case_id, step.organisation_id)
            found += [Reason("step", *here, person_id, step.scope) for person_id in {None, step.person_id}]
        return found


def _holds(actor: Actor, reason: Reason) -> bool:
    if reason.organisation_id != actor.organisation_id:
        return False
    if reason.person_id is None:
        return actor.role in READS
    return actor.role in BY_NAME and reason.person_id == actor.person_id
