"""When the next visit to a family is best: what was tried before, and the days that are left."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Attempt, Case, Step
from outreach.cases.workflow import STAY, Fact, NextVisit, Outcome, Sought, Stay, next_visit, part_of
from outreach.cases.workflow.next_visit import Frame
from outreach.children.grants import Scope, sight, visible
from outreach.children.models import Child
from outreach.partners.calendars import calendar_for
from outreach.schoolyear import Counter, SchoolCalendar

BY_HOUR = ("door", "phone", "elsewhere")
"""Ways of looking for a family that say something about the hour."""

TAKEN_OVER = "taken_over"
"""Marks an attempt of before Outreach in its details: the hour is not known, and perhaps not the way either."""

_LOOK_BACK = timedelta(days=200)
"""Who was never home in spring may be in autumn."""


def sought_before(session: Session, actor: Actor, case: Case, child: Child, without: str = "") -> list[Sought]:
    """The tries of the last half year to find this family, as far as this person may see them: once for a visit that
    was for several children; `without` leaves one visit out."""
    statement = (
        select(Attempt)
        .where(
            or_(Attempt.household_id == child.household_id, Attempt.case_id == case.id),
            Attempt.on >= clock.today() - _LOOK_BACK,
            Attempt.occasion != without,
            visible(actor, Attempt.case_id, Scope.FULL),
        )
        .order_by(Attempt.id)
    )
    rows = session.scalars(statement, execution_options=sight(actor)).all()
    met = {row.occasion for row in rows if row.reached}
    return [
        sought_at(row.channel, row.at, met=row.occasion in met, advice=row.advice)
        for row in {row.occasion: row for row in rows}.values()
        if row.channel in BY_HOUR and not row.details.get(TAKEN_OVER)
    ]


def sought_at(channel: str, at: datetime, *, met: bool, advice: str | None) -> Sought:
    """One try, by the Brussels clock."""
    local = clock.local(at)
    return Sought(local.date(), part_of(local.time()), met, advice, rang=channel == "phone")


def with_this_try(
    sought: Sequence[Sought], channel: str, at: datetime, *, met: bool, advice: str | None
) -> list[Sought]:
    """What was tried before, and this try: a letter says nothing about the hour, but the advice with it does."""
    if channel not in BY_HOUR and not advice:
        return list(sought)
    return [*sought, sought_at(channel, at, met=met, advice=advice)]


def proposes_visit(outcome: Outcome) -> bool:
    """Whether a next visit is proposed: the step goes on, with a number of days until the next try."""
    waits = outcome.stay is not None and (outcome.stay.by_channel or outcome.stay.aim)
    return outcome.to == STAY and bool(waits) and Fact.PLANNED_ON in outcome.may_ask


def proposed_visit(
    session: Session, step: Step, outcome: Outcome, sought: Sequence[Sought], *, channel: str, on: date
) -> NextVisit | None:
    """When to try again after this outcome, reported by this channel on this day; None where nothing is proposed.

    `sought` has the try that is reported now at its end.
    """
    calendar = calendar_for(session, step.area_id, step.organisation_id)
    earliest = _earliest(outcome.stay, channel, on, calendar) if proposes_visit(outcome) else None
    if earliest is None:
        return None
    today = clock.today()
    latest = step.too_late_on if step.too_late_on and step.too_late_on > today else None
    frame = Frame(today, max(earliest, today + timedelta(days=1)), latest, calendar, Counter(step.counter))
    return next_visit(sought, frame, None)


def _earliest(stay: Stay | None, channel: str, on: date, calendar: SchoolCalendar) -> date | None:
    if stay is None:
        return None
    if channel in stay.by_channel:
        return calendar.add(on, stay.by_channel[channel], Counter.WORKING_DAYS).day
    if stay.by_channel or stay.aim is None:
        return None
    return calendar.add(on, stay.aim.count, stay.aim.counter).day
