"""The band holds about as often as it says, whatever day a child started and whenever the report is made."""

from datetime import date
from statistics import mean

import pytest

from outreach.schoolyear import Basis
from tests.attendance.calibration import CALENDAR, YEARS, Situation, held, situations


def open_ended(year: int) -> list[Situation]:
    """Those in which anything is left to chance."""
    return [each for each in situations(year) if not each.certain]


@pytest.mark.parametrize("year", YEARS)
def test_eight_in_ten(year: int) -> None:
    shares = [held(situation, 200, place) for place, situation in enumerate(open_ended(year))]
    print(f"{year}: band holds {mean(shares):.1%} on average, {min(shares):.1%} to {max(shares):.1%}")
    assert 0.76 <= mean(shares) <= 0.88
    assert min(shares) > 0.65


def test_five_year_olds_are_among_them_under_each_basis() -> None:
    """Presence alone until 2019-2020, with accepted absences in 2020-2021, both in 2026-2027."""
    found = {year: {each.basis for each in situations(year) if year - each.born == 5} for year in YEARS}
    both = set(Basis)
    assert found == {2017: {Basis.ACTUAL}, 2019: {Basis.ACTUAL}, 2020: {Basis.WITH_ACCEPTED}, 2026: both}


def test_each_entry_day_is_among_them() -> None:
    """But for the last one, which leaves no three weeks before the report in May."""
    entered = {each.entry_on for each in situations(2026) if 2026 - each.born == 2}
    assert entered == set(CALENDAR.entry_days(2026)[:6])


def test_when_everybody_counts_as_present_nothing_is_left_to_chance() -> None:
    """From 16 March 2020 on: a report of the last day before it tells the very number of 30 June."""
    certain = [each for each in situations(2019) if each.certain]
    assert {each.as_of for each in certain} == {date(2020, 3, 13)}
    assert [held(each, 20, 0) for each in certain] == [1.0] * len(certain)
