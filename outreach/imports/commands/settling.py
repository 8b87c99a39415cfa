"""Somebody decides what a list says otherwise: as one deed, which can be taken back for thirty days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.undoing import TakenBack, remembered, undo_deed
from outreach.cases.models import Deed
from outreach.errors import Refused
from outreach.imports.answers import Answer
from outreach.imports.commands.carrying_out import carry_out
from outreach.imports.commands.planning_answers import Plan, by_move, is_move
from outreach.imports.models import Batch, DifferenceKind, ListDifference
from outreach.imports.queries.receipts import source_of


@dataclass
class Settled:
    """What was decided, and what stayed, each reference with the reason."""

    deed: Deed | None = None
    done: list[Plan] = field(default_factory=list)
    stayed: list[tuple[str, str]] = field(default_factory=list)


def settle(session: Session, batch: Batch, plans: Sequence[Plan], *, by: Actor) -> Settled:
    """Do what was planned, as one deed; whoever cannot be helped so is named and left."""
    settled = Settled(stayed=[(plan.item.case.reference, plan.stays) for plan in plans if plan.stays])
    possible = [plan for plan in plans if plan.stays is None]
    if not possible:
        return settled
    kind, answer = possible[0].item.difference.kind, possible[0].answer
    cases = [plan.item.case.id for plan in possible]
    with remembered(session, f"{kind}.{answer}", cases, origin=source_of(batch), by=by) as deed:
        for together in _together(possible):
            try:
                with session.begin_nested():
                    carry_out(session, batch, together, by)
            except Refused:
                settled.stayed += [(plan.item.case.reference, "moved_on") for plan in together]
            else:
                settled.done += together
    if not settled.done:
        session.delete(deed)
        return settled
    settled.deed = deed
    for plan in settled.done:
        said = plan.item.difference
        said.answer, said.decided_at, said.decided_by_id, said.deed_id = answer, clock.now(), by.person_id, deed.id
    session.flush()
    return settled


def take_back(session: Session, deed: Deed, *, by: Actor) -> TakenBack:
    """Undo a decision: what it was about waits again, except for cases that moved on since."""
    result = undo_deed(session, deed, by=by)
    session.execute(
        update(ListDifference)
        .where(ListDifference.deed_id == deed.id, ListDifference.case_id.not_in(result.left))
        .values(answer=None, decided_at=None, decided_by_id=None, deed_id=None),
        execution_options={"synchronize_session": False},
    )
    return result


def note_put_back(session: Session, batch: Batch, child_id: int, *, by: Actor) -> None:
    """The number of before was put back on the receipt: nothing is left to decide about it."""
    session.execute(
        update(ListDifference)
        .where(
            ListDifference.batch_id == batch.id,
            ListDifference.kind == DifferenceKind.RENUMBERED,
            ListDifference.child_id == child_id,
            ListDifference.answer.is_(None),
        )
        .values(answer=Answer.PUT_BACK, decided_at=clock.now(), decided_by_id=by.person_id),
        execution_options={"synchronize_session": False},
    )


def _together(plans: Sequence[Plan]) -> Iterator[list[Plan]]:
    """Plans that are done in one go: who moves together; everybody else alone."""
    if not is_move([plan.item for plan in plans], plans[0].answer):
        yield from ([plan] for plan in plans)
        return
    of_item = {plan.item.difference.id: plan for plan in plans}
    for items in by_move([plan.item for plan in plans]):
        yield [of_item[item.difference.id] for item in items]
