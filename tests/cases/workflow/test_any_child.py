"""What holds for every child on every day: nothing is born late, aims come first, dates fall on days that count."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from outreach.cases.workflow import Anchor, Circumstances, StepDates, StepRule, derive, explain_dates, processes
from outreach.labels import LANGUAGES
from outreach.schoolyear import Closing, Counter, SchoolCalendar, months_after
from tests.cases.workflow.conftest import CALENDAR

STEPS = [(process.key, step) for process in processes() for step in process.steps]
IDS = [f"{key}/{step.key}" for key, step in STEPS]
BIRTHS = [
    date.fromisoformat(line)
    for line in (Path(__file__).parent / "data" / "birth_dates.txt").read_text(encoding="utf-8").split()
]
CLOSED = SchoolCalendar(
    closings=[Closing(date(2026, 12, 16), date(2026, 12, 18), "feest")],
    owner_closings=[Closing(date(2027, 1, 4), date(2027, 1, 15), "opleiding")],
)


@st.composite
def circumstances(draw: st.DrawFn) -> Circumstances:
    """A child of two and a half to six, opened on any day over ten years; perhaps with chosen and known days."""
    opened = draw(st.dates(date(2024, 1, 1), date(2034, 12, 31)))
    born = opened - timedelta(days=draw(st.integers(913, 2192)))
    near = st.integers(-40, 300).map(lambda days: opened + timedelta(days=days))
    known: dict[Anchor, date] = {}
    for anchor in (Anchor.REGISTRATION_CLOSES, Anchor.REFUSED_ON, Anchor.THRESHOLD_LAST_DAY, Anchor.NEXT_REPORT):
        if draw(st.booleans()):
            known[anchor] = draw(near)
    if draw(st.booleans()):
        known[Anchor.ENTRY_DAY] = CALENDAR.next_entry_on(born, draw(near))
    return Circumstances(born, opened, opened, draw(st.sampled_from([CALENDAR, CLOSED])), known)


def check(dates: StepDates, step: StepRule, at: Circumstances) -> None:
    """The promises of process.md about one step of one child."""
    assert dates.aim_on is not None
    assert dates.due_on == min(day for day in (dates.aim_on, dates.too_late_on) if day)
    assert at.calendar.counts(dates.aim_on, step.counter)
    if dates.too_late_on is not None:
        assert dates.aim_on <= dates.too_late_on
        assert dates.too_late_on >= at.opened_on
        counter = Counter(dates.why["too_late"]["counter"])
        assert at.calendar.counts(dates.too_late_on, counter)
        if not dates.tight:
            assert at.calendar.between(at.opened_on, dates.too_late_on, counter) >= 5
    if dates.tight:
        assert at.entry_chosen
        chosen = at.given[Anchor.ENTRY_DAY]
        assert dates.too_late_on is not None
        assert dates.too_late_on <= chosen if step.too_late.tight_until_anchor else dates.too_late_on < chosen


@pytest.mark.parametrize(("process", "step"), STEPS, ids=IDS)
@given(at=circumstances())
@settings(max_examples=60, deadline=None)
def test_no_step_is_born_late(process: str, step: StepRule, at: Circumstances) -> None:
    check(derive(step, at), step, at)


@pytest.mark.parametrize("imported", [date(2026, 12, 15), date(2027, 3, 1)])
def test_every_child_on_the_lists_has_sound_dates_at_every_step(imported: date) -> None:
    assert len(BIRTHS) > 100
    for born in BIRTHS:
        at = Circumstances(born, imported, imported, CALENDAR)
        for _, step in STEPS:
            check(derive(step, at), step, at)


@pytest.mark.parametrize(("process", "step"), STEPS, ids=IDS)
@given(at=circumstances())
@settings(max_examples=15, deadline=None)
def test_every_date_can_be_explained_in_every_language(process: str, step: StepRule, at: Circumstances) -> None:
    dates = derive(step, at)
    for language in LANGUAGES:
        told = explain_dates(dates.why, language)
        assert told.aim
        assert bool(told.too_late) >= (dates.too_late_on is not None)
        assert all(sentence.endswith(".") and "{" not in sentence for sentence in (*told.aim, *told.too_late))


@given(at=circumstances(), later=st.integers(1, 10))
@settings(max_examples=200, deadline=None)
def test_an_entry_day_nobody_chose_moves_smoothly(at: Circumstances, later: int) -> None:
    """A child whose case opens a few days later never gets an earlier too-late day at the border of an entry day."""
    step = next(step for key, step in STEPS if (key, step.key) == ("enrolment", "home_visit"))
    free = Circumstances(at.born_on, at.opened_on, at.opened_on, CALENDAR)
    next_day = at.opened_on + timedelta(days=later)
    if next_day >= months_after(at.born_on, 36) or free.compulsory:
        return
    first = derive(step, free)
    second = derive(step, Circumstances(at.born_on, next_day, next_day, CALENDAR))
    if first.why["too_late"]["anchor"] == second.why["too_late"]["anchor"] == Anchor.ENTRY_DAY:
        assert first.too_late_on is not None
        assert second.too_late_on is not None
        assert first.too_late_on <= second.too_late_on
