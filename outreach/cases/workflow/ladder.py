"""The reminder ladder: which days have reached which rung today, so that a sweep compares columns and touches no step.

A rung counts in the step's own counter. The sweep asks for the cut-off days once per calendar and counter, fetches the
steps that lie behind them, and asks for the highest rung of each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from outreach.cases.workflow.model import Ladder
from outreach.schoolyear import Counter, SchoolCalendar

_SUMMER = (7, 8)
_SEPTEMBER = 9
_SCHOOLS_READY = 3
"""Schools hear nothing before this school day of September."""


class Rung(StrEnum):
    """Steps of the ladder, from low to high; the two of silence stand beside it."""

    BEFORE_AIM = "before_aim"
    LATE = "late"
    TEAM_LEAD = "team_lead"
    COORDINATOR = "coordinator"
    SILENCE = "silence"
    SILENCE_COORDINATOR = "silence_coordinator"


@dataclass(frozen=True)
class Cutoffs:
    """The latest day that has reached each rung on `today`: aims for the first four, then the too-late day, the day
    the owner was told (`told`), the day of the last known fact for silence (owner, coordinator), and the day on which
    a reason was said to be unknown."""

    today: date
    before_aim: date
    late: date
    team_lead: date
    coordinator: date
    too_late: date
    told: date
    silence: date
    silence_coordinator: date
    reason_open: date


def cutoffs(today: date, counter: Counter, calendar: SchoolCalendar, ladder: Ladder) -> Cutoffs:
    """The cut-off days of steps that count in `counter` on this calendar."""
    return Cutoffs(
        today=today,
        before_aim=calendar.add(today, ladder.before_aim, counter).day,
        late=_since(today, 1, counter, calendar),
        team_lead=_since(today, ladder.team_lead_after, counter, calendar),
        coordinator=_since(today, ladder.coordinator_after, counter, calendar),
        too_late=today,
        told=_since(today, ladder.never_sooner_after_told, Counter.WORKING_DAYS, calendar),
        silence=_since(today, ladder.silence, counter, calendar),
        silence_coordinator=_since(today, 2 * ladder.silence, counter, calendar),
        reason_open=_since(today, ladder.reason_open, counter, calendar),
    )


def highest_rung(
    cut: Cutoffs,
    *,
    aim_on: date,
    too_late_on: date | None,
    told_on: date,
    warned: bool,
) -> Rung | None:
    """The highest rung an open step has reached. `warned`: whether a word before the aim is in place (`forewarned`).

    Once too late has passed and a later day was agreed, only that day counts: the ladder starts again.
    """
    lost = too_late_on is not None and aim_on <= too_late_on <= cut.too_late
    if told_on <= cut.told and (lost or aim_on <= cut.coordinator):
        return Rung.COORDINATOR
    if aim_on <= cut.team_lead:
        return Rung.TEAM_LEAD
    if aim_on <= cut.late:
        return Rung.LATE
    if warned and cut.today <= aim_on <= cut.before_aim:
        return Rung.BEFORE_AIM
    return None


def forewarned(
    opened_on: date, aim_on: date, counter: Counter, calendar: SchoolCalendar, ladder: Ladder, *, own_aim: bool
) -> bool:
    """Whether a word goes out before the aim: not when it came soon after opening, nor before an aim the owner set."""
    return not own_aim and calendar.between(opened_on, aim_on, counter) >= ladder.only_if_aim_after


def heard_on(last_fact_on: date, *, planned_on: date | None, set_aim_on: date | None) -> date:
    """The day silence is counted from: the last known fact, or a later day that was agreed (`planned_on`) or that
    somebody set as the aim (`set_aim_on`); until then nobody can expect news."""
    return max(day for day in (last_fact_on, planned_on, set_aim_on) if day is not None)


def silent_rung(cut: Cutoffs, heard: date) -> Rung | None:
    """Whether too long nothing was heard of an open step (`heard_on`): its owner, then the coordinator."""
    if heard <= cut.silence_coordinator:
        return Rung.SILENCE_COORDINATOR
    return Rung.SILENCE if heard <= cut.silence else None


def going_round(ladder: Ladder, *, stays: int, pauses: int, openings: int) -> list[str]:
    """What makes a case go round, told to the coordinator once each: stays or pauses of a step, openings in a track."""
    reached = {
        "stays": stays >= ladder.round_stays,
        "pauses": pauses >= ladder.round_pauses,
        "openings": openings >= ladder.round_openings,
    }
    return [key for key, there in reached.items() if there]


def schools_asleep(today: date, calendar: SchoolCalendar) -> bool:
    """Whether schools hear nothing today: in July and August, and before the third school day of September."""
    return schools_wake_on(today, calendar) is not None


def schools_wake_on(today: date, calendar: SchoolCalendar) -> date | None:
    """The third school day of this September while schools sleep; None while they are awake."""
    if today.month not in (*_SUMMER, _SEPTEMBER):
        return None
    wakes_on = schools_awake(today.year, calendar)
    return wakes_on if today < wakes_on else None


def schools_awake(year: int, calendar: SchoolCalendar) -> date:
    """The first day on which schools may hear something again, after the summer of this year."""
    return calendar.nth_school_day(year, _SCHOOLS_READY)


def adjusted(ladder: Ladder, changes: Mapping[str, Any]) -> Ladder:
    """The ladder of an area that changed some of the numbers. Raises pydantic.ValidationError for an unknown one."""
    return Ladder.model_validate({**ladder.model_dump(), **changes})


def _since(today: date, n: int, counter: Counter, calendar: SchoolCalendar) -> date:
    """The latest day from which at least `n` days of the counter have gone by, today included when it counts."""
    return calendar.subtract(calendar.on_or_before(today, counter), n - 1, counter).day - timedelta(days=1)
