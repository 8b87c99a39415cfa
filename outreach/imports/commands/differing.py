"""What a list says otherwise is kept until somebody decides; the visits of children who are gone wait at once."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.perhaps_enrolled import let_visits_wait, note_gone
from outreach.cases.commands.proposing import AGAIN
from outreach.cases.models import Case, Proposal
from outreach.children.matching import MATCHING
from outreach.database.many import in_chunks, insert_rows
from outreach.imports.commands.remembering import REMEMBERED, by_loading
from outreach.imports.models import Batch, BatchRow, DifferenceKind, ListDifference, RowResult
from outreach.imports.queries.differences import Differences
from outreach.imports.queries.receipts import source_of
from outreach.imports.queries.tallies import waits
from outreach.imports.stored import listed_child

_MANY = 1_000


def keep_differences(session: Session, batch: Batch, found: Differences, *, by: Actor) -> None:
    """Write every difference down, and let visits wait to children who may be enrolled. Nothing is closed."""
    said = (
        _row(batch, one.kind, one.child_id, one.case.case_id, one.row_number, {"listed": one.listed, "ours": one.ours})
        for one in found.said
    )
    for rows in in_chunks(chain(said, _new_outside(session, batch), _again(session, batch)), _MANY):
        insert_rows(session, ListDifference, rows)
    _ask_once(session, batch)
    gone = [one.case.case_id for one in found.gone]
    for portion in in_chunks(gone, REMEMBERED) if gone else [[]]:  # a list is a deed also when nobody is gone
        with by_loading(session, batch, portion, by=by):
            for case_id in portion:
                case = session.get_one(Case, case_id, execution_options=MATCHING)
                note_gone(session, case, origin=source_of(batch), by=by)
            let_visits_wait(session, portion, by=by)


def _new_outside(session: Session, batch: Batch) -> Iterator[dict[str, Any]]:
    """New children who live outside the area: their case waits for somebody to hand it over."""
    statement = (
        select(BatchRow.child_id, Case.id, BatchRow.row_number, BatchRow.data)
        .join(Case, Case.reference == BatchRow.case_reference)
        .where(BatchRow.batch_id == batch.id, BatchRow.result == RowResult.NEW, BatchRow.outside.is_(True))
        .order_by(BatchRow.row_number)
    )
    for child_id, case_id, number, data in session.execute(statement, execution_options=MATCHING).all():
        if child_id is None:
            continue
        child = listed_child(number, data)
        listed = child.municipality or child.postcode
        yield _row(batch, DifferenceKind.OUTSIDE, child_id, case_id, number, {"listed": listed, "ours": ""})


def _again(session: Session, batch: Batch) -> Iterator[dict[str, Any]]:
    """Children on this list whose case is closed: whether to open it again is asked of who led it."""
    statement = (
        select(BatchRow.child_id, Case.id, BatchRow.row_number, Proposal.data, Proposal.key)
        .join(Case, Case.reference == BatchRow.case_reference)
        .join(Proposal, Proposal.case_id == Case.id)
        .where(BatchRow.batch_id == batch.id, BatchRow.result == RowResult.KNOWN)
        .where(Proposal.key.in_(AGAIN), Proposal.decided_at.is_(None))
        .order_by(BatchRow.row_number)
    )
    for child_id, case_id, number, data, key in session.execute(statement, execution_options=MATCHING).all():
        if child_id is not None:
            yield _row(batch, DifferenceKind.AGAIN, child_id, case_id, number, {"listed": key, "ours": data["closure"]})


def _ask_once(session: Session, batch: Batch) -> None:
    """Whether to open a case again stands with the newest list that asks it; an earlier one no longer waits for it."""
    asked = select(ListDifference.case_id).where(
        ListDifference.batch_id == batch.id, ListDifference.kind == DifferenceKind.AGAIN
    )
    earlier = delete(ListDifference).where(
        ListDifference.batch_id != batch.id,
        ListDifference.kind == DifferenceKind.AGAIN,
        ListDifference.case_id.in_(asked.scalar_subquery()),
        waits(),
    )
    session.execute(earlier, execution_options={**MATCHING, "synchronize_session": False})


def _row(
    batch: Batch, kind: DifferenceKind, child_id: int, case_id: int, row_number: int | None, said: dict[str, str]
) -> dict[str, Any]:
    return {
        "batch_id": batch.id,
        "kind": kind,
        "child_id": child_id,
        "case_id": case_id,
        "row_number": row_number,
        "said": json.dumps(said, ensure_ascii=False),
        "answer": None,
        "decided_at": None,
        "decided_by_id": None,
        "deed_id": None,
    }
