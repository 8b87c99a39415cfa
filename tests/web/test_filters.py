"""Days, hours and ages as people write them, in each language."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given, strategies as st

from outreach import labels
from outreach.web import filters

TODAY = date(2026, 12, 15)


def said(app: Flask, language: str, born_on: date, on: date = TODAY) -> str:
    """How old somebody is, in this language."""
    with app.test_request_context(), force_locale(labels.locale(language)):
        return filters.age(born_on, on)


@pytest.mark.parametrize(
    ("born_on", "dutch", "french", "english"),
    [
        pytest.param("2024-05-10", "2 jaar 7 maanden", "2 ans 7 mois", "2 years 7 months", id="two and a half"),
        pytest.param("2024-11-15", "2 jaar 1 maand", "2 ans 1 mois", "2 years 1 month", id="one month over"),
        pytest.param("2022-12-15", "4 jaar", "4 ans", "4 years", id="a birthday today"),
        pytest.param("2022-12-16", "3 jaar 11 maanden", "3 ans 11 mois", "3 years 11 months", id="a birthday tomorrow"),
        pytest.param("2025-12-15", "1 jaar", "1 an", "1 year", id="one today"),
        pytest.param("2025-11-01", "1 jaar 1 maand", "1 an 1 mois", "1 year 1 month", id="one and one"),
        pytest.param("2025-05-01", "1 jaar 7 maanden", "1 an 7 mois", "1 year 7 months", id="one and seven"),
        pytest.param("2026-11-10", "1 maand", "1 mois", "1 month", id="a baby in the family"),
        pytest.param("2026-09-01", "3 maanden", "3 mois", "3 months", id="a baby of three months"),
        pytest.param("2026-12-14", "0 maanden", "0 mois", "0 months", id="born yesterday"),
    ],
)
def test_an_age_reads_as_people_say_it(sqlite_app: Flask, born_on: str, dutch: str, french: str, english: str) -> None:
    texts = [said(sqlite_app, language, date.fromisoformat(born_on)) for language in labels.LANGUAGES]
    assert texts == [dutch, french, english]


def test_a_child_born_on_leap_day_is_a_year_older_on_the_first_of_march(sqlite_app: Flask) -> None:
    leap_day = date(2024, 2, 29)
    assert said(sqlite_app, "nl", leap_day, date(2027, 2, 28)) == "2 jaar 11 maanden"
    assert said(sqlite_app, "nl", leap_day, date(2027, 3, 1)) == "3 jaar"


@given(born_on=st.dates(date(2018, 1, 1), TODAY), days=st.integers(0, 2500), language=st.sampled_from(labels.LANGUAGES))
def test_an_age_never_goes_down_and_never_says_1_years(
    sqlite_app: Flask, born_on: date, days: int, language: str
) -> None:
    later = born_on + timedelta(days=days)
    text = said(sqlite_app, language, born_on, later)
    numbers = [int(word) for word in text.split() if word.isdigit()]
    assert 1 <= len(numbers) <= 2
    for one, many in (("1 jaar", "1 jaren"), ("1 maand", "1 maanden"), ("1 an", "1 ans"), ("1 month", "1 months")):
        assert f" {many}" not in f" {text} ".replace(f"1{one}", ""), text
    assert " 1 years" not in f" {text}"


def test_days_and_moments_are_written_in_the_language_of_the_page(sqlite_app: Flask) -> None:
    tuesday, at = date(2025, 4, 22), datetime(2025, 4, 22, 12, 10, tzinfo=UTC)
    written = {}
    for language in labels.LANGUAGES:
        with sqlite_app.test_request_context(), force_locale(labels.locale(language)):
            written[language] = (filters.longday(tuesday), filters.day(tuesday), filters.moment(at))
    assert written == {
        "nl": ("dinsdag 22 april 2025", "di 22 apr 2025", "di 22 apr 2025, 14:10"),
        "fr": ("mardi 22 avril 2025", "mar 22 avr 2025", "mar 22 avr 2025, 14:10"),
        "en": ("Tuesday 22 April 2025", "Tue 22 Apr 2025", "Tue 22 Apr 2025, 14:10"),
    }


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    first = date(2026, 9, 1)
    assert [labels.day(first, language) for language in labels.LANGUAGES] == [
        "dinsdag 1 september 2026",
        "mardi 1er septembre 2026",
        "Tuesday 1 September 2026",
    ]
    assert labels.short_day(first, "fr") == "mar 1er sept 2026"
    assert labels.day(date(2026, 9, 11), "fr") == "vendredi 11 septembre 2026"


def test_large_numbers_are_grouped_as_each_language_does(sqlite_app: Flask) -> None:
    written = []
    for language in labels.LANGUAGES:
        with sqlite_app.test_request_context(), force_locale(labels.locale(language)):
            written.append((filters.number(7), filters.number(20_000)))
    assert written == [("7", "20.000"), ("7", "20\N{NARROW NO-BREAK SPACE}000"), ("7", "20,000")]


def test_what_is_not_there_is_written_as_nothing(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        assert (filters.day(None), filters.longday(None), filters.moment(None)) == ("", "", "")
