"""Cases another area offers because the family moved: that a child comes and from whom, nothing else."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Proposal
from outreach.children.grants import sight
from outreach.partners.models import Area, Organisation

TRANSFER = "transfer"
"""Key of the proposal the other area answers."""


@dataclass(frozen=True)
class Offer:
    """One case on offer."""

    proposal_id: int
    reference: str
    area: str
    lead: str
    offered_on: date


def offers(session: Session, actor: Actor) -> list[Offer]:
    """What is offered to the actor's organisation and not answered yet, oldest first."""
    statement = (
        select(Proposal.id, Case.reference, Area.name, Organisation.name, Proposal.at)
        .join(Case, Case.id == Proposal.case_id)
        .join(Area, Area.id == Case.area_id)
        .join(Organisation, Organisation.id == Case.lead_id)
        .where(*_open_to(actor))
        .order_by(Proposal.id)
    )
    rows = session.execute(statement, execution_options=sight(actor))
    return [Offer(row[0], row[1], row[2], row[3], clock.local(row[4]).date()) for row in rows]


def count_offers(session: Session, actor: Actor) -> int:
    """How many cases wait for an answer of the actor's organisation."""
    statement = select(func.count()).select_from(Proposal).where(*_open_to(actor))
    return session.scalar(statement, execution_options=sight(actor)) or 0


def _open_to(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        Proposal.key == TRANSFER,
        Proposal.organisation_id == actor.organisation_id,
        Proposal.decided_at.is_(None),
    )
