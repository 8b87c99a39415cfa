"""Cases begin: from a list, by hand or at the door, and again after they ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.accompanying import accompany_again
from outreach.cases.commands.anchoring import write_anchor
from outreach.cases.commands.events import record, record_first
from outreach.cases.commands.owning import assignment_row, granted_owner
from outreach.cases.commands.stepping import Opening, open_step, step_row
from outreach.cases.models import Assignment, Case, CaseAnchor, Closure, Step, Track
from outreach.cases.models.plain import PlainCase, PlainStep, WrittenCase, WrittenStep
from outreach.cases.queries.circumstances import window_anchors
from outreach.cases.queries.inside import INSIDE
from outreach.cases.references import new_reference
from outreach.cases.workflow import Anchor, Circumstances, Owner, Process, StepDates, derive, processes
from outreach.children.grants import Granted, Scope, grant
from outreach.children.models import Child
from outreach.database.many import in_chunks, insert_rows, insert_with_ids
from outreach.errors import Refused
from outreach.partners.calendars import calendar_for

ENROLMENT = "enrolment"

DatesOf = dict[tuple[date, int, int], StepDates]
"""The dates of a first step by birth date, area and lead."""


class NewcomersChild(Protocol):
    """What is asked of the child a case is opened for."""

    @property
    def id(self) -> int: ...

    @property
    def born_on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class NewCase:
    """A child a case is to be opened for, in which area, led by whom; `secrecy` hides it from the first minute."""

    child: NewcomersChild
    area_id: int
    lead_id: int
    outside: bool = False
    secrecy: str | None = None
    given: Mapping[Anchor, date] = field(default_factory=dict)
    """Days its dates hang on that are known at once."""


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
    process_key: str = ENROLMENT,
) -> list[PlainCase]:
    """The same without an object for each case, for the thousands a list brings.

    `dates_of` remembers the dates of the first steps from one portion of a list to the next.
    """
    cases = _new_cases(session, wanted, origin)
    process = processes().current(process_key)
    _give_anchors(session, wanted, cases, by)
    tracks = insert_with_ids(session, Track, [_track_row(case, process) for case in cases])
    steps = _first_steps(session, process, wanted, cases, tracks, {} if dates_of is None else dates_of)
    opened = list(zip(cases, steps, strict=True))
    insert_rows(session, Assignment, [assignment_row(case, step, reason="lead", by=by) for case, step in opened])
    grant(session, [each for case, step in opened for each in (granted_lead(case), granted_owner(case, step))])
    record_first(session, opened, "case_opened", by=by, data=_opened_data)
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
    track = Track(**_track_row(case, process))
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
    peace = session.scalar(
        select(Closure.leave_in_peace_until).where(Closure.case_id == case.id).order_by(Closure.id.desc()).limit(1),
        execution_options=INSIDE,
    )
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
    track = Track(**_track_row(case, process))
    session.add(track)
    session.flush()
    rule = processes().step(process.key, process.version, process.first)
    step = open_step(session, case, track, Opening(rule, Owner(case.lead_id, "lead")), by=by)
    grant(session, [granted_lead(case)])
    accompany_again(session, case)
    record(session, case, "case_reopened", by=by, step=step, data=_opened_data(case, step))
    return step


def granted_lead(case: WrittenCase) -> Granted:
    """The grant of who leads a case, from its opening to 60 days after its end."""
    return Granted(
        child_id=case.child_id,
        case_id=case.id,
        organisation_id=case.lead_id,
        scope=Scope.FULL,
        reason="lead",
        subject=lead_subject(case),
    )


def lead_subject(case: WrittenCase) -> str:
    """How the lead's grant names its case."""
    return f"case:{case.id}"


