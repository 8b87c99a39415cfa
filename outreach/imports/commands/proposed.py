"""A new child of a list is the known one, or is not: decided pair by pair, each to be taken back for thirty days."""

import json

from sqlalchemy import Delete, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.merging_records import merge_cases, part_cases, say_not_the_same
from outreach.cases.commands.undoing import TakenBack, undo_deed
from outreach.cases.models import Deed
from outreach.cases.queries.beside import Pair, Record
from outreach.cases.queries.merges import MERGED
from outreach.children.matching import MATCHING, Match
from outreach.children.queries import known_children
from outreach.errors import Refused
from outreach.imports.models import Batch, BatchRow, DifferenceKind, ListDifference
from outreach.imports.queries.comparing import Compared, cases_of
from outreach.imports.queries.differences import Said, said_otherwise
from outreach.imports.queries.proposals import ProposedPair
from outreach.imports.stored import listed_child

SAME, NOT_THE_SAME = "same", "not_the_same"
_KEEP = "keep"


def say_same(session: Session, batch: Batch, proposed: ProposedPair, *, by: Actor) -> Deed:
    """They are one child: the records become one, and what the list says otherwise of it is left to decide.

    A child that seemed to be gone from the list is on it after all. Raises Refused when it was decided, or not theirs.
    """
    pair, kept = _require(proposed)
    double = pair.beside_of(kept)
    deed = merge_cases(session, kept.case, double.case, on_a_list=True, by=by)
    _decide(proposed.difference, SAME, deed, by)
    settled = select(ListDifference).where(
        ListDifference.batch_id == batch.id,
        ListDifference.answer.is_(None),
        or_(
            and_(ListDifference.child_id == kept.child.id, ListDifference.kind == DifferenceKind.GONE),
            ListDifference.child_id == double.child.id,
        ),
    )
    for said in session.scalars(settled, execution_options=MATCHING):
        _decide(said, _KEEP, deed, by)
    if double.case.id == proposed.new.id:
        _ask_about_row(session, batch, proposed.difference)
    session.flush()
    return deed


def say_not_same(session: Session, proposed: ProposedPair, *, by: Actor) -> Deed:
    """They are two children: it is remembered, and nobody is asked again. Raises Refused when it was decided."""
    pair, _kept = _require(proposed)
    deed = say_not_the_same(session, pair.one.case, pair.other.case, by=by)
    _decide(proposed.difference, NOT_THE_SAME, deed, by)
    session.flush()
    return deed


def take_back_proposed(session: Session, deed: Deed, *, by: Actor) -> TakenBack:
    """The two records are two again, or nobody said so: the pair is asked about again."""
    result = part_cases(session, deed, by=by) if deed.key == MERGED else undo_deed(session, deed, by=by)
    mine = ListDifference.deed_id == deed.id
    asked = session.scalars(select(ListDifference).where(mine), execution_options=MATCHING).all()
    for said in asked:
        if said.kind == DifferenceKind.PROPOSED:
            session.execute(_only_since_merged(said), execution_options={**MATCHING, "synchronize_session": False})
    session.execute(
        update(ListDifference).where(mine).values(answer=None, decided_at=None, decided_by_id=None, deed_id=None),
        execution_options={"synchronize_session": False},
    )
    return result


def _require(proposed: ProposedPair) -> tuple[Pair, Record]:
    if proposed.difference.answer is not None:
        raise Refused("proposal_decided")
    if proposed.pair is None or proposed.kept is None:
        raise Refused("pair_of_others")
    return proposed.pair, proposed.kept


def _decide(said: ListDifference, answer: str, deed: Deed, by: Actor) -> None:
    said.answer, said.deed_id = answer, deed.id
    said.decided_at, said.decided_by_id = clock.now(), by.person_id


def _ask_about_row(session: Session, batch: Batch, proposal: ListDifference) -> None:
    """What the row of the new child says otherwise of the known one waits for a decision, unless it does already."""
    asked = select(ListDifference.kind).where(
        ListDifference.batch_id == batch.id, ListDifference.child_id == proposal.child_id
    )
    there = set(session.scalars(asked, execution_options=MATCHING))
    row = select(BatchRow).where(BatchRow.batch_id == batch.id, BatchRow.row_number == proposal.row_number)
    found = session.scalars(row, execution_options=MATCHING).one()
    known = known_children(session, [proposal.child_id])[proposal.child_id]
    case = cases_of(session, [proposal.child_id])[proposal.child_id]
    listed = listed_child(found.row_number, found.data)
    compared = Compared(listed, found.outside, Match(proposal.child_id), known, case)
    for said in said_otherwise(compared, {}):
        if said.kind not in there:
            session.add(_row(batch, said))


def _row(batch: Batch, said: Said) -> ListDifference:
    return ListDifference(
        batch_id=batch.id,
        kind=said.kind,
        child_id=said.child_id,
        case_id=said.case.case_id,
        row_number=said.row_number,
        said=json.dumps({"listed": said.listed, "ours": said.ours}, ensure_ascii=False),
        answer=None,
        decided_at=None,
        decided_by_id=None,
        deed_id=None,
    )


def _only_since_merged(proposal: ListDifference) -> Delete:
    """What became a question only because the two were one child, and was not answered."""
    return delete(ListDifference).where(
        ListDifference.batch_id == proposal.batch_id,
        ListDifference.child_id == proposal.child_id,
        ListDifference.row_number == proposal.row_number,
        ListDifference.kind != DifferenceKind.PROPOSED,
        ListDifference.answer.is_(None),
    )
