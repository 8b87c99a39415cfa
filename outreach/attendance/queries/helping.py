"""What helped: for each thing a school or its partners did for a kleuter, presence before it and since."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.attendance.models import PresenceRow, Pupil, PupilCare, SchoolReport
from outreach.attendance.picture import Total
from outreach.attendance.queries.school import latest_reports, percent
from outreach.attendance.queries.seeing import sees_pupil
from outreach.cases.models import Case, Step, Track
from outreach.cases.queries.of_children import ATTENDANCE
from outreach.cases.workflow import CLOSURE, processes
from outreach.children.grants import sight, visible
from outreach.children.merging import records_of_all
from outreach.database.many import in_chunks
from outreach.schoolyear import SchoolYear, school_year_of

NOTICEABLE = 5
"""By so many hundredths presence must differ to be called better or worse."""

_GOOD = ("positive", "neutral")


class Course(StrEnum):
    """How presence went after something was done, from good to what nobody knows yet."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    WAITING = "waiting"
    """No report of a later day yet."""


@dataclass(frozen=True, order=True)
class Deed:
    """What was done: a step of a process and what came of it; neither for a kleuter followed without a case."""

    process: str = ""
    version: int = 0
    step: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Helped:
    """A kleuter for whom something was done on a day: its presence before and since, per hundred half days."""

    deed: Deed
    pupil: Pupil
    on: date
    course: Course
    before: int | None
    since: int | None


@dataclass(frozen=True)
class Whose:
    """Of which kleuters and in which cases it is looked up, and by whom (execution options)."""

    pupils: ColumnElement[bool]
    cases: ColumnElement[bool]
    options: dict[str, Any]


def helped(session: Session, actor: Actor) -> list[Helped]:
    """Everything done in this school year for kleuters of the actor's school whom it may see; as far as a report of an
    earlier day tells how it was before."""
    if actor.organisation_id is None:
        return []
    newest = latest_reports(session, actor, actor.organisation_id)
    if not newest:
        return []
    whose = Whose(sees_pupil(actor), visible(actor, Case.id), sight(actor))
    return helped_of(session, whose, school_year_of(newest[0].as_of))


def helped_of(session: Session, whose: Whose, year: SchoolYear) -> list[Helped]:
    """The same of these kleuters in a school year."""
    had = or_(Pupil.child_id.is_not(None), exists().where(PupilCare.pupil_id == Pupil.id, PupilCare.followed))
    statement = select(Pupil).where(whose.pupils, had).order_by(Pupil.id)
    pupils = {each.id: each for each in session.scalars(statement, execution_options=whose.options)}
    done = [*_steps(session, whose, pupils.values(), year), *_followed(session, whose, year)]
    totals = _totals(session, whose, {pupil_id for pupil_id, _, _ in done}, year)
    found = (_helped(deed, pupils[pupil_id], on, totals.get(pupil_id, ())) for pupil_id, deed, on in done)
    return [each for each in found if each is not None]


def course_of(totals: Sequence[Total], on: date) -> tuple[Course, int | None, int | None] | None:
    """How presence went after a day: up to the last report before it, and from there to the newest one.

    None when no report tells how it was before.
    """
    before = [each for each in totals if each.as_of <= on and each.possible]
    if not before:
        return None
    start, end = before[-1], totals[-1]
    was = percent(start.present, start.possible)
    if end.as_of <= on or end.possible <= start.possible or end.present < start.present:
        return Course.WAITING, was, None
    now = percent(end.present - start.present, end.possible - start.possible)
    course = Course.BETTER if now - was >= NOTICEABLE else Course.WORSE if was - now >= NOTICEABLE else Course.SAME
    return course, was, now


def _helped(deed: Deed, pupil: Pupil, on: date, totals: Sequence[Total]) -> Helped | None:
    found = course_of(totals, on)
    return Helped(deed, pupil, on, *found) if found else None


def _steps(
    session: Session, whose: Whose, pupils: Collection[Pupil], year: SchoolYear
) -> Iterator[tuple[int, Deed, date]]:
    """The last time each thing was done in a case."""
    known = {each.id: each.child_id for each in pupils if each.child_id is not None}
    became = records_of_all(session, known.values())
    of_child = {became[child_id]: pupil_id for pupil_id, child_id in known.items()}
    last: dict[tuple[int, Deed], date] = {}
    for part in in_chunks(became):
        statement = (
            select(Case.child_id, Track.process, Track.process_version, Step.key, Step.outcome, Step.ended_at)
            .join(Track, Track.case_id == Case.id)
            .join(Step, Step.track_id == Track.id)
            .where(Case.child_id.in_(part), whose.cases, Track.process == ATTENDANCE)
            .where(Step.outcome.is_not(None), Step.side_of_id.is_(None))
            .where(Step.ended_at >= clock.moment_of(year.first_on, hour=0))
            .order_by(Step.ended_at)
        )
        rows = session.execute(statement, execution_options=whose.options)
        for child_id, process, version, step, outcome, at in rows:
            deed = Deed(process, version, step, str(outcome))
            if at is not None and _counts(deed):
                last[of_child[became[child_id]], deed] = clock.local(at).date()
    for (pupil_id, deed), on in last.items():
        yield pupil_id, deed, on


def _counts(deed: Deed) -> bool:
    """Whether somebody was reached or took it up: not what only sends a case on, decides who goes, puts it right, or
    looks back at what was done before."""
    if deed.step in processes().common.looks_back:
        return False
    rule = processes().step(deed.process, deed.version, deed.step)
    found = rule.find_outcome(deed.outcome)
    if found is None or not found.reached or rule.assigns:
        return False
    if found.to == CLOSURE:
        return all(processes().closure(key).result in _GOOD for key in found.closures)
    return deed.step != processes().process(deed.process, deed.version).first


def _followed(session: Session, whose: Whose, year: SchoolYear) -> Iterator[tuple[int, Deed, date]]:
    """Kleuters the school follows without a case, since when in this school year."""
    statement = (
        select(PupilCare.pupil_id, func.min(PupilCare.at))
        .join(Pupil, Pupil.id == PupilCare.pupil_id)
        .where(PupilCare.followed, PupilCare.at >= clock.moment_of(year.first_on, hour=0), whose.pupils)
        .group_by(PupilCare.pupil_id)
    )
    for pupil_id, at in session.execute(statement, execution_options=whose.options):
        on = clock.local(at).date()
        if school_year_of(on) == year:
            yield pupil_id, Deed(), on


def _totals(
    session: Session, whose: Whose, pupil_ids: Collection[int], year: SchoolYear
) -> Mapping[int, Sequence[Total]]:
    found: dict[int, list[Total]] = {}
    for part in in_chunks(pupil_ids):
        statement = (
            select(PresenceRow.pupil_id, SchoolReport.as_of, PresenceRow.present, PresenceRow.possible)
            .join(SchoolReport, SchoolReport.id == PresenceRow.report_id)
            .join(Pupil, Pupil.id == PresenceRow.pupil_id)
            .where(PresenceRow.pupil_id.in_(part), whose.pupils, SchoolReport.replaced_at.is_(None))
            .where(SchoolReport.as_of >= year.first_on)
            .order_by(SchoolReport.as_of)
        )
        for pupil_id, as_of, present, possible in session.execute(statement, execution_options=whose.options):
            found.setdefault(pupil_id, []).append(Total(as_of, present, possible))
    return found
