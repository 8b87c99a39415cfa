"""Three children on the list of 15 December 2026, walked by hand through every step; no date below was computed.

The calendar they were walked with, school year 2026-2027:
school days after Tuesday 15 December: 16, 17, 18 December are 1-3; Christmas holiday 21 December - 3 January;
4-8 January 4-8; 11-15 January 9-13; 18-22 January 14-18; 25-29 January 19-23; 1-5 February 24-28; carnival holiday
8-14 February; 15-19 February 29-33; 22-26 February 34-38; 1-26 March 39-58; Easter holiday 29 March - 11 April;
12 April 59, 13 April 60. Outreach days are school days here (July and August are far).
Working days after 15 December: 16, 17, 18 are 1-3; 21-24 December 4-7; 25 December is a public holiday; 28-31 December
8-11; 1 January is a public holiday; 4 January 12, 7 January 15.
Entry days: 4 January, 1 February, 15 February, 12 April, 10 May 2027; after the summer 1 September and 8 November 2027.
"""

from datetime import date

import pytest

from outreach.cases.workflow import Anchor, derive
from tests.cases.workflow.conftest import Child, Step

OPENED = "2026-12-15"

SAME_FOR_ALL = {
    "enrolment/intake": ("2026-12-22", None),  # 5 working days: 16, 17, 18, 21, 22 December
    "enrolment/verification": ("2026-12-22", "2027-01-07"),  # 5 and 15 working days
    "enrolment/decision": ("2026-12-30", None),  # 10 working days, Christmas Day skipped
    "enrolment/special_needs": ("2027-01-26", "2027-04-13"),  # 20 and 60 school days
    "enrolment/mediation": ("2026-12-22", "2027-01-07"),  # 5 working days; nobody refused: 15 working days
    "attendance/signal": ("2027-01-05", "2027-01-12"),  # 5 school days; no threshold known: 10 school days
    "attendance/school_contact": ("2027-01-05", "2027-01-12"),
    "attendance/home_visit": ("2027-01-12", "2027-01-26"),  # 10 outreach days; no threshold known: 20 school days
    "attendance/school_choice": ("2027-01-19", None),  # 15 outreach days
    "attendance/warm_welcome": ("2027-01-05", "2027-01-12"),  # 5 and 10 school days
    "attendance/decision": ("2026-12-30", None),
    # 20 school days is 26 January, but the next report comes first: the tenth school day after Christmas, counted
    # 4-8 January, 11-15 January: Friday 15 January. The aim is never after too late.
    "attendance/follow_up": ("2027-01-15", "2027-01-15"),
}

THREE_OR_FOUR = {
    # 10 outreach days. Three or older and no day chosen: the entry day has no value, so 20 outreach days after opening.
    "enrolment/home_visit": ("2027-01-12", "2027-01-26"),
    # 15 outreach days. No window known, third birthday + 2 months long past, no entry day: 25 outreach days.
    "enrolment/school_choice": ("2027-01-19", "2027-02-02"),
    "enrolment/warm_welcome": ("2027-01-05", "2027-01-12"),  # no entry day: 5 and 10 school days after opening
    "enrolment/first_weeks": ("2027-01-26", "2027-06-30"),  # no entry day: 20 school days; the last school day
}

BORN_MARCH_2022 = {**SAME_FOR_ALL, **THREE_OR_FOUR}
"""Four years and nine months: of compulsory age from 1 September 2027. Third birthday + 2 months was 10 May 2025."""

BORN_JUNE_2023 = {**SAME_FOR_ALL, **THREE_OR_FOUR}
"""Three years and six months: any school day will do. Third birthday + 2 months was 10 August 2026."""

BORN_MAY_2024 = {
    **SAME_FOR_ALL,
    # Two years and nearly seven months, so the next entry day is 4 January. 20 outreach days before it is 23 November:
    # past. Before 1 February it is 4 January, only 4 outreach days away (16, 17, 18 December, 4 January): too near.
    # Before 15 February it is 11 January (1-5 February, 25-29, 18-22 and 11-15 January), 9 days away: that one.
    # The aim, 10 outreach days, would be 12 January: never after too late.
    "enrolment/home_visit": ("2027-01-11", "2027-01-11"),
    # Third birthday + 2 months: 20 July 2027. 10 outreach days before 4 January is 7 December: past; before 1 February
    # it is 18 January, 14 days away, and the earliest. The aim, 15 outreach days, would be 19 January.
    "enrolment/school_choice": ("2027-01-18", "2027-01-18"),
    # 4 January is 4 school days away and nobody chose it: the next entry day, 1 February. The aim, 5 school days before
    # 4 January, is past: 5 school days after opening.
    "enrolment/warm_welcome": ("2027-01-05", "2027-02-01"),
    # 20 school days after 4 January: 5-8, 11-15, 18-22, 25-29 January are 19, 1 February 20; 30 is Monday 22 February
    # (2-5 February 21-24, 15-19 February 25-29), before the last school day.
    "enrolment/first_weeks": ("2027-02-01", "2027-02-22"),
}

WALKS = [("2022-03-10", BORN_MARCH_2022), ("2024-05-20", BORN_MAY_2024), ("2023-06-10", BORN_JUNE_2023)]
ROWS = [(born, address, dates) for born, walk in WALKS for address, dates in walk.items()]


