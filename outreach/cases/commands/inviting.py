"""A colleague comes along on a visit: invited by mail, told when the day moves, told when it is off.

The letter is queued in the transaction of the change; it holds the reference and the step, no name and no address.
"""

from collections.abc import Iterable
from datetime import date, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, actor_for, builtin
from outreach.accounts.models import Membership, Person
from outreach.accounts.queries import is_member
from outreach.cases.commands.events import record
from outreach.cases.models import Case, Step, Track, VisitInvitation
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.invitations import coming_along
from outreach.children.grants import scope_of
from outreach.errors import Refused
from outreach.notifications.commands import queue_letter, withdraw_letter
from outreach.notifications.lines import CALLED_OFF, INVITED, MOVED


def invite_along(session: Session, case: Case, step: Step, *, colleague: Membership, by: Actor) -> None:
    """Ask a colleague to come along on the agreed day; whoever was asked before need not come any more.

    Raises Refused when no day is agreed, or the colleague may not see the case.
    """
    if not step.living or step.planned_on is None or step.planned_on < clock.today():
        raise Refused("along_without_day")
    if scope_of(session, actor_for(colleague), case.id) is None:
        raise Refused("along_may_not_see")
    present = coming_along(session, step, also_today=True)
    if present is not None and present.person_id == colleague.person_id:
        return
    if present is not None:
        come_alone(session, case, step, by=by)
    invitation = VisitInvitation(
        case_id=case.id,
        step_id=step.id,
        person_id=colleague.person_id,
        organiser_id=organiser_of(step, by),
        on=step.planned_on,
        at=step.planned_at,
        sequence=0,
        known=False,
        made_at=clock.now(),
        called_off_at=None,
    )
    session.add(invitation)
    session.flush()
    _tell(session, case, step, invitation, INVITED)
    record(session, case, "colleague_invited", by=by, step=step, data=_told(invitation))


def come_alone(session: Session, case: Case, step: Step, *, by: Actor) -> None:
    """Nobody comes along after all; nothing happens when nobody was asked."""
    invitation = coming_along(session, step, also_today=True)
    if invitation is not None:
        _call_off(session, case, step, invitation, by=by)


def follow_day(session: Session, case: Case, step: Step, *, been: bool, by: Actor) -> None:
    """The agreed day or hour of a step changed: who comes along hears of it; off when there is no day any more.

    `been`: something was just reported, so a visit of today may well have been made.
    """
    invitation = coming_along(session, step, also_today=not been)
    if invitation is None or (invitation.on, invitation.at) == (step.planned_on, step.planned_at):
        return
    if step.planned_on is None:
        _call_off(session, case, step, invitation, by=by)
        return
    invitation.on, invitation.at = step.planned_on, step.planned_at
    _tell(session, case, step, invitation, MOVED)
    record(session, case, "invitation_moved", by=by, step=step, data=_told(invitation))


def call_off_visits(session: Session, step_ids: Iterable[int]) -> None:
    """These steps end, rest or change hands: a visit that was still to come is off for who would come along."""
    statement = select(Step).join(VisitInvitation, VisitInvitation.step_id == Step.id)
    statement = statement.where(Step.id.in_(list(step_ids)), VisitInvitation.called_off_at.is_(None)).distinct()
    for step in session.scalars(statement, execution_options=INSIDE).all():
        invitation = coming_along(session, step)
        if invitation is not None:
            case = session.get_one(Case, step.case_id, execution_options=INSIDE)
            _call_off(session, case, step, invitation, by=builtin(session, "clock"))


def organiser_of(step: Step, by: Actor) -> int:
    """Who goes in any case: whose step it is, or who agrees on the day."""
    return step.person_id or by.person_id


def _call_off(session: Session, case: Case, step: Step, invitation: VisitInvitation, *, by: Actor) -> None:
    invitation.called_off_at = clock.now()
    _tell(session, case, step, invitation, CALLED_OFF)
    record(session, case, "invitation_called_off", by=by, step=step, data=_told(invitation))


def _tell(session: Session, case: Case, step: Step, invitation: VisitInvitation, kind: str) -> None:
    """One letter at a time: a former one that has not left stays here, and of what nobody heard nothing is off."""
    if invitation.outbox_message_id is not None:
        invitation.known = invitation.known or not withdraw_letter(session, invitation.outbox_message_id)
        invitation.sequence += 1
    colleague = session.get_one(Person, invitation.person_id)
    works_here = is_member(session, colleague.id, step.organisation_id, clock.today())
    unheard = kind == CALLED_OFF and not invitation.known
    if unheard or colleague.email is None or not (works_here or kind == CALLED_OFF):
        return
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    invitation.outbox_message_id = queue_letter(
        session,
        kind=kind if invitation.known else INVITED,
        address=colleague.email,
        language=colleague.language,
        plain=colleague.plain_mail,
        dedupe_key=f"visit:{invitation.id}:{invitation.sequence}",
        not_after_at=clock.moment_of(max(invitation.on, clock.today()) + timedelta(days=1), 0),
        tokens={
            "reference": case.reference,
            "process": track.process,
            "step": step.key,
            "path": f"/cases/{case.reference}/steps/{step.number}",
            "on": invitation.on.isoformat(),
            "at": _hour(invitation.at),
            "uid": f"visit-{invitation.id}",
            "sequence": invitation.sequence,
            "organiser": session.get_one(Person, invitation.organiser_id).email,
        },
    )


def _told(invitation: VisitInvitation) -> dict[str, str | int | date | None]:
    return {"person": invitation.person_id, "on": invitation.on, "at": _hour(invitation.at) or None}


def _hour(at: time | None) -> str:
    return f"{at:%H:%M}" if at else ""
