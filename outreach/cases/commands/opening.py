"""Cases begin: from a list, by hand or at the door, and again after they ended."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.accompanying import accompany_again
from outreach.cases.commands.anchoring import write_anchor
from outreach.cases.commands.events import record, record_first, record_many
from outreach.cases.commands.opening_rows import (
    Born,
    DatesOf,
    NewCase,
    NewcomersChild,
    first_dates,
    give_to_leads,
    granted_lead,
    last_numbers,
    lead_subject,
    opened_data,
    opened_data_once,
    track_row,
    write_anchors,
    write_cases,
    write_first_steps,
    write_tracks,
)
from outreach.cases.commands.stepping import Opening, open_step
from outreach.cases.models import Case, Closure, Step, Track
from outreach.cases.models.plain import PlainCase
from outreach.cases.queries.inside import INSIDE
from outreach.cases.workflow import Anchor, Owner, processes
from outreach.children.grants import Scope, grant
from outreach.children.models import Child
from outreach.database.among import MANY, among
from outreach.database.many import in_chunks
from outreach.errors import Refused

ENROLMENT = "enrolment"
NOTHING: Mapping[str, Any] = MappingProxyType({})

__all__ = [
    "DatesOf",
    "NewCase",
    "NewcomersChild",
    "begin_track",
    "granted_lead",
    "lead_subject",
    "open_again",
    "open_case",
    "open_cases",
    "open_many",
    "reopen_case",
]


def open_cases(
    session: Session, wanted: Sequence[NewCase], *, origin: str, by: Actor, process_key: str = ENROLMENT
) -> list[Case]:
    """Open a case at the first step of a process for each of these children; `origin`: list, by_hand, door, report."""
    ids = [opened.id for opened in open_many(session, wanted, origin=origin, by=by, process_key=process_key)]
    found: dict[int, Case] = {}
    for part in in_chunks(ids):
        statement = select(Case).where(Case.id.in_(part))
        found |= {case.id: case for case in session.scalars(statement, execution_options=INSIDE)}
    return [found[case_id] for case_id in ids]


def open_many(
    session: Session,
    wanted: Sequence[NewCase],
    *,
    origin: str,
    by: Actor,
    dates_of: DatesOf | None = None,
    told: Mapping[str, Any] = NOTHING,
    process_key: str = ENROLMENT,
) -> list[PlainCase]:
    """The same without an object for each case, for the thousands a list brings; `told` goes with their events.

    `dates_of` remembers the dates of the first steps from one portion of a list to the next.
    """
    if not wanted:
        return []
    process = processes().current(process_key)
    cases = write_cases(session, wanted, origin)
    write_anchors(session, wanted, cases, by)
    dates = first_dates(session, process, wanted, cases, {} if dates_of is None else dates_of)
    steps = write_first_steps(session, process, cases, write_tracks(session, process, cases), dates)
    give_to_leads(session, cases, steps, by)
    record_first(session, list(zip(cases, steps, strict=True)), "case_opened", by=by, data=opened_data_once(told))
    return cases


def open_case(session: Session, wanted: NewCase, *, origin: str, by: Actor) -> Case:
    """Open one case."""
    return open_cases(session, [wanted], origin=origin, by=by)[0]


def begin_track(
    session: Session,
    case: Case,
    *,
    process_key: str,
    organisation_id: int,
    scope: Scope,
    given: Mapping[Anchor, date],
    by: Actor,
) -> Step:
    """Begin another process in a case that runs, at its first step, for this organisation.

    Raises Refused when the case has ended, or follows that process already.
    """
    if case.ended_at is not None:
        raise Refused("case_is_closed")
    running = select(Track.id).where(Track.case_id == case.id, Track.process == process_key, Track.ended_at.is_(None))
    if session.scalar(running, execution_options=INSIDE) is not None:
        raise Refused("track_runs_already")
    for anchor, on in given.items():
        write_anchor(session, case, anchor, on, by=by)
    process = processes().current(process_key)
    track = Track(**track_row(case, process))
    session.add(track)
    session.flush()
    rule = processes().step(process.key, process.version, process.first)
    opening = Opening(rule, Owner(organisation_id, "named"), scope=scope)
    step = open_step(session, case, track, opening, by=by)
    data = {"process": process.key, "aim_on": step.aim_on, "too_late_on": step.too_late_on}
    record(session, case, "track_begun", by=by, step=step, data=data)
    return step


def reopen_case(session: Session, case: Case, *, by: Actor) -> Step:
    """Start again at the first step, in the newest version. Raises Refused before the family's "leave in peace" day."""
    if case.ended_at is None:
        raise Refused("case_is_open")
    peace = leave_in_peace_until(session, case)
    if peace is not None and peace > clock.today():
        raise Refused("leave_in_peace", until=peace)
    merged = select(Child.merged_into_id).where(Child.id == case.child_id)
    if session.scalar(merged, execution_options=INSIDE) is not None:
        raise Refused("children_merged_already")
    other = select(Case.reference).where(Case.child_id == case.child_id, Case.ended_at.is_(None))
    if session.scalar(other, execution_options=INSIDE) is not None:
        raise Refused("other_case_open")
    case.ended_at = None
    process = processes().current(ENROLMENT)
    track = Track(**track_row(case, process))
    session.add(track)
    session.flush()
    rule = processes().step(process.key, process.version, process.first)
    step = open_step(session, case, track, Opening(rule, Owner(case.lead_id, "lead")), by=by)
    grant(session, [granted_lead(case)])
    accompany_again(session, case)
    record(session, case, "case_reopened", by=by, step=step, data=opened_data(case, step))
    return step


