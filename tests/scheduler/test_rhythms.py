"""Which slot a moment belongs to: the same on every node, in every season, also in the two strange nights."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from outreach import clock
from outreach.scheduler.jobs import JOBS
from outreach.scheduler.rhythms import Daily, EveryMinutes

QUARTERS = EveryMinutes(15, 8, 17)
MORNING = Daily(5)

SPRING_NIGHT, AUTUMN_NIGHT = date(2027, 3, 28), date(2026, 10, 25)
"""The clock skips 2:00-3:00, and repeats it."""

moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def test_the_quarters_of_working_hours() -> None:
    def slot(hour: int, minute: int) -> datetime | None:
        return QUARTERS.slot_at(clock.moment_of(date(2027, 1, 5), hour, minute))

    assert slot(7, 59) is None
    assert slot(8, 0) == slot(8, 14) == clock.moment_of(date(2027, 1, 5), 8, 0)
    assert slot(16, 59) == clock.moment_of(date(2027, 1, 5), 16, 45)
    assert slot(17, 0) is None


@given(moments, st.integers(0, 14 * 60))
def test_nodes_whose_clocks_differ_within_the_quarter_mean_the_same_slot(moment: datetime, seconds: int) -> None:
    quarter = EveryMinutes(15)
    slot = quarter.slot_at(moment)
    assert slot is not None
    assert slot <= moment < slot + timedelta(minutes=15)
    assert quarter.slot_at(slot + timedelta(seconds=seconds)) == slot


@given(moments)
def test_a_daily_job_has_one_slot_a_day_and_is_never_more_than_a_day_behind(moment: datetime) -> None:
    slot = MORNING.slot_at(moment)
    assert slot <= moment < slot + timedelta(hours=25)
    assert clock.local(slot).hour == 5


@pytest.mark.parametrize("night", [SPRING_NIGHT, AUTUMN_NIGHT])
def test_in_a_night_the_clock_changes_every_slot_comes_once(night: date) -> None:
    begin = clock.moment_of(night, 0)
    minutes = [begin + timedelta(minutes=number) for number in range(10 * 60)]
    assert len({EveryMinutes(1).slot_at(moment) for moment in minutes}) == len(minutes)
    assert len({MORNING.slot_at(moment) for moment in minutes}) == 2
    quarters = {QUARTERS.slot_at(moment) for moment in minutes} - {None}
    assert {clock.local(slot).hour for slot in quarters if slot} <= {8, 9, 10}


@pytest.mark.parametrize("hour", [2, 3])
def test_no_daily_job_may_sit_in_an_hour_that_is_skipped_or_repeated(hour: int) -> None:
    with pytest.raises(ValueError, match="daylight"):
        Daily(hour)


def test_every_job_has_its_own_name() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
