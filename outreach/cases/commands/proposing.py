"""Something was noticed about a case and a person decides: a child whose case is closed is on a list again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record
from outreach.cases.commands.opening import reopen_case
from outreach.cases.models import Case, Closure, Proposal, Report
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import processes
from outreach.errors import Refused

REOPEN, KEEP_CLOSED = "reopen", "keep_closed"
ANSWERS = (REOPEN, KEEP_CLOSED)

_AGAIN_ON_A_LIST = {
    "takes_part": "dropped_out",
    "started_rarely_present": "dropped_out",
    "refused": "reopen",
    "not_reached": "reopen",
    "year_ended": "reopen",
}
"""What is asked when a child whose case ended so is on a list again; every other end: is it still so?"""

STILL_SO = "still_so"

AGAIN = frozenset({*_AGAIN_ON_A_LIST.values(), STILL_SO})
"""What can be asked about a child whose case is closed and that is on a list again."""


@dataclass(frozen=True)
class Ended:
    """How the case of a child ended, and what to ask when the child is on a list again."""

    case: Case
    closure: str
    key: str
    not_before_on: date | None


def propose(
    session: Session,
    case: Case,
    *,
    key: str,
    organisation_id: int,
    data: Mapping[str, Any],
    not_before_on: date | None,
    by: Actor,
) -> Proposal:
    """Put something before the people of an organisation; the same question is not put twice while it is open."""
    same = select(Proposal).where(Proposal.case_id == case.id, Proposal.key == key, Proposal.decided_at.is_(None))
    open_one = session.scalars(same, execution_options=INSIDE).first()
    if open_one is not None:
        open_one.not_before_on = not_before_on
        return open_one
    proposal = Proposal(
        case_id=case.id,
        organisation_id=organisation_id,
        key=key,
        data=dict(data),
        not_before_on=not_before_on,
        at=clock.now(),
        decided_at=None,
        decided_by_id=None,
        answer=None,
        remark=None,
    )
    session.add(proposal)
    session.flush()
    record(session, case, "proposal_made", by=by, data={"proposal": proposal.id, "key": key, **data})
    return proposal


def asked_again(session: Session, case: Case) -> Proposal | None:
    """Whether to open this case again, as long as nobody decided; held until the transaction ends."""
    statement = select(Proposal).where(
        Proposal.case_id == case.id, Proposal.key.in_(AGAIN), Proposal.decided_at.is_(None)
    )
    return session.scalars(statement.limit(1).with_for_update(), execution_options=INSIDE).one_or_none()


def decide_proposal(
    session: Session, case: Case, proposal: Proposal, *, answer: str, remark: str | None = None, by: Actor
) -> None:
    """Open the case again or leave it closed. Raises Refused when decided, or before the "leave in peace" day."""
    if proposal.decided_at is not None:
        raise Refused("proposal_decided")
    if answer not in ANSWERS:
        raise Refused("answer_unknown", answer=answer)
    proposal.decided_at = clock.now()
    proposal.decided_by_id = by.person_id
    proposal.answer = answer
    proposal.remark = remark or None
    record(session, case, "proposal_decided", by=by, data={"proposal": proposal.id, "answer": answer})
    if answer == REOPEN:
        reopen_case(session, case, by=by)


def ended_cases(session: Session, case_ids: Sequence[int]) -> list[Ended]:
    """How these closed cases ended, with the question to ask; without those of a child that died."""
    if not case_ids:
        return []
    last = select(func.max(Closure.id)).where(Closure.case_id.in_(case_ids)).group_by(Closure.case_id)
    statement = select(Case, Closure).join(Closure, Closure.case_id == Case.id).where(Closure.id.in_(last))
    died = _died(session, case_ids)
    return [
        Ended(case, closure.key, _AGAIN_ON_A_LIST.get(closure.key, STILL_SO), closure.leave_in_peace_until)
        for case, closure in session.execute(statement, execution_options=INSIDE)
        if case.id not in died
    ]


def _died(session: Session, case_ids: Sequence[int]) -> set[int]:
    """Cases that ended with an outcome after which nothing is asked any more."""
    final = {outcome.key for process in processes() for outcome in process.always if outcome.stops_everything}
    statement = select(Report.case_id).where(Report.case_id.in_(case_ids), Report.outcome.in_(final))
    return set(session.scalars(statement, execution_options=INSIDE))