@pytest.mark.parametrize(("born", "address", "dates"), ROWS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_step_of_a_child_on_the_december_list(
    born: str, address: str, dates: tuple[str, str | None], child: Child, step: Step
) -> None:
    aim, too_late = dates
    derived = derive(step(address), child(born, OPENED))
    assert derived.aim_on == date.fromisoformat(aim)
    assert derived.too_late_on == (date.fromisoformat(too_late) if too_late else None)
    assert not derived.tight


@pytest.mark.parametrize("born", [born for born, _ in WALKS])
def test_a_restart_begins_on_the_third_school_day_of_september(born: str, child: Child, step: Step) -> None:
    """Wednesday 1, Thursday 2, Friday 3 September 2027. 15 school days after 1 September: 2 and 3 are 1-2, 6-10 are
    3-7, 13-17 are 8-12, 20-22 are 13-15. Too late: the first school day after the autumn holiday of 1-7 November."""
    derived = derive(step("attendance/restart"), child(born, "2027-09-03"))
    assert (derived.aim_on, derived.too_late_on) == (date(2027, 9, 22), date(2027, 11, 8))


def test_the_four_year_old_whose_family_names_september(child: Child, step: Step) -> None:
    """Said on 1 February 2027; both dates again. Aim 10 outreach days: 2-5 February, 15-19 February, 22 February. Too
    late 20 outreach days before 1 September, in August working days: 31-23 August 1-7, 20-16 August 8-12, 13-9 August
    13-17 (15 August is a Sunday), 6, 5, 4 August."""
    september = child("2022-03-10", "2027-02-01", {Anchor.ENTRY_DAY: "2027-09-01"})
    derived = derive(step("enrolment/home_visit"), september)
    assert (derived.aim_on, derived.too_late_on, derived.tight) == (date(2027, 2, 22), date(2027, 8, 4), False)


def test_the_four_year_old_whose_chosen_day_is_near(child: Child, step: Step) -> None:
    """11 January was chosen; 20 outreach days before it is past. Tight: the fifth outreach day after 15 December (16,
    17, 18 December, 4, 5 January), sooner than the last day before (8 January). The aim of 12 January comes with it."""
    near = child("2022-03-10", OPENED, {Anchor.ENTRY_DAY: "2027-01-11"})
    derived = derive(step("enrolment/home_visit"), near)
    assert (derived.aim_on, derived.too_late_on, derived.tight) == (date(2027, 1, 5), date(2027, 1, 5), True)


def test_the_toddler_who_starts_after_christmas(child: Child, step: Step) -> None:
    """4 January was chosen, 4 school days away: the welcome may last until the entry day itself, tight; 5 school days
    before it (11 December) is past, so the first school day after opening. Its first weeks count from 4 January."""
    chosen = child("2024-05-20", OPENED, {Anchor.ENTRY_DAY: "2027-01-04"})
    welcome = derive(step("enrolment/warm_welcome"), chosen)
    assert (welcome.aim_on, welcome.too_late_on, welcome.tight) == (date(2026, 12, 16), date(2027, 1, 4), True)
    started = child("2024-05-20", "2027-01-05", {Anchor.ENTRY_DAY: "2027-01-04"})
    weeks = derive(step("enrolment/first_weeks"), started)
    assert (weeks.aim_on, weeks.too_late_on, weeks.tight) == (date(2027, 2, 1), date(2027, 2, 22), False)


def test_the_five_year_old_comes_first(child: Child, step: Step) -> None:
    """Born in May 2021: compulsory since 1 September 2026, so 5 and 15 outreach days."""
    derived = derive(step("enrolment/home_visit"), child("2021-05-03", OPENED))
    assert (derived.aim_on, derived.too_late_on) == (date(2027, 1, 5), date(2027, 1, 19))


def test_a_visit_in_summer_counts_working_days(child: Child, step: Step) -> None:
    """Opened Monday 5 July 2027: 6-9 July 1-4, 12-16 July 5-9, 19 July 10, 20 July 11; 21 July is the national day; 22,
    23 July 12-13, 26-30 July 14-18, 2 August 19, 3 August 20."""
    derived = derive(step("enrolment/home_visit"), child("2022-03-10", "2027-07-05"))
    assert (derived.aim_on, derived.too_late_on) == (date(2027, 7, 19), date(2027, 8, 3))


@pytest.mark.parametrize(
    ("refused_on", "too_late"),
    [
        ("2026-12-14", "2026-12-24"),  # ten calendar days, nine days away
        ("2026-12-08", "2027-01-07"),  # 18 December is 3 days away: dropped, 15 working days instead
    ],
)
def test_mediation_hangs_on_the_refusal(refused_on: str, too_late: str, child: Child, step: Step) -> None:
    refused = child("2022-03-10", OPENED, {Anchor.REFUSED_ON: refused_on})
    derived = derive(step("enrolment/mediation"), refused)
    assert (derived.aim_on, derived.too_late_on) == (date(2026, 12, 22), date.fromisoformat(too_late))


def test_the_registration_window_of_the_birth_year_comes_before_the_rest(child: Child, step: Step) -> None:
    """Closes on Saturday 30 January 2027: the last outreach day on which it can still be done is Friday the 29th."""
    window = child("2022-03-10", OPENED, {Anchor.REGISTRATION_CLOSES: "2027-01-30"})
    derived = derive(step("enrolment/school_choice"), window)
    assert (derived.aim_on, derived.too_late_on) == (date(2027, 1, 19), date(2027, 1, 29))
