"""What every test of the process needs: the real processes, an ordinary calendar, a child on a day."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from outreach.cases.workflow import Anchor, Circumstances, StepRule, processes
from outreach.schoolyear import SchoolCalendar

CALENDAR = SchoolCalendar()

Child = Callable[..., Circumstances]
Step = Callable[[str], StepRule]


@pytest.fixture(scope="session")
def calendar() -> SchoolCalendar:
    """No closing days of an area, a school or an owner."""
    return CALENDAR


@pytest.fixture(scope="session")
def step() -> Step:
    """A step by its address: "enrolment/home_visit"."""

    def find(address: str) -> StepRule:
        key, _, name = address.partition("/")
        return processes().step(key, processes().current(key).version, name)

    return find


@pytest.fixture(scope="session")
def child() -> Child:
    """A child born on a day, whose step opens on another; chosen and known days by anchor."""

    def born(on: str, opened: str, given: Mapping[Anchor, str] | None = None) -> Circumstances:
        known = {anchor: date.fromisoformat(day) for anchor, day in (given or {}).items()}
        opened_on = date.fromisoformat(opened)
        return Circumstances(date.fromisoformat(on), opened_on, opened_on, CALENDAR, known)

    return born
