"""Who comes along on the agreed day of a step, and who could."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, actor_for
from outreach.accounts.models import Membership
from outreach.accounts.queries import members
from outreach.cases.models import Case, Step, VisitInvitation
from outreach.cases.queries.inside import INSIDE
from outreach.children.grants import scope_of


def coming_along(session: Session, step: Step, *, also_today: bool = False) -> VisitInvitation | None:
    """The invitation for a visit that is still to come.

    On the day itself it may have been: before its hour it is still to come, without an hour only `also_today`.
    """
    session.flush()
    statement = select(VisitInvitation).where(
        VisitInvitation.step_id == step.id, VisitInvitation.called_off_at.is_(None)
    )
    found = session.scalars(statement.order_by(VisitInvitation.id), execution_options=INSIDE).all()
    return next((each for each in found if _to_come(each, also_today)), None)


def possible_company(session: Session, actor: Actor, case: Case, step: Step) -> list[Membership]:
    """Colleagues of the team whose step it is who may see the case: not who goes anyway, nor somebody elsewhere."""
    if actor.organisation_id != step.organisation_id:
        return []
    goes = step.person_id or actor.person_id
    team = [row for row in members(session, step.organisation_id, on=clock.today()) if row.person_id != goes]
    return [row for row in team if scope_of(session, actor_for(row), case.id) is not None]


def _to_come(invitation: VisitInvitation, also_today: bool) -> bool:
    if also_today or invitation.at is None:
        return invitation.on > clock.today() or (also_today and invitation.on == clock.today())
    return clock.moment_of(invitation.on, invitation.at.hour, invitation.at.minute) > clock.now()