def _new_cases(session: Session, wanted: Sequence[NewCase], origin: str) -> list[PlainCase]:
    now, today = clock.now(), clock.today()
    references = _free_references(session, len(wanted))
    rows = [
        {
            "reference": reference,
            "child_id": one.child.id,
            "area_id": one.area_id,
            "lead_id": one.lead_id,
            "companion_id": None,
            "origin": origin,
            "outside": one.outside,
            "secrecy": one.secrecy,
            "opened_on": today,
            "opened_at": now,
            "ended_at": None,
            "version": 1,
        }
        for one, reference in zip(wanted, references, strict=True)
    ]
    ids = insert_with_ids(session, Case, rows)
    return [
        PlainCase(case_id, reference, one.child.id, one.area_id, one.lead_id, origin, one.outside)
        for case_id, reference, one in zip(ids, references, wanted, strict=True)
    ]


def _free_references(session: Session, count: int) -> list[str]:
    """So many references no case has yet."""
    found: set[str] = set()
    while len(found) < count:
        fresh = [new_reference() for _ in range(min(count - len(found), 500))]
        taken = session.scalars(select(Case.reference).where(Case.reference.in_(fresh)), execution_options=INSIDE)
        found |= set(fresh) - set(taken)
    return sorted(found)[:count]


def _track_row(case: WrittenCase, process: Process) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "process": process.key,
        "process_version": process.version,
        "opened_on": clock.today(),
        "opened_at": clock.now(),
        "ended_at": None,
    }


def _give_anchors(session: Session, wanted: Sequence[NewCase], cases: Sequence[PlainCase], by: Actor) -> None:
    same = {"at": clock.now(), "by_id": by.person_id, "replaced_at": None}
    rows = [
        {"case_id": case.id, "key": anchor.value, "on": on, **same}
        for one, case in zip(wanted, cases, strict=True)
        for anchor, on in one.given.items()
    ]
    if rows:
        insert_rows(session, CaseAnchor, rows)


def _first_steps(
    session: Session,
    process: Process,
    wanted: Sequence[NewCase],
    cases: Sequence[PlainCase],
    tracks: Sequence[int],
    dates_of: DatesOf,
) -> list[PlainStep]:
    """The first step of each case; children born the same day, of one area and lead, have the same dates, unless days
    were given."""
    rule = processes().step(process.key, process.version, process.first)
    years = {(one.area_id, one.child.born_on.year) for one in wanted}
    windows = {of_year: window_anchors(session, *of_year) for of_year in years}
    today = clock.today()
    rows = []
    for one, case, track_id in zip(wanted, cases, tracks, strict=True):
        cohort = (one.child.born_on, case.area_id, case.lead_id)
        dates = None if one.given else dates_of.get(cohort)
        if dates is None:
            given = {**windows[case.area_id, one.child.born_on.year], **one.given}
            dates = derive(rule, _circumstances(session, *cohort, given))
            if not one.given:
                dates_of[cohort] = dates
        opening = Opening(rule, Owner(case.lead_id, "lead"))
        row = step_row(case, track_id, opening, dates, number=1, starts_on=today)
        rows.append(row | {"version": 1})
    ids = insert_with_ids(session, Step, rows)
    return [
        PlainStep(step_id, row["key"], row["organisation_id"], None, row["scope"], row["aim_on"], row["too_late_on"])
        for step_id, row in zip(ids, rows, strict=True)
    ]


def _circumstances(
    session: Session, born_on: date, area_id: int, lead_id: int, window: Mapping[Anchor, date]
) -> Circumstances:
    today = clock.today()
    return Circumstances(
        born_on=born_on,
        case_opened_on=today,
        opened_on=today,
        calendar=calendar_for(session, area_id, lead_id),
        given=window,
    )


def _opened_data(case: WrittenCase, step: WrittenStep) -> dict[str, object]:
    return {
        "origin": case.origin,
        "area": case.area_id,
        "lead": case.lead_id,
        "outside": case.outside,
        "step": step.key,
        "aim_on": step.aim_on,
        "too_late_on": step.too_late_on,
    }
