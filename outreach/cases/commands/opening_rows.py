"""The rows of cases that begin, by column: one case, or the quarter of a million of a list, in a statement for each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import plain
from outreach.cases.commands.owning import assignment_row, granted_owner, subject_of
from outreach.cases.commands.stepping import Opening, as_columns, step_row
from outreach.cases.models import Assignment, Case, CaseAnchor, Step, Track
from outreach.cases.models.plain import PlainCase, PlainStep, WrittenCase, WrittenStep
from outreach.cases.queries.circumstances import window_anchors
from outreach.cases.queries.given_days import days_of_reports
from outreach.cases.queries.inside import INSIDE
from outreach.cases.references import new_reference
from outreach.cases.workflow import Anchor, Circumstances, Owner, Process, StepDates, derive, processes
from outreach.children.grants import Granted, Scope, grant_alike
from outreach.database.among import MANY, among
from outreach.database.copying import Columns, Same
from outreach.database.many import alike, insert_columns, insert_columns_with_ids, insert_rows
from outreach.partners.calendars import calendar_for

DatesOf = dict[tuple[date, int, int], StepDates]
"""The dates of a first step by birth date, area and lead."""


_THE_FIRST = Same(1)


class NewcomersChild(Protocol):
    """What is asked of the child a case is opened for."""

    @property
    def id(self) -> int: ...

    @property
    def born_on(self) -> date: ...


class Born(NamedTuple):
    """What is asked of a child that is known already."""

    id: int
    born_on: date


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


def write_cases(session: Session, wanted: Sequence[NewCase], origin: str) -> list[PlainCase]:
    """The cases themselves, each with a reference nobody has."""
    references = _free_references(session, len(wanted))
    child_ids = [one.child.id for one in wanted]
    columns: Columns = {
        "reference": references,
        "child_id": child_ids,
        "area_id": [one.area_id for one in wanted],
        "lead_id": [one.lead_id for one in wanted],
        "companion_id": Same(None),
        "origin": Same(origin),
        "outside": [one.outside for one in wanted],
        "secrecy": [one.secrecy for one in wanted],
        "opened_on": Same(clock.today()),
        "opened_at": Same(clock.now()),
        "ended_at": Same(None),
        "version": Same(1),
    }
    ids = insert_columns_with_ids(session, Case, len(wanted), columns)
    return [
        PlainCase(case_id, reference, child_id, one.area_id, one.lead_id, origin, one.outside)
        for case_id, reference, child_id, one in zip(ids, references, child_ids, wanted, strict=True)
    ]


def write_anchors(session: Session, wanted: Sequence[NewCase], cases: Sequence[PlainCase], by: Actor) -> None:
    """The days that were given with them."""
    same = {"at": clock.now(), "by_id": by.person_id, "replaced_at": None}
    rows = [
        {"case_id": case.id, "key": anchor.value, "on": on, **same}
        for one, case in zip(wanted, cases, strict=True)
        for anchor, on in one.given.items()
    ]
    insert_rows(session, CaseAnchor, rows)


def write_tracks(session: Session, process: Process, cases: Sequence[PlainCase]) -> Sequence[int]:
    """A track of this process for each case."""
    columns = alike(track_row(cases[0], process), case_id=[case.id for case in cases])
    return insert_columns_with_ids(session, Track, len(cases), columns)


def write_first_steps(
    session: Session,
    process: Process,
    cases: Sequence[PlainCase],
    tracks: Sequence[int],
    dates: Sequence[StepDates],
    numbers: Sequence[int] | Same = _THE_FIRST,
) -> list[PlainStep]:
    """The first step of each case, with these dates; it is the lead's. In a case that begins again it is no longer
    number one."""
    opening = Opening(processes().step(process.key, process.version, process.first), Owner(cases[0].lead_id, "lead"))
    first = step_row(cases[0], tracks[0], opening, dates[0], number=1, starts_on=clock.today())
    leads = [case.lead_id for case in cases]
    columns = alike(
        {**first, "version": 1},
        case_id=[case.id for case in cases],
        track_id=tracks,
        number=numbers,
        organisation_id=leads,
        area_id=[case.area_id for case in cases],
        **{name: [getattr(each, name) for each in dates] for name in as_columns(dates[0])},
    )
    ids = insert_columns_with_ids(session, Step, len(cases), columns)
    return [
        PlainStep(step_id, first["key"], lead, None, first["scope"], each.aim_on, each.too_late_on)
        for step_id, lead, each in zip(ids, leads, dates, strict=True)
    ]


def last_numbers(session: Session, case_ids: Sequence[int]) -> dict[int, int]:
    """The number of the last step of each of these cases."""
    statement = select(Step.case_id, func.max(Step.number)).where(among(session, Step.case_id, case_ids))
    rows = session.execute(statement.group_by(Step.case_id), execution_options=INSIDE)
    return {row[0]: row[1] for row in rows}


def first_dates(
    session: Session, process: Process, wanted: Sequence[NewCase], cases: Sequence[PlainCase], dates_of: DatesOf
) -> list[StepDates]:
    """The dates of each first step; children born the same day, of one area and lead, have the same, unless days were
    given."""
    rule = processes().step(process.key, process.version, process.first)
    years = {(one.area_id, one.child.born_on.year) for one in wanted}
    windows = {of_year: window_anchors(session, *of_year) for of_year in years}
    reports = {area_id: days_of_reports(session, area_id) for area_id, _year in years}
    found = []
    for one, case in zip(wanted, cases, strict=True):
        cohort = (one.child.born_on, case.area_id, case.lead_id)
        dates = None if one.given else dates_of.get(cohort)
        if dates is None:
            given = {**windows[case.area_id, one.child.born_on.year], **one.given}
            dates = derive(rule, _circumstances(session, *cohort, given, reports[case.area_id]))
            if not one.given:
                dates_of[cohort] = dates
        found.append(dates)
    return found


def give_to_leads(session: Session, cases: Sequence[PlainCase], steps: Sequence[PlainStep], by: Actor) -> None:
    """Whose move it is, as rows: the assignment, and the grants of lead and owner."""
    count, first, step = len(cases), cases[0], steps[0]
    of_lead = {"case_id": [case.id for case in cases], "organisation_id": [case.lead_id for case in cases]}
    step_ids = [step.id for step in steps]
    assignment = assignment_row(first, step, reason="lead", by=by)
    insert_columns(session, Assignment, count, alike(assignment, step_id=step_ids, **of_lead))
    of_child = {**of_lead, "child_id": [case.child_id for case in cases]}
    grant_alike(session, granted_lead(first), count, subject=[lead_subject(case) for case in cases], **of_child)
    grant_alike(session, granted_owner(first, step), count, subject=[subject_of(each) for each in steps], **of_child)


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


def track_row(case: WrittenCase, process: Process) -> dict[str, Any]:
    """The row of a track that begins now."""
    return {
        "case_id": case.id,
        "process": process.key,
        "process_version": process.version,
        "opened_on": clock.today(),
        "opened_at": clock.now(),
        "ended_at": None,
    }


def opened_data(case: WrittenCase, step: WrittenStep) -> dict[str, Any]:
    """What the event of an opened case says."""
    told = {
        "origin": case.origin,
        "area": case.area_id,
        "lead": case.lead_id,
        "outside": case.outside,
        "step": step.key,
        "aim_on": step.aim_on,
        "too_late_on": step.too_late_on,
    }
    return plain(told)


def opened_data_once(told: Mapping[str, Any]) -> Callable[[WrittenCase, WrittenStep], dict[str, Any]]:
    """The same and what is `told`, as one object for all cases of which it says the same: it is written out once."""
    said: dict[tuple[object, ...], dict[str, Any]] = {}

    def data(case: WrittenCase, step: WrittenStep) -> dict[str, Any]:
        same = (case.area_id, case.lead_id, case.outside, step.aim_on, step.too_late_on)
        found = said.get(same)
        if found is None:
            found = said[same] = {**opened_data(case, step), **told}
        return found

    return data


def _free_references(session: Session, count: int) -> list[str]:
    """So many references no case has yet."""
    found: set[str] = set()
    while len(found) < count:
        fresh = [new_reference() for _ in range(min(count - len(found), MANY))]
        taken = session.scalars(
            select(Case.reference).where(among(session, Case.reference, fresh)), execution_options=INSIDE
        )
        found |= set(fresh) - set(taken)
    return sorted(found)[:count]


def _circumstances(
    session: Session,
    born_on: date,
    area_id: int,
    lead_id: int,
    window: Mapping[Anchor, date],
    reports: tuple[date, ...],
) -> Circumstances:
    today = clock.today()
    return Circumstances(
        born_on=born_on,
        case_opened_on=today,
        opened_on=today,
        calendar=calendar_for(session, area_id, lead_id),
        given=window,
        report_days=reports,
    )
