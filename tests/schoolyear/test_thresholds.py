"""How many half days are asked: the highest number among the purposes of a year, and what counts for it."""

import pytest

from outreach.schoolyear import Basis, Purpose, SchoolYear, marking, thresholds_for

MARKS = {
    2017: (100, 150, 185, 250),
    2018: (100, 150, 185, 250),
    2019: (100, 150, 185, 250),
    2020: (100, 150, 185, 290),
    2021: (100, 150, 185, 290),
    2026: (100, 150, 185, 290),
}
"""Half days at the ages 2, 3, 4 and 5 in the school year that starts in this year (domain.md 2)."""


@pytest.mark.parametrize("year", MARKS)
def test_the_highest_number_marks(year: int) -> None:
    found = [marking(thresholds_for(age, SchoolYear(year))) for age in (2, 3, 4, 5)]
    assert tuple(each.half_days for each in found if each) == MARKS[year]


def test_of_equal_numbers_actual_presence_marks() -> None:
    """At five 290 is asked three times; admission to primary school counts only half days the child was there."""
    thresholds = thresholds_for(5, SchoolYear(2026))
    assert {(each.purpose, each.half_days, each.basis) for each in thresholds} == {
        (Purpose.ALLOWANCE, 290, Basis.WITH_ACCEPTED),
        (Purpose.COMPULSORY, 290, Basis.WITH_ACCEPTED),
        (Purpose.ADMISSION, 290, Basis.ACTUAL),
    }
    first = marking(thresholds)
    assert first is not None
    assert first.purpose is Purpose.ADMISSION


def test_in_the_year_of_transition_accepted_absences_still_counted() -> None:
    assert {each.basis for each in thresholds_for(5, SchoolYear(2020))} == {Basis.WITH_ACCEPTED}


def test_before_compulsory_education_at_five_there_is_no_such_threshold() -> None:
    assert Purpose.COMPULSORY not in {each.purpose for each in thresholds_for(5, SchoolYear(2019))}


@pytest.mark.parametrize("age", [1, 6, 7])
def test_at_other_ages_nothing_is_asked_in_half_days(age: int) -> None:
    assert thresholds_for(age, SchoolYear(2026)) == ()
    assert marking(()) is None
