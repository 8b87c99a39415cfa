"""The band holds about as often as it says, whatever day a child started and whenever the report is made."""

from statistics import mean

import pytest

from tests.attendance.calibration import held, situations


@pytest.mark.parametrize("year", [2017, 2020, 2026])
def test_eight_in_ten(year: int) -> None:
    shares = [held(situation, 200, place) for place, situation in enumerate(situations(year))]
    print(f"{year}: band holds {mean(shares):.1%} on average, {min(shares):.1%} to {max(shares):.1%}")
    assert 0.76 <= mean(shares) <= 0.88
    assert min(shares) > 0.65
