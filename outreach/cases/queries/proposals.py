"""What waits for a decision of one's organisation about a case that ended."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Proposal
from outreach.children.grants import sight


def open_proposals(session: Session, actor: Actor, references: Sequence[str]) -> list[tuple[Proposal, str]]:
    """The undecided questions put to the actor's organisation about these cases, each with the case reference."""
    statement = (
        select(Proposal, Case.reference)
        .join(Case, Case.id == Proposal.case_id)
        .where(Case.reference.in_(references), Proposal.decided_at.is_(None))
        .where(Proposal.organisation_id == actor.organisation_id)
        .order_by(Proposal.id)
    )
    return [(proposal, reference) for proposal, reference in session.execute(statement, execution_options=sight(actor))]


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
