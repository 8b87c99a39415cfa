"""What a list says otherwise is kept until somebody decides; the visits of children who are gone wait at once."""

import json

from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.perhaps_enrolled import let_visits_wait, note_gone
from outreach.cases.models import Case
from outreach.children.matching import MATCHING
from outreach.database.many import in_chunks, insert_rows
from outreach.imports.models import Batch, ListDifference
from outreach.imports.queries.differences import Differences
from outreach.imports.queries.receipts import source_of

_MANY = 1_000


def keep_differences(session: Session, batch: Batch, found: Differences, *, by: Actor) -> None:
    """Write every difference down, and let visits wait to children who may be enrolled. Nothing is closed."""
    rows = (
        {
            "batch_id": batch.id,
            "kind": one.kind,
            "child_id": one.child_id,
            "case_id": one.case.case_id,
            "row_number": one.row_number,
            "said": json.dumps({"listed": one.listed, "ours": one.ours}, ensure_ascii=False),
            "answer": None,
            "decided_at": None,
            "decided_by_id": None,
            "deed_id": None,
        }
        for one in found.said
    )
    for portion in in_chunks(rows, _MANY):
        insert_rows(session, ListDifference, portion)
    origin = source_of(batch)
    gone = [one.case.case_id for one in found.gone]
    for case_id in gone:
        note_gone(session, session.get_one(Case, case_id, execution_options=MATCHING), origin=origin, by=by)
    let_visits_wait(session, gone, by=by)
