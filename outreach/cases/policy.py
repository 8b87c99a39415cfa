"""Who may do what with a case they can see; seeing it is decided when it is fetched."""

from collections.abc import Sequence

from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Step, StepState
from outreach.children.grants import Scope
from outreach.partners.models import Area

COORDINATING = frozenset({"coordinator", "team-lead"})
_WORKING = frozenset({"coordinator", "team-lead", "worker", "school-contact", "bridge-person", "clb"})


def owns(actor: Actor, step: Step) -> bool:
    """Whether the step is this actor's organisation's move (or, for a bridge person, their own)."""
    if actor.role == "bridge-person":
        return step.person_id == actor.person_id
    return actor.role in _WORKING and step.organisation_id == actor.organisation_id


def leads(actor: Actor, case: Case) -> bool:
    """Whether the actor coordinates for the organisation in the lead of the case."""
    return actor.role in COORDINATING and case.lead_id == actor.organisation_id


def is_companion(actor: Actor, case: Case) -> bool:
    """Whether the actor is the person the family trusts."""
    return case.companion_id == actor.person_id


def may_report(actor: Actor, case: Case, step: Step) -> bool:
    """Report an outcome of a living step: its owner; the lead too while nobody has it yet."""
    return step.living and (owns(actor, step) or (step.to_assign and leads(actor, case)))


def may_steer(actor: Actor, case: Case, step: Step) -> bool:
    """Pause, plan, set a new aim, hand over: its owner or the lead."""
    return step.living and (owns(actor, step) or leads(actor, case))


def may_link(actor: Actor, case: Case, step: Step) -> bool:
    """Ask somebody without an account about a step, and take that back: its owner or the lead."""
    return may_steer(actor, case, step)


def may_assign(actor: Actor, case: Case, step: Step) -> bool:
    """Give a living step to a person or another team: the lead, or the team lead or coordinator of its owner."""
    return step.living and (leads(actor, case) or (owns(actor, step) and actor.role in COORDINATING))


def may_take(actor: Actor, step: Step) -> bool:
    """Take a step of one's own team."""
    return step.living and owns(actor, step) and step.person_id != actor.person_id


def may_add_facts(actor: Actor, case: Case, scope: Scope | None) -> bool:
    """Write a note or a contact: everybody who sees the whole case, and the companion."""
    return actor.role in _WORKING and (scope in (Scope.FULL, Scope.WELCOME) or is_companion(actor, case))


def may_nudge(actor: Actor, case: Case, step: Step) -> bool:
    """Ask for attention to an open step that is somebody else's move: the lead."""
    return step.state == StepState.OPEN and leads(actor, case) and not owns(actor, step)


def may_end_year(actor: Actor, case: Case, steps: Sequence[Step]) -> bool:
    """Decide on an open case when the school year ends: the lead, or the school whose move it is."""
    return leads(actor, case) or (actor.role == "school-contact" and any(owns(actor, step) for step in steps))


def may_reopen(actor: Actor, case: Case) -> bool:
    """Open an ended case again: the lead."""
    return case.ended_at is not None and leads(actor, case)


def may_merge(actor: Actor, kept: Case, double: Case, scope: Scope | None) -> bool:
    """Say that two records are of one child: who leads the case that ends, and leads the other or sees it whole."""
    return leads(actor, double) and (leads(actor, kept) or scope is Scope.FULL)


def may_lead(actor: Actor) -> bool:
    """Load lists, assign in waves, see the area: coordinators."""
    return actor.role == "coordinator"


def may_agree(actor: Actor, case: Case, step: Step, scope: Scope | None) -> bool:
    """Say that the parents agree to a hand-over: somebody who sees the whole case and talked to them, not the owner."""
    waits = step.living and step.scope == Scope.REFERENCE and step.side_of_id is None
    return waits and scope is Scope.FULL and may_add_facts(actor, case, scope) and not owns(actor, step)


def may_guard(actor: Actor, case: Case, steps: Sequence[Step]) -> bool:
    """Hide address and school, or show them again: the lead, the owner of the open step, the companion."""
    owner = any(owns(actor, step) for step in steps if step.living)
    return actor.role in _WORKING and (leads(actor, case) or owner or is_companion(actor, case))


def place_is_hidden(actor: Actor, case: Case, steps: Sequence[Step]) -> bool:
    """Whether address and school of a guarded case stay hidden from this actor."""
    return case.secrecy is not None and not may_guard(actor, case, steps)


def may_change_ladder(actor: Actor, area: Area) -> bool:
    """Say when reminders of an area go: its coordinators, and administrators."""
    return actor.role == "administrator" or (
        actor.role == "coordinator" and actor.organisation_id == area.coordinator_id
    )
