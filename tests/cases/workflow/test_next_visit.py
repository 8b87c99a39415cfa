"""When a family is tried again: never on a day off, never at the hour that failed most, and in time."""

from collections import Counter as Tally
from collections.abc import Sequence
from datetime import date, time, timedelta

import pytest
from hypothesis import given, strategies as st

from outreach.cases.workflow.next_visit import (
    AFTERNOON,
    EVENING,
    MORNING,
    NOON,
    PARTS,
    RING_FIRST,
    WEDNESDAY,
    WEEKEND,
    Frame,
    NextVisit,
    Sought,
    next_visit,
    part_of,
    standing_advice,
)
from outreach.schoolyear import Counter, SchoolCalendar

RULE = SchoolCalendar()
TUESDAY = date(2026, 11, 24)
ADVICE = (None, *PARTS, WEDNESDAY, WEEKEND, RING_FIRST)

SOUGHT = st.lists(
    st.builds(
        Sought,
        on=st.dates(date(2026, 9, 1), TUESDAY),
        part=st.sampled_from(PARTS),
        met=st.booleans(),
        advice=st.sampled_from(ADVICE),
        rang=st.booleans(),
    ),
    max_size=12,
)


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    today = draw(st.dates(date(2026, 9, 1), date(2028, 6, 30)))
    earliest = today + timedelta(days=draw(st.integers(1, 20)))
    latest = draw(st.none() | st.integers(-10, 60).map(lambda days: today + timedelta(days=days)))
    counter = draw(st.sampled_from((Counter.OUTREACH_DAYS, Counter.SCHOOL_DAYS, Counter.WORKING_DAYS)))
    return Frame(today, earliest, latest, RULE, counter)


def framed(earliest: date = date(2026, 12, 1), latest: date | None = None) -> Frame:
    """Seen from Tuesday 24 November 2026."""
    return Frame(TUESDAY, earliest, latest, RULE, Counter.OUTREACH_DAYS)


def missed(*parts: str) -> Sequence[Sought]:
    """Nobody in, on as many earlier Mondays."""
    return [Sought(TUESDAY - timedelta(days=1 + 7 * n), part) for n, part in enumerate(parts)]


def test_twice_nobody_in_the_morning_means_an_afternoon() -> None:
    proposed = next_visit(missed(MORNING, MORNING), framed(), None)
    assert proposed == NextVisit(date(2026, 12, 1), AFTERNOON, "missed", {"missed": {MORNING: 2}})


def test_a_morning_and_an_afternoon_mean_an_evening() -> None:
    assert next_visit(missed(MORNING, AFTERNOON), framed(), None).part == EVENING


def test_once_every_hour_was_tried_it_is_wednesday_afternoon_when_schools_are_out() -> None:
    proposed = next_visit(missed(MORNING, AFTERNOON, EVENING), framed(), None)
    assert (proposed.on, proposed.part, proposed.why) == (date(2026, 12, 2), AFTERNOON, "wednesday")


def test_what_somebody_advised_goes_first() -> None:
    proposed = next_visit(missed(EVENING), framed(), EVENING)
    assert (proposed.part, proposed.why) == (EVENING, "advice")


def test_advice_of_before_stands_until_somebody_went_by_it() -> None:
    advised = Sought(TUESDAY - timedelta(days=8), MORNING, advice=EVENING)
    assert next_visit([advised, Sought(TUESDAY, MORNING)], framed(), None).part == EVENING
    assert next_visit([advised, Sought(TUESDAY, EVENING)], framed(), None).part == AFTERNOON


def test_at_the_weekend_is_a_saturday_only_when_advised() -> None:
    assert next_visit(missed(MORNING), framed(), WEEKEND).on == date(2026, 12, 5)


def test_the_hour_somebody_was_in_is_tried_again() -> None:
    met = Sought(TUESDAY, NOON, met=True)
    assert next_visit([*missed(MORNING), met], framed(), None).part == NOON
    assert next_visit([met, Sought(TUESDAY + timedelta(days=1), NOON)], framed(), None).part == AFTERNOON


def test_no_visit_in_the_christmas_holidays() -> None:
    assert next_visit(missed(MORNING), framed(date(2026, 12, 22)), None).on == date(2027, 1, 4)


def test_rather_a_day_earlier_than_one_that_is_too_late() -> None:
    assert next_visit(missed(MORNING), framed(latest=date(2026, 11, 29)), None).on == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("hour", "part"),
    [(time(9), MORNING), (time(12), NOON), (time(13, 59), NOON), (time(14), AFTERNOON), (time(17), EVENING)],
)
def test_an_hour_belongs_to_a_part_of_the_day(hour: time, part: str) -> None:
    assert part_of(hour) == part


@given(SOUGHT, frames(), st.sampled_from(ADVICE))
def test_a_proposal_lies_ahead_on_a_day_somebody_works(sought: list[Sought], frame: Frame, advice: str | None) -> None:
    proposed = next_visit(sought, frame, advice)
    assert proposed.on > frame.today
    saturday = WEEKEND in (advice, standing_advice(sought)) and proposed.on.weekday() == 5
    assert RULE.counts(proposed.on, frame.counter) or saturday
    if frame.latest and proposed.on > frame.latest:
        assert RULE.on_or_before(frame.latest, frame.counter) <= frame.today


@given(SOUGHT, frames())
def test_without_advice_no_hour_is_proposed_that_failed_more_than_another(sought: list[Sought], frame: Frame) -> None:
    proposed = next_visit(sought, frame, None)
    failed = Tally(each.part for each in sought if not each.met)
    assert proposed.why != "advice" or standing_advice(sought)
    if proposed.why == "missed":
        assert failed[proposed.part] == min(failed[part] for part in (MORNING, AFTERNOON, EVENING))
    if proposed.why == "wednesday":
        assert proposed.on.weekday() == 2
        assert all(failed[part] for part in (MORNING, AFTERNOON, EVENING))


@given(SOUGHT, frames(), st.sampled_from(ADVICE), st.randoms())
def test_the_order_in_which_tries_are_told_does_not_matter(
    sought: list[Sought], frame: Frame, advice: str | None, dice: object
) -> None:
    shuffled = sorted(sought, key=lambda _each: dice.random())  # type: ignore[attr-defined]
    assert next_visit(shuffled, frame, advice) == next_visit(sought, frame, advice)
