"""The calendar or the closing days changed: what would move is shown first, then done, and said in each case."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.events import record_many
from outreach.cases.commands.owning import subject_of
from outreach.cases.commands.stepping import dates_of, put_dates
from outreach.cases.models import Case, Step, Track
from outreach.cases.models.step import IS_LIVING
from outreach.cases.queries.given_days import Days, chosen_days, days_of_reports, window_days
from outreach.cases.workflow import Circumstances, StepDates, again, processes
from outreach.children.models import Child
from outreach.database import seen_by
from outreach.errors import Refused
from outreach.notifications.commands import withdraw_lines
from outreach.partners.calendars import calendar_for

Living = Select[Step, Case, Track, Child]
"""Living steps, each with its case, track and child."""

_READ = seen_by("calendar change: the dates of open steps derived again")


@dataclass(frozen=True)
class Moved:
    """A living step, of a track of this process, whose dates are no longer what they were."""

    case: Case
    step: Step
    process: str
    before: StepDates
    after: StepDates


def preview_rederivation(
    session: Session, *, area_id: int | None = None, organisation_id: int | None = None
) -> list[Moved]:
    """Which living steps of an area or organisation would get other dates, by case; nothing changes.

    Raises Refused when neither is named.
    """
    return _moved(session, area_id, organisation_id, for_change=False)


def apply_rederivation(
    session: Session,
    *,
    area_id: int | None = None,
    organisation_id: int | None = None,
    because: str | None = None,
    by: Actor,
) -> list[Moved]:
    """Give these steps their new dates: an event in each case, and no letter about the old ones goes out any more.

    `because` is a key of what changed (closing, window, municipality), told in the case.
    """
    return _put(session, _moved(session, area_id, organisation_id, for_change=True), because, by)


def rederive_case(session: Session, case: Case, *, because: str, by: Actor) -> list[Moved]:
    """What the dates of one case hang on was put right: its living steps get their new dates."""
    return _put(session, _moved_among(session, _living(None, None).where(Case.id == case.id)), because, by)


def _put(session: Session, moved: list[Moved], because: str | None, by: Actor) -> list[Moved]:
    for each in moved:
        put_dates(each.step, each.after)
    said = {each.step.id: {**_both(each), "because": because} for each in moved}
    steps = [(each.case, each.step) for each in moved]
    record_many(session, steps, "dates_rederived", by=by, data=lambda _case, step: said[step.id])
    withdraw_lines(session, about=[subject_of(each.step) for each in moved])
    return moved


def _moved(session: Session, area_id: int | None, organisation_id: int | None, *, for_change: bool) -> list[Moved]:
    if area_id is None and organisation_id is None:
        raise Refused("rederive_needs_a_place")
    return _moved_among(session, _living(area_id, organisation_id), for_change=for_change)


def _moved_among(session: Session, living: Living, *, for_change: bool = True) -> list[Moved]:
    statement = living.order_by(Case.reference, Step.number)
    if for_change:
        statement = statement.with_for_update(of=Step)
    rows = session.execute(statement, execution_options=_READ).all()
    chosen = chosen_days(session, living.with_only_columns(Case.id), _READ)
    areas = {case.area_id for _, case, *_ in rows}
    windows = {area: window_days(session, area) for area in areas}
    reports = {area: days_of_reports(session, area) for area in areas}
    found = []
    for step, case, track, child in rows:
        given = {**windows[case.area_id].get(child.born_on.year, {}), **chosen.get(case.id, {})}
        before = dates_of(step)
        after = _again(session, step, case, track, child, given, reports[case.area_id])
        if (before.aim_on, before.too_late_on) != (after.aim_on, after.too_late_on):
            found.append(Moved(case, step, track.process, before, after))
    return found


def _again(
    session: Session, step: Step, case: Case, track: Track, child: Child, given: Days, reports: tuple[date, ...]
) -> StepDates:
    calendar = calendar_for(session, step.area_id, step.organisation_id)
    at = Circumstances(child.born_on, case.opened_on, step.opened_on, calendar, given, reports)
    rule = None
    if step.side_of_id is None:
        rule = processes().step(track.process, track.process_version, step.key)
    return again(dates_of(step), at, rule=rule, today=clock.today())


def _living(area_id: int | None, organisation_id: int | None) -> Living:
    statement = (
        select(Step, Case, Track, Child)
        .join(Case, Case.id == Step.case_id)
        .join(Track, Track.id == Step.track_id)
        .join(Child, Child.id == Case.child_id)
        .where(IS_LIVING)
    )
    if area_id is not None:
        statement = statement.where(Step.area_id == area_id)
    if organisation_id is not None:
        statement = statement.where(Step.organisation_id == organisation_id)
    return statement


def _both(each: Moved) -> dict[str, Any]:
    return {"before": _days(each.before), "after": _days(each.after)}


def _days(dates: StepDates) -> dict[str, date | None]:
    return {"aim_on": dates.aim_on, "too_late_on": dates.too_late_on}
