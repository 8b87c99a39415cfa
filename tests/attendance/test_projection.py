"""What a child's half days so far say about 30 June."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from outreach.attendance.projection import MARKED, Outlook, Presence, Projection, Standing, left_after, project
from outreach.schoolyear import Basis, Closing, Purpose, SchoolCalendar, school_year_of, thresholds_for

CALENDAR = SchoolCalendar()
EASTER_2018, CHRISTMAS_2026, EASTER_2027 = date(2018, 3, 30), date(2026, 12, 18), date(2027, 3, 26)
ENTRY_DAYS_2026 = (
    date(2026, 9, 1),
    date(2026, 11, 9),
    date(2027, 1, 4),
    date(2027, 2, 1),
    date(2027, 2, 15),
    date(2027, 4, 12),
    date(2027, 5, 10),
)


def look(born: int, as_of: date, present: int, possible: int, accepted: int | None = None) -> Projection:
    return project(Presence(born, as_of, present, possible, accepted), CALENDAR)


def first(projection: Projection) -> Outlook:
    assert projection.marking is not None
    return projection.marking


def test_what_is_left_is_gross_less_only_the_days_a_school_registered() -> None:
    assert left_after(EASTER_2018, CALENDAR).half_days == 91
    own = SchoolCalendar(closings=[Closing(date(2018, 5, 14), date(2018, 5, 14), "facultatieve vakantiedag")])
    assert left_after(EASTER_2018, own).half_days == 89


def test_a_child_of_the_published_table() -> None:
    """Born in 2013, in the second class: 141 of 236 half days. At this rhythm 195 by 30 June, and 185 is asked."""
    found = first(look(2013, EASTER_2018, 141, 236))
    assert found.threshold.half_days == 185
    assert round(found.expected) == 195
    assert found.standing is Standing.ON_TRACK
    assert found.needed == 44
    assert found.low < 185 < found.high
    assert found.uncertain


def test_just_below_is_marked_and_just_reached_is_not() -> None:
    """With 108 of 236 the rhythm ends at 149.6: below 150. With 109 at 151."""
    assert first(look(2014, EASTER_2018, 108, 236)).standing is Standing.AT_RISK
    assert first(look(2014, EASTER_2018, 109, 236)).standing is Standing.ON_TRACK


def test_no_longer_attainable_is_marked_and_says_so() -> None:
    """20 of 236 half days: even coming every day from now on, 111 is not 150."""
    found = look(2014, EASTER_2018, 20, 236)
    assert (found.standing, found.marked) == (Standing.NO_LONGER, True)
    assert first(found).attainable_until is None


@pytest.mark.parametrize("entry_on", ENTRY_DAYS_2026)
def test_who_starts_late_is_never_reproached(entry_on: date) -> None:
    """At two 100 half days are asked: from the Easter entry day on they cannot be had. Nobody is marked for that."""
    as_of = entry_on + timedelta(days=13)
    possible = CALENDAR.half_days_between(entry_on, as_of)
    every_day = look(2024, as_of, possible, possible)
    expected = Standing.NEVER if entry_on >= date(2027, 4, 12) else Standing.ON_TRACK
    assert (every_day.standing, every_day.marked) == (expected, False)
    assert look(2024, as_of, 0, possible).marked is (expected is not Standing.NEVER)


def test_before_anything_was_possible_nothing_is_said() -> None:
    assert look(2023, date(2026, 9, 1), 0, 0).standing is Standing.TOO_SOON


def test_at_five_each_purpose_stands_apart() -> None:
    """200 half days there and 30 accepted of 231: enough for the allowance, not for admission."""
    found = look(2021, EASTER_2027, 200, 231, accepted=30)
    by_purpose = {each.threshold.purpose: each for each in found.outlooks}
    assert by_purpose[Purpose.ALLOWANCE].counted == 230
    assert by_purpose[Purpose.ALLOWANCE].standing is Standing.ON_TRACK
    assert by_purpose[Purpose.ADMISSION].standing is Standing.AT_RISK
    assert first(found).threshold.purpose is Purpose.ADMISSION
    assert all(each.basis_known for each in found.outlooks)


def test_where_nobody_tells_accepted_absences_the_basis_is_unknown() -> None:
    found = look(2021, EASTER_2027, 200, 231)
    unknown = {each.threshold.purpose for each in found.outlooks if not each.basis_known}
    assert unknown == {Purpose.ALLOWANCE, Purpose.COMPULSORY}
    assert all(each.threshold.basis is Basis.WITH_ACCEPTED for each in found.outlooks if not each.basis_known)


def test_in_the_spring_of_2020_every_kleuter_counted_as_present() -> None:
    """With 100 of 150 half days by 13 March 2020, all later half days count: the threshold of 150 is reached."""
    found = first(look(2016, date(2020, 3, 13), 100, 180))
    assert found.standing is Standing.REACHED
    assert left_after(date(2020, 3, 13), CALENDAR).half_days == 0


halves = st.integers(0, 231).flatmap(lambda possible: st.tuples(st.integers(0, possible), st.just(possible)))


@given(born=st.integers(2021, 2024), seen=halves, as_of=st.dates(date(2026, 9, 1), date(2027, 6, 30)))
def test_whatever_was_seen_the_numbers_agree(born: int, seen: tuple[int, int], as_of: date) -> None:
    present, possible = seen
    left = left_after(as_of, CALENDAR)
    for one in look(born, as_of, present, possible).outlooks:
        asked = one.threshold.half_days
        assert present <= one.low <= one.high <= present + left.half_days
        assert one.low <= round(one.expected) <= one.high
        assert one.needed == max(0, asked - present)
        assert (one.standing is Standing.REACHED) == (one.needed == 0)
        assert (one.attainable_until is None) == (one.needed > left.half_days)
        if one.standing is Standing.NEVER:
            assert possible + left.half_days < asked
        elif one.standing in MARKED:
            assert one.expected < asked
        elif one.standing is Standing.ON_TRACK:
            assert one.expected >= asked - 1e-9


@given(born=st.integers(2021, 2024), seen=halves, as_of=st.dates(date(2026, 9, 1), date(2027, 6, 25)))
def test_the_last_day_is_the_last(born: int, seen: tuple[int, int], as_of: date) -> None:
    """Coming every half day from that day on reaches the threshold; from the next school day on it does not."""
    present, possible = seen
    last = CALENDAR.last_school_day(2026)
    for one in look(born, as_of, present, possible).outlooks:
        day = one.attainable_until
        if day is None or not one.needed:
            continue
        assert as_of < day
        assert present + CALENDAR.half_days_between(day, last) >= one.threshold.half_days
        later = CALENDAR.first_school_day_after(day)
        assert present + CALENDAR.half_days_between(later, last) < one.threshold.half_days


@given(born=st.integers(2021, 2024), seen=halves, more=st.integers(0, 40))
def test_who_was_there_more_stands_no_worse(born: int, seen: tuple[int, int], more: int) -> None:
    present, possible = seen
    order = [Standing.REACHED, Standing.ON_TRACK, Standing.AT_RISK, Standing.NO_LONGER]
    fewer, many = (look(born, CHRISTMAS_2026, n, possible) for n in (present, min(possible, present + more)))
    if fewer.standing in order and many.standing in order:
        assert order.index(many.standing) <= order.index(fewer.standing)


@pytest.mark.parametrize(("expected", "said"), [(180.5, 181), (181.5, 182), (181.49, 181), (0.0, 0)])
def test_a_half_is_said_upwards(expected: float, said: int) -> None:
    threshold = thresholds_for(4, school_year_of(EASTER_2027))[0]
    assert Outlook(threshold, Standing.AT_RISK, 0, expected, 0, 0, 0, None).about == said