def open_again(
    session: Session,
    case_ids: Collection[int],
    *,
    told: Mapping[str, Any],
    by: Actor,
    dates_of: DatesOf | None = None,
) -> None:
    """Closed cases begin again at the first step, many at once, in the newest version; `told` goes with the event.

    Must be cases nobody asked to be left in peace about, of children who have no other that is open.
    """
    for part in in_chunks(sorted(case_ids), MANY):
        _open_again(session, part, told, by, {} if dates_of is None else dates_of)
    session.expire_all()


def _open_again(
    session: Session, case_ids: Sequence[int], told: Mapping[str, Any], by: Actor, dates_of: DatesOf
) -> None:
    process = processes().current(ENROLMENT)
    children, cases = _closed(session, case_ids)
    opened = update(Case).where(among(session, Case.id, case_ids)).values(ended_at=None, version=Case.version + 1)
    session.execute(opened, execution_options={**INSIDE, "synchronize_session": False})
    wanted = [NewCase(child, case.area_id, case.lead_id) for child, case in zip(children, cases, strict=True)]
    dates = first_dates(session, process, wanted, cases, dates_of)
    tracks, last = write_tracks(session, process, cases), last_numbers(session, case_ids)
    numbers = [last[case.id] + 1 for case in cases]
    steps = write_first_steps(session, process, cases, tracks, dates, numbers)
    give_to_leads(session, cases, steps, by)
    record_many(session, list(zip(cases, steps, strict=True)), "case_reopened", by=by, data=opened_data_once(told))


def _closed(session: Session, case_ids: Sequence[int]) -> tuple[list[Born], list[PlainCase]]:
    """These cases with when their children were born, in the same order."""
    statement = (
        select(
            Case.id, Case.reference, Case.child_id, Case.area_id, Case.lead_id, Case.origin, Case.outside, Child.born_on
        )
        .join(Child, Child.id == Case.child_id)
        .where(among(session, Case.id, case_ids))
        .order_by(Case.id)
    )
    rows = session.execute(statement, execution_options=INSIDE).all()
    return [Born(row.child_id, row.born_on) for row in rows], [PlainCase(*row[:7]) for row in rows]


def leave_in_peace_until(session: Session, case: Case) -> date | None:
    """Until when the family of a closed case asked to be left in peace; None when it did not."""
    last = select(Closure.leave_in_peace_until).where(Closure.case_id == case.id).order_by(Closure.id.desc()).limit(1)
    return session.scalar(last, execution_options=INSIDE)
