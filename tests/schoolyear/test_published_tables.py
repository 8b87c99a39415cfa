"""The rule against what schools, cities and ministries published; each row of the tables names its source."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from outreach.schoolyear import (
    ENTRY_KEYS,
    SchoolCalendar,
    dated_exceptions,
    entry_days_of,
    holidays,
    months_after,
    parse_school_year,
)

RULE = SchoolCalendar(exceptions=False)
DUTCH = {
    "herfstvakantie": "autumn",
    "kerstvakantie": "christmas",
    "krokusvakantie": "carnival",
    "paasvakantie": "easter",
    "hemelvaart": "ascension",
    "zomervakantie": "summer",
}
ENTRY_DUTCH = {**DUTCH, "zomervakantie": "summer", "februari": "february"}


def table(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", table("school_holidays"), ids=lambda row: f"{row['school_year']} {row['holiday']}")
def test_each_published_holiday_has_the_same_first_and_last_day(row: dict[str, str]) -> None:
    found = {holiday.key: holiday for holiday in holidays(parse_school_year(row["school_year"]))}
    holiday = found[DUTCH[row["holiday"]]]
    assert holiday.start.isoformat() == row["start"]
    assert holiday.end.isoformat() == row["end_inclusive"]
    assert (holiday.end - holiday.start).days + 1 == int(row["days"])


@pytest.mark.parametrize("row", table("instapdatums"), ids=lambda row: row["instapdatum"])
def test_each_published_entry_day_its_last_birth_date_and_the_half_days_left(row: dict[str, str]) -> None:
    year = parse_school_year(row["school_year"])
    key = ENTRY_DUTCH[row["code"]]
    day = entry_days_of(year, exceptions=False)[ENTRY_KEYS.index(key)]
    assert ENTRY_KEYS.index(key) + 1 == int(row["seq"])
    assert day.isoformat() == row["instapdatum"]
    assert day.strftime("%a") == row["weekday"]
    last_birth = date.fromisoformat(row["born_on_or_before"])
    assert RULE.earliest_entry_on(last_birth) == day
    assert RULE.earliest_entry_on(last_birth + timedelta(days=1)) > day
    assert RULE.half_days_between(day, date(year + 1, 6, 30)) == int(row["gross_half_days_until_30_june"])


@pytest.mark.parametrize("row", table("instapdatum_test_vectors"), ids=lambda row: row["birth_date"])
def test_a_child_born_on_a_given_day_may_start_on_the_given_day(row: dict[str, str]) -> None:
    birth = date.fromisoformat(row["birth_date"])
    assert months_after(birth, 30).isoformat() == row["date_2y6m"]
    assert months_after(birth, 36).isoformat() == row["date_3y"]
    day = RULE.earliest_entry_on(birth)
    assert day.isoformat() == row["first_instapdatum_regular"]
    year = day.year if day.month >= 9 else day.year - 1
    assert ENTRY_KEYS[RULE.entry_days(year).index(day)] == ENTRY_DUTCH[row["after"]]


@pytest.mark.parametrize("row", table("half_days_per_school_year"), ids=lambda row: row["school_year"])
def test_half_days_of_a_school_year_and_up_to_the_holidays(row: dict[str, str]) -> None:
    year = parse_school_year(row["school_year"])
    start = {holiday.key: holiday.start for holiday in holidays(year)}
    first = date(year, 9, 1)
    assert RULE.half_days_between(first, date(year + 1, 8, 31)) == int(row["gross_half_days"])
    assert RULE.half_days_between(first, start["christmas"]) == int(row["gross_until_kerstvakantie"])
    assert RULE.half_days_between(first, start["easter"]) == int(row["gross_until_paasvakantie"])


@pytest.mark.parametrize(
    ("year", "entry_days"),
    [
        (2027, "2027-09-01 2027-11-08 2028-01-10 2028-02-01 2028-03-06 2028-04-18 2028-05-29"),
        (2028, "2028-09-01 2028-11-06 2029-01-08 2029-02-01 2029-02-19 2029-04-16 2029-05-14"),
    ],
)
def test_entry_days_of_the_years_after_next(year: int, entry_days: str) -> None:
    assert [day.isoformat() for day in RULE.entry_days(year)] == entry_days.split()


def test_the_easter_entry_day_is_a_tuesday_when_easter_monday_follows_the_two_weeks() -> None:
    easter = ENTRY_KEYS.index("easter")
    found = [year + 1 for year in range(2016, 2030) if RULE.entry_days(year)[easter].weekday() == 1]
    assert found == [2017, 2019, 2022, 2025, 2028, 2030]
    (holiday,) = [row for row in holidays(2024) if row.key == "easter"]
    assert (holiday.start, holiday.end) == (date(2025, 4, 7), date(2025, 4, 21))


def test_the_february_entry_day_is_the_first_school_day_not_the_first() -> None:
    february = ENTRY_KEYS.index("february")
    days = {RULE.entry_days(year)[february] for year in (2019, 2024, 2025)}
    assert days == {date(2020, 2, 3), date(2025, 2, 3), date(2026, 2, 2)}


def test_a_school_year_starts_on_a_monday_when_1_september_is_in_a_weekend_and_not_when_it_is_a_friday() -> None:
    assert RULE.first_school_day(2018) == date(2018, 9, 3)  # Saturday
    assert RULE.first_school_day(2024) == date(2024, 9, 2)  # Sunday
    assert RULE.first_school_day(2023) == date(2023, 9, 1)  # Friday
    assert RULE.last_school_day(2023) == date(2024, 6, 28)  # 30 June is a Sunday


def test_the_shipped_exceptions_are_the_covid_closings() -> None:
    assert [(str(row.start), str(row.end), row.applied) for row in dated_exceptions()] == [
        ("2020-03-16", "2020-05-14", True),
        ("2020-05-15", "2020-06-01", True),
        ("2020-11-02", "2020-11-15", True),
        ("2021-12-20", "2022-01-09", False),
    ]
