"""What a late report says that does not fit: kept with both versions, for the owner of the case to look at."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import plain, record
from outreach.cases.models import Case, ConflictItem, Step
from outreach.cases.queries.offline import last_change


@dataclass(frozen=True)
class Late:
    """Which report it was: the key of its draft, when it was made, and who brought it when the reporter could not."""

    draft: str
    at: datetime
    brought_by: Actor | None = None


def put_to_owner(
    session: Session,
    case: Case,
    step: Step,
    late: Late,
    *,
    reason: str,
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    by: Actor,
) -> ConflictItem:
    """Keep both versions of what does not fit, for one child."""
    last = last_change(session, case, step, not_by=by.person_id)
    item = ConflictItem(
        case_id=case.id,
        step_id=step.id,
        draft=late.draft,
        reason=reason,
        by_id=by.person_id,
        organisation_id=by.organisation_id or step.organisation_id,
        brought_by_id=late.brought_by.person_id if late.brought_by else None,
        at=late.at,
        received_at=clock.now(),
        mine=_sealed(mine),
        theirs=_sealed(theirs),
        theirs_by_id=last[0] if last else None,
        theirs_at=last[1] if last else None,
        decided_at=None,
        decided_by_id=None,
        answers=None,
        acknowledged_at=None,
    )
    session.add(item)
    session.flush()
    data = {"item": item.id, "reason": reason, "fields": sorted(mine)}
    record(session, case, "conflict_noted", by=late.brought_by or by, step=step, data=data)
    return item


def _sealed(values: Mapping[str, Any]) -> str:
    return json.dumps(plain(dict(values)), ensure_ascii=False)
