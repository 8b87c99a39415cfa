"""Somebody leaves a team: what they had goes to a successor or to the team's tray first."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.accounts.commands import Successor, end_membership
from outreach.accounts.models import Membership
from outreach.cases.commands.accompanying import companion_subject
from outreach.cases.commands.events import record
from outreach.cases.commands.family import set_companion
from outreach.cases.commands.owning import move_step
from outreach.cases.models import Case, Step
from outreach.cases.models.step import IS_LIVING
from outreach.children.grants import end_grants
from outreach.children.models import Grant
from outreach.database import seen_by

_READ = seen_by("administration: what somebody who leaves still has")


def steps_of(session: Session, membership: Membership) -> list[tuple[Case, Step]]:
    """The living steps a person has for this organisation, with their cases."""
    statement = (
        select(Case, Step)
        .join(Step, Step.case_id == Case.id)
        .where(
            Step.person_id == membership.person_id,
            Step.organisation_id == membership.organisation_id,
            IS_LIVING,
        )
    )
    return [(row[0], row[1]) for row in session.execute(statement, execution_options=_READ)]


def accompanied_by(session: Session, membership: Membership) -> list[Case]:
    """The open cases a person accompanies for this organisation."""
    for_it = exists().where(
        Grant.case_id == Case.id,
        Grant.person_id == membership.person_id,
        Grant.organisation_id == membership.organisation_id,
        Grant.reason == "companion",
        Grant.until.is_(None),
    )
    statement = select(Case).where(Case.companion_id == membership.person_id, Case.ended_at.is_(None), for_it)
    return list(session.scalars(statement, execution_options=_READ))


def leave_team(session: Session, membership: Membership, *, handed_to: Successor | None, by: Actor) -> int:
    """Hand over what somebody has, then end the membership; how many steps moved.

    `handed_to` without a person is the team's tray. Raises Refused when nobody is named or the successor is no member.
    """
    moved = 0
    if handed_to is not None:
        moved = _hand_over_steps(session, membership, handed_to, by)
        _hand_over_families(session, membership, handed_to, by)
    end_membership(session, membership=membership, handed_to=handed_to, by=by)
    return moved


def _hand_over_steps(session: Session, membership: Membership, handed_to: Successor, by: Actor) -> int:
    found = steps_of(session, membership)
    for case, step in found:
        move_step(
            session,
            case,
            step,
            organisation_id=membership.organisation_id,
            person_id=handed_to.person_id,
            reason="successor",
            by=by,
        )
        record(session, case, "step_assigned", by=by, step=step, data={"person": handed_to.person_id, "reason": "left"})
    return len(found)


def _hand_over_families(session: Session, membership: Membership, handed_to: Successor, by: Actor) -> None:
    for case in accompanied_by(session, membership):
        if handed_to.person_id is not None:
            organisation_id = membership.organisation_id
            set_companion(session, case, person_id=handed_to.person_id, organisation_id=organisation_id, by=by)
            continue
        end_grants(session, [companion_subject(case)], at_once=True)
        case.companion_id = None
        record(session, case, "companion_left", by=by, data={})
