"""What waits for a decision of one's organisation about a case that ended."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Proposal
from outreach.children.grants import sight


def find_proposal(session: Session, actor: Actor, proposal_id: int) -> tuple[Proposal, Case] | None:
    """A question put to the actor's organisation, with its case, both held until the transaction ends."""
    statement = (
        select(Proposal, Case)
        .join(Case, Case.id == Proposal.case_id)
        .where(Proposal.id == proposal_id, Proposal.organisation_id == actor.organisation_id)
        .with_for_update()
    )
    found = session.execute(statement, execution_options=sight(actor)).one_or_none()
    return (found[0], found[1]) if found else None
