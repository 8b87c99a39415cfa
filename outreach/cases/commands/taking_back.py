"""A step that ends, rests or changes hands takes back what is out about it: links, letters, invitations, offers."""

from collections.abc import Iterable

from sqlalchemy import update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.inviting import call_off_visits
from outreach.cases.models import Proposal, SignedLink, Step
from outreach.cases.queries.inside import INSIDE
from outreach.cases.queries.transfers import TRANSFER
from outreach.notifications.commands import withdraw_letter


def take_back_links(session: Session, step_ids: Iterable[int]) -> None:
    """Withdraw what is still out about these steps; nobody in particular does it, the change itself does."""
    step_ids = list(step_ids)
    call_off_visits(session, step_ids)
    statement = (
        update(SignedLink)
        .where(
            SignedLink.step_id.in_(step_ids),
            SignedLink.answered_at.is_(None),
            SignedLink.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=clock.now())
        .returning(SignedLink.outbox_message_id)
        .execution_options(synchronize_session=False, **INSIDE)
    )
    for message_id in session.scalars(statement).all():
        if message_id is not None:
            withdraw_letter(session, message_id)


def take_back_offers(session: Session, step: Step) -> None:
    """The case went another way before the other area answered: what is offered no longer waits for an answer."""
    session.execute(
        update(Proposal)
        .where(
            Proposal.case_id == step.case_id,
            Proposal.key == TRANSFER,
            Proposal.decided_at.is_(None),
            Proposal.data["step"].as_integer() == step.id,
        )
        .values(decided_at=clock.now(), answer="taken_back")
        .execution_options(synchronize_session=False, **INSIDE)
    )
