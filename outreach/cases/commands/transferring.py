"""A family moved within Flanders: the case stays ours until the other area accepts, and comes back when it does not."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.closing import close_track
from outreach.cases.commands.events import record
from outreach.cases.commands.opening import NewCase, open_case
from outreach.cases.commands.stepping import Opening, end_step, open_step
from outreach.cases.models import Case, Proposal, Step, Track
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.transfers import TRANSFER
from outreach.cases.workflow import Outcome, Owner, processes
from outreach.children.models import Child
from outreach.database import seen_by
from outreach.errors import Refused
from outreach.partners.calendars import calendar_for
from outreach.partners.models import Area

_READ = seen_by("clock: transfers nobody answered")


def offer_transfer(session: Session, case: Case, step: Step, outcome: Outcome, *, area: Area, by: Actor) -> Proposal:
    """Offer the case to the area the family moved to. It sees that a child comes and from whom, nothing else.

    Raises Refused when it is our own area, or another offer still waits for its answer.
    """
    if area.id == case.area_id:
        raise Refused("transfer_to_same_area")
    waiting = select(Proposal.id).where(
        Proposal.case_id == case.id, Proposal.key == TRANSFER, Proposal.decided_at.is_(None)
    )
    if session.scalar(waiting.limit(1), execution_options=INSIDE) is not None:
        raise Refused("step_waits_for_area")
    proposal = Proposal(
        case_id=case.id,
        organisation_id=area.coordinator_id,
        key=TRANSFER,
        data={"area": area.id, "step": step.id, "outcome": outcome.key},
        not_before_on=None,
        at=clock.now(),
        decided_at=None,
        decided_by_id=None,
        answer=None,
        remark=None,
    )
    session.add(proposal)
    record(session, case, "transfer_offered", by=by, step=step, data={"area": area.id})
    return proposal


def accept_transfer(session: Session, case: Case, proposal: Proposal, *, by: Actor) -> Case:
    """The other area takes over: our track ends as handed over and the child has a case there. Raises Refused when
    it was answered before."""
    step, outcome = _offered(session, proposal)
    if outcome.transfer is None or not step.living:
        raise Refused("transfer_answered")
    _decide(proposal, "accepted", by)
    session.flush()
    area = session.get_one(Area, proposal.data["area"])
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    close_track(session, case, track, key=outcome.transfer.accepted, leave_in_peace_until=None, by=by)
    record(session, case, "transfer_accepted", by=by, step=step, data={"area": area.id})
    session.flush()
    if case.ended_at is None:
        raise Refused("other_track_open")
    child = session.get_one(Child, case.child_id, execution_options=INSIDE)
    return open_case(session, NewCase(child, area.id, area.coordinator_id), origin="moved", by=by)


def return_unanswered_transfers(session: Session, *, by: Actor) -> int:
    """What the other area did not answer in time comes back to the lead, marked; how many."""
    statement = (
        select(Proposal, Case)
        .join(Case, Case.id == Proposal.case_id)
        .where(Proposal.key == TRANSFER, Proposal.decided_at.is_(None))
    )
    returned = 0
    for proposal, case in session.execute(statement, execution_options=_READ).all():
        step, outcome = _offered(session, proposal)
        if outcome.transfer is None or not step.living or not _waited_long_enough(session, proposal, case, outcome):
            continue
        _decide(proposal, "unanswered", by)
        session.flush()
        _return(session, case, step, outcome.transfer.unanswered, by)
        returned += 1
    return returned


def _return(session: Session, case: Case, step: Step, key: str, by: Actor) -> None:
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    end_step(session, step, outcome="transfer_unanswered")
    rule = processes().step(track.process, track.process_version, key)
    opening = Opening(rule, Owner(case.lead_id, "transfer_unanswered", to_assign=True))
    opened = open_step(session, case, track, opening, by=by)
    record(session, case, "transfer_unanswered", by=by, step=opened, data={"before": step.number})


def _waited_long_enough(session: Session, proposal: Proposal, case: Case, outcome: Outcome) -> bool:
    if outcome.transfer is None:
        return False
    within = outcome.transfer.within
    offered_on = clock.local(proposal.at).date()
    return clock.today() > calendar_for(session, case.area_id).add(offered_on, within.count, within.counter).day


def _offered(session: Session, proposal: Proposal) -> tuple[Step, Outcome]:
    if proposal.decided_at is not None:
        raise Refused("transfer_answered")
    step = session.get_one(Step, proposal.data["step"], execution_options=INSIDE)
    track = session.get_one(Track, step.track_id, execution_options=INSIDE)
    outcome = processes().outcome(track.process, track.process_version, step.key, proposal.data["outcome"])
    if outcome is None:
        raise Refused("transfer_answered")
    return step, outcome


def _decide(proposal: Proposal, answer: str, by: Actor) -> None:
    proposal.decided_at = clock.now()
    proposal.decided_by_id = by.person_id
    proposal.answer = answer
