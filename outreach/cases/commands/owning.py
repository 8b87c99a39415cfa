"""Whose move it is: take a step, give it to somebody, hand it to another organisation."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.queries import is_member
from outreach.cases.commands.events import record
from outreach.cases.commands.hearing import hear_of
from outreach.cases.commands.taking_back import take_back_links
from outreach.cases.models import Assignment, Case, Handover, Step
from outreach.cases.models.plain import WrittenCase, WrittenStep
from outreach.children.grants import Granted, Scope, end_grants, grant
from outreach.errors import Refused
from outreach.notifications.commands import withdraw_lines
from outreach.partners.models import SCHOOL, Organisation


def take_step(session: Session, case: Case, step: Step, *, by: Actor) -> None:
    """Take a step of one's own team. Raises Refused when it belongs to another organisation or has ended."""
    _living(step)
    if step.organisation_id != by.organisation_id:
        raise Refused("step_of_other_team")
    move_step(session, case, step, organisation_id=step.organisation_id, person_id=by.person_id, reason="taken", by=by)
    record(session, case, "step_taken", by=by, step=step, data={"person": by.person_id})


def assign_step(session: Session, case: Case, step: Step, *, person_id: int | None, by: Actor) -> None:
    """Give a step to a member of the team it belongs to, or back to the team's tray (no person)."""
    assign_steps(session, [(case, step)], organisation_id=step.organisation_id, person_id=person_id, by=by)


def assign_steps(
    session: Session, steps: Sequence[tuple[Case, Step]], *, organisation_id: int, person_id: int | None, by: Actor
) -> None:
    """Give many steps to one team or person. Raises Refused when the person is not of that team today."""
    if person_id is not None and not is_member(session, person_id, organisation_id, clock.today()):
        raise Refused("person_not_of_team")
    for case, step in steps:
        _living(step)
        move_step(session, case, step, organisation_id=organisation_id, person_id=person_id, reason="assigned", by=by)
        record(
            session,
            case,
            "step_assigned",
            by=by,
            step=step,
            data={"organisation": organisation_id, "person": person_id},
        )


def hand_over(
    session: Session,
    case: Case,
    step: Step,
    *,
    organisation: Organisation,
    parents_know: str,
    parents_agree: str,
    by: Actor,
) -> Handover:
    """Pass a step to another organisation; unless the parents know and agree it gets step and reference only."""
    _living(step)
    if organisation.id == step.organisation_id:
        raise Refused("handover_to_same")
    scope = scope_for(organisation, parents_know, parents_agree)
    move_step(
        session, case, step, organisation_id=organisation.id, person_id=None, reason="handed_over", by=by, scope=scope
    )
    handover = note_handover(
        session, case, step, organisation.id, parents_know=parents_know, parents_agree=parents_agree, by=by
    )
    record(
        session,
        case,
        "step_handed_over",
        by=by,
        step=step,
        data={"organisation": organisation.id, "parents_know": parents_know, "parents_agree": parents_agree},
    )
    return handover


def note_handover(
    session: Session, case: Case, step: Step, organisation_id: int, *, parents_know: str, parents_agree: str, by: Actor
) -> Handover:
    """Keep what the parents know of a hand-over and whether they agree."""
    handover = Handover(
        case_id=case.id,
        step_id=step.id,
        organisation_id=organisation_id,
        parents_know=parents_know,
        parents_agree=parents_agree,
        at=clock.now(),
        by_id=by.person_id,
    )
    session.add(handover)
    return handover


def parents_agreed(session: Session, case: Case, step: Step, *, by: Actor) -> None:
    """The parents know now and agree: the owner sees what its part of the work needs. Said by who talked to them."""
    _living(step)
    if step.scope != Scope.REFERENCE:
        raise Refused("nothing_to_agree")
    organisation = session.get_one(Organisation, step.organisation_id)
    step.scope = scope_for(organisation, "yes", "yes")
    end_grants(session, [subject_of(step)], at_once=True)
    grant(session, [granted_owner(case, step)])
    note_handover(session, case, step, organisation.id, parents_know="yes", parents_agree="yes", by=by)
    record(session, case, "parents_agreed", by=by, step=step, data={"organisation": organisation.id})


def scope_for(organisation: Organisation, parents_know: str, parents_agree: str) -> Scope:
    """What the next owner sees: a school never more than a welcome needs, nobody more than a reference unasked."""
    if (parents_know, parents_agree) != ("yes", "yes"):
        return Scope.REFERENCE
    return Scope.WELCOME if organisation.kind == SCHOOL else Scope.FULL


def subject_of(step: WrittenStep) -> str:
    """How grants and letters name a step."""
    return f"step:{step.id}"


def granted_owner(case: WrittenCase, step: WrittenStep) -> Granted:
    """The grant that goes with having a step."""
    return Granted(
        child_id=case.child_id,
        case_id=case.id,
        organisation_id=step.organisation_id,
        scope=step.scope,
        reason="owner",
        subject=subject_of(step),
    )


def granted_person(case: Case, step: Step) -> Granted | None:
    """The personal grant of who has the step by name: a bridge person sees nothing through the organisation."""
    if step.person_id is None:
        return None
    return Granted(
        child_id=case.child_id,
        case_id=case.id,
        organisation_id=step.organisation_id,
        person_id=step.person_id,
        scope=step.scope,
        reason="owner",
        subject=subject_of(step),
    )


def move_step(
    session: Session,
    case: Case,
    step: Step,
    *,
    organisation_id: int,
    person_id: int | None,
    reason: str,
    by: Actor,
    scope: Scope | None = None,
) -> None:
    """Change whose step it is: row of the assignment, grants, and no letter any more to who had it."""
    now, elsewhere = clock.now(), step.organisation_id != organisation_id
    step.organisation_id = organisation_id
    step.person_id = person_id
    step.to_assign = False
    step.owner_reason = reason
    step.told_at = now
    hear_of(session, step)
    if scope is not None:
        step.scope = scope
    end_grants(session, [subject_of(step)])
    grant(session, filter(None, (granted_owner(case, step), granted_person(case, step))))
    write_assignment(session, case, step, reason=reason, by=by)
    withdraw_lines(session, about=[subject_of(step)])
    if elsewhere:
        take_back_links(session, [step.id])


def write_assignment(session: Session, case: Case, step: Step, *, reason: str, by: Actor) -> None:
    """Keep since when who has the step."""
    session.add(Assignment(**assignment_row(case, step, reason=reason, by=by)))


def assignment_row(case: WrittenCase, step: WrittenStep, *, reason: str, by: Actor) -> dict[str, Any]:
    """The row that says since when who has the step."""
    return {
        "case_id": case.id,
        "step_id": step.id,
        "organisation_id": step.organisation_id,
        "person_id": step.person_id,
        "reason": reason,
        "at": clock.now(),
        "by_id": by.person_id,
    }


def _living(step: Step) -> None:
    if not step.living:
        raise Refused("step_ended", number=step.number)
