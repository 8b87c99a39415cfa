"""The trace every command leaves: who, what, when, with what changed."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Case, Event, Step
from outreach.cases.models.plain import WrittenCase, WrittenStep
from outreach.cases.queries.inside import INSIDE
from outreach.database.many import alike, insert_columns, insert_rows

_AS_IN_JSON = (str, int, float, bool, type(None))


def record(
    session: Session,
    case: Case,
    kind: str,
    *,
    by: Actor,
    step: Step | None = None,
    data: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> Event:
    """Write the event of a command; `data` holds ids, keys and days only, `personal` what must be erasable."""
    session.flush()
    last = session.scalar(select(func.max(Event.seq)).where(Event.case_id == case.id), execution_options=INSIDE)
    event = Event(**_event(case.id, (last or 0) + 1, kind, by, step, data, personal))
    session.add(event)
    return event


def record_first(
    session: Session, cases: Sequence[tuple[WrittenCase, WrittenStep]], kind: str, *, by: Actor, data: Any
) -> None:
    """The first event of many new cases at once; `data` is called with each case and step.

    What it gives again and again should be one object: it is written out once.
    """
    if not cases:
        return
    first = _event(cases[0][0].id, 1, kind, by, cases[0][1], None, None)
    columns = alike(
        first,
        case_id=[case.id for case, _ in cases],
        step_id=[step.id for _, step in cases],
        data=[data(case, step) for case, step in cases],
    )
    insert_columns(session, Event, len(cases), columns)


def record_alike(session: Session, case_ids: Sequence[int], kind: str, *, by: Actor, data: dict[str, Any]) -> None:
    """The same event in each of many cases, none of their steps named."""
    if not case_ids:
        return
    last = _last_of(session, case_ids)
    first = _event(case_ids[0], 1, kind, by, None, data, None)
    columns = alike(first, case_id=case_ids, seq=[last.get(case_id, 0) + 1 for case_id in case_ids])
    insert_columns(session, Event, len(case_ids), columns)


def record_many(
    session: Session, steps: Sequence[tuple[WrittenCase, WrittenStep]], kind: str, *, by: Actor, data: Any
) -> None:
    """An event of the same kind at each of many steps; `data` is called with each case and step."""
    last = _last_of(session, sorted({case.id for case, _ in steps}))
    rows = []
    for case, step in steps:
        last[case.id] = last.get(case.id, 0) + 1
        rows.append(_event(case.id, last[case.id], kind, by, step, data(case, step), None))
    insert_rows(session, Event, rows)


def _last_of(session: Session, case_ids: Sequence[int]) -> dict[int, int]:
    """The number of the last event of each of these cases."""
    session.flush()
    found: dict[int, int] = {}
    for start in range(0, len(case_ids), 1_000):
        statement = select(Event.case_id, func.max(Event.seq)).where(Event.case_id.in_(case_ids[start : start + 1_000]))
        rows = session.execute(statement.group_by(Event.case_id), execution_options=INSIDE)
        found.update((row[0], row[1]) for row in rows)
    return found


def _event(
    case_id: int,
    seq: int,
    kind: str,
    by: Actor,
    step: WrittenStep | None,
    data: dict[str, Any] | None,
    personal: dict[str, Any] | None,
) -> dict[str, Any]:
    sealed = json.dumps(personal, ensure_ascii=False, sort_keys=True, default=_plain) if personal else None
    return {
        "case_id": case_id,
        "seq": seq,
        "step_id": step.id if step else None,
        "kind": kind,
        "at": clock.now(),
        "by_id": by.person_id,
        "organisation_id": by.organisation_id,
        "via": by.via,
        "data": plain(data or {}),
        "personal": sealed,
        "personal_digest": hashlib.sha256(sealed.encode()).hexdigest() if sealed else None,
    }


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """The same data as JSON holds it: days as ISO text, enums as their key."""
    return {name: value if type(value) in _AS_IN_JSON else _read_back(value) for name, value in data.items()}


def _read_back(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else json.loads(json.dumps(value, default=_plain))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
