"""The calendar against the independent `holidays` package, day by day from 2010-2011 to 2060-2061."""

from collections.abc import Iterator
from datetime import date, timedelta

from holidays.countries import Belgium

from outreach.schoolyear import SchoolCalendar, holidays

YEARS = range(2010, 2061)
NAMES = {
    "autumn": "Herfstvakantie",
    "christmas": "Kerstvakantie",
    "carnival": "Krokusvakantie",
    "easter": "Paasvakantie",
    "summer": "Zomervakantie",
}

# Every stretch in which the two differ, with the reason. With the legal rule alone there is none.
EXPLAINED = [
    (date(2020, 3, 16), date(2020, 4, 3), "lessons suspended for COVID-19; the package knows the rule only"),
    (date(2020, 4, 20), date(2020, 4, 30), "the same, after the Easter holiday and up to Labour Day"),
    (date(2020, 5, 4), date(2020, 5, 20), "the same, after Labour Day; kleuters from 15 May up to Ascension"),
    (date(2020, 5, 25), date(2020, 5, 29), "kleuters still at home up to Whit Monday"),
    (date(2020, 11, 9), date(2020, 11, 10), "autumn holiday extended by a week, up to Armistice Day"),
    (date(2020, 11, 12), date(2020, 11, 13), "the same, after Armistice Day"),
]


def weekdays() -> Iterator[date]:
    day = date(YEARS[0], 9, 1)
    while day <= date(YEARS[-1] + 1, 8, 31):
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


def school_holidays() -> Belgium:
    years = range(YEARS[0], YEARS[-1] + 2)
    return Belgium(years=years, subdiv="Flemish", categories=("school",), language="nl")


def test_by_the_legal_rule_every_weekday_is_the_same() -> None:
    theirs = school_holidays()
    ours = SchoolCalendar(exceptions=False)
    assert [day for day in weekdays() if ours.is_school_day(day) == (day in theirs)] == []


def test_with_exceptions_every_difference_is_explained_and_every_explanation_is_needed() -> None:
    theirs = school_holidays()
    ours = SchoolCalendar()
    different = {day for day in weekdays() if ours.is_school_day(day) == (day in theirs)}
    explained = {day for start, end, _ in EXPLAINED for day in weekdays() if start <= day <= end}
    assert different == explained


def test_every_holiday_has_the_same_first_and_last_day() -> None:
    theirs = school_holidays()
    for year in YEARS:
        for holiday in holidays(year):
            if holiday.key not in NAMES:
                continue  # the package has Ascension as two single days; the day-by-day test covers them
            first, last = date(year, 9, 1), date(year + 1, 8, 31)
            days = [day for day in theirs.get_named(NAMES[holiday.key]) if first <= day <= last]
            assert (min(days), max(days)) == (holiday.start, holiday.end), f"{holiday.key} {year}"


def test_belgian_working_days_are_the_same() -> None:
    theirs = Belgium(years=range(YEARS[0], YEARS[-1] + 2))
    ours = SchoolCalendar()
    assert [day for day in weekdays() if ours.is_working_day(day) == (day in theirs)] == []
