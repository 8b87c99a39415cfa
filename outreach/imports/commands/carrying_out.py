"""An answer about a difference is carried out, each by the command of the room it belongs to."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.correcting import correct_birth, correct_name, move_together
from outreach.cases.commands.events import record
from outreach.cases.commands.perhaps_enrolled import check_enrolment, go_on_visiting
from outreach.cases.commands.proposing import KEEP_CLOSED, REOPEN, asked_again, decide_proposal
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.workflow import Fact
from outreach.children.commands import undo_number
from outreach.errors import Refused
from outreach.imports.answers import Answer
from outreach.imports.commands.planning_answers import Plan, is_move
from outreach.imports.models import Batch, DifferenceKind
from outreach.imports.queries.deciding import Item
from outreach.imports.queries.leaning_on import number_change, transferring
from outreach.imports.queries.receipts import source_of


def carry_out(session: Session, batch: Batch, plans: Sequence[Plan], by: Actor) -> None:
    """Do what was planned, for those who go together. Raises Refused when it cannot be done any more."""
    kind, answer = plans[0].item.difference.kind, plans[0].answer
    if is_move([plan.item for plan in plans], answer):
        _move(session, [plan.item for plan in plans], by)
        return
    for plan in plans:
        _DOING[answer](session, batch, plan.item, by)
        if answer is Answer.LATER or (answer is Answer.KEEP and kind != DifferenceKind.AGAIN):
            data = {"batch": batch.id, "kind": kind, "answer": answer}
            record(session, plan.item.case, "difference_decided", by=by, data=data)


def _move(session: Session, items: Sequence[Item], by: Actor) -> None:
    row = items[0].listed
    parts = ("street", "number", "box", "postcode", "municipality", "nis")
    address = {part: getattr(row, part) for part in parts}
    move_together(session, [item.case for item in items], address=address, reference_person=row.reference_person, by=by)


def _verify(session: Session, _batch: Batch, item: Item, by: Actor) -> None:
    check_enrolment(session, item.case, by=by)


def _take_over(session: Session, batch: Batch, item: Item, by: Actor) -> None:
    row, source = item.listed, source_of(batch)
    if item.difference.kind == DifferenceKind.BORN:
        correct_birth(session, item.case, born_on=row.born_on, source=source, by=by)
    else:
        names = {"first_name": row.first_name, "last_name": row.last_name}
        correct_name(session, item.case, **names, source=source, by=by)


def _offer(session: Session, _batch: Batch, item: Item, by: Actor) -> None:
    found = transferring(session, item.case)
    if found is None:
        raise Refused("outcome_unknown", outcome="transfer")
    step, outcome = found
    facts: dict[str, Any] = {Fact.DESTINATION: item.destination}
    report_outcome(session, item.case, step, outcome=outcome, facts=facts, by=by)


def _put_back(session: Session, batch: Batch, item: Item, by: Actor) -> None:
    change = number_change(session, batch, item)
    if change is None:
        raise Refused("change_not_the_last")
    undo_number(session, change, item.child)
    record(session, item.case, "number_change_undone", by=by, data={"change": change.id, "batch": batch.id})


def _keep(session: Session, _batch: Batch, item: Item, by: Actor) -> None:
    if item.difference.kind == DifferenceKind.GONE:
        go_on_visiting(session, item.case, by=by)
    elif item.difference.kind == DifferenceKind.OUTSIDE:
        item.case.outside = False
    elif item.difference.kind == DifferenceKind.AGAIN:
        _answer_again(session, item, KEEP_CLOSED, by)


def _reopen(session: Session, _batch: Batch, item: Item, by: Actor) -> None:
    _answer_again(session, item, REOPEN, by)


def _answer_again(session: Session, item: Item, answer: str, by: Actor) -> None:
    asked = asked_again(session, item.case)
    if asked is None:
        raise Refused("proposal_decided")
    decide_proposal(session, item.case, asked, answer=answer, by=by)


def _leave(_session: Session, _batch: Batch, _item: Item, _by: Actor) -> None:
    """Nothing changes: it is asked again."""


_DOING: dict[Answer, Callable[[Session, Batch, Item, Actor], None]] = {
    Answer.VERIFY: _verify,
    Answer.TAKE: _take_over,
    Answer.OFFER: _offer,
    Answer.PUT_BACK: _put_back,
    Answer.REOPEN: _reopen,
    Answer.KEEP: _keep,
    Answer.LATER: _leave,
}
