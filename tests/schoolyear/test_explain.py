"""Every date can say why it is that day, in three languages."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from outreach.labels import LANGUAGES
from outreach.schoolyear import (
    Closing,
    Counter,
    SchoolCalendar,
    dated_exceptions,
    explain,
    explain_entry_day,
    free_days,
    holiday_label,
    holidays,
    public_holidays,
)
from outreach.schoolyear.explain import WORDS

CALENDAR = SchoolCalendar()
NB = "\N{NO-BREAK SPACE}"


def after(start: str, n: int, counter: Counter, language: str = "nl", calendar: SchoolCalendar = CALENDAR) -> str:
    return explain(calendar.add(date.fromisoformat(start), n, counter).as_data(), language)


def before(start: str, n: int, counter: Counter, language: str = "nl") -> str:
    return explain(CALENDAR.subtract(date.fromisoformat(start), n, counter).as_data(), language)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "nl",
            (
                "dinsdag 22 april 2025: tien schooldagen na maandag 24 maart 2025; "
                "paasvakantie en paasmaandag overgeslagen"
            ),
        ),
        (
            "fr",
            (
                f"mardi 22 avril 2025{NB}: dix jours de classe après le lundi 24 mars 2025{NB}; "
                "sans compter les vacances de Pâques et le lundi de Pâques"
            ),
        ),
        (
            "en",
            (
                "Tuesday 22 April 2025: ten school days after Monday 24 March 2025; "
                "skipping the Easter holiday and Easter Monday"
            ),
        ),
    ],
)
def test_ten_school_days_after_the_visit_of_24_march(language: str, sentence: str) -> None:
    assert after("2025-03-24", 10, Counter.SCHOOL_DAYS, language) == sentence


def test_one_day_is_singular() -> None:
    assert (
        after("2026-10-05", 1, Counter.SCHOOL_DAYS) == "dinsdag 6 oktober 2026: één schooldag na maandag 5 oktober 2026"
    )
    assert "one school day after" in after("2026-10-05", 1, Counter.SCHOOL_DAYS, "en")


def test_a_weekend_is_told_only_when_there_is_little_else_to_tell() -> None:
    assert after("2026-10-02", 1, Counter.WORKING_DAYS).endswith("; weekend overgeslagen")
    assert "weekend" not in after("2026-10-02", 10, Counter.WORKING_DAYS)
    assert after("2026-11-10", 3, Counter.WORKING_DAYS).endswith("; Wapenstilstand overgeslagen")


def test_days_before_and_rounding() -> None:
    assert before("2027-01-04", 5, Counter.SCHOOL_DAYS) == (
        "maandag 14 december 2026: vijf schooldagen vóór maandag 4 januari 2027; kerstvakantie overgeslagen"
    )
    assert before("2026-11-08", 0, Counter.SCHOOL_DAYS) == (
        "vrijdag 30 oktober 2026: de laatste schooldag tot en met zondag 8 november 2026; herfstvakantie overgeslagen"
    )
    assert after("2026-09-05", 0, Counter.SCHOOL_DAYS) == (
        "maandag 7 september 2026: de eerste schooldag vanaf zaterdag 5 september 2026; weekend overgeslagen"
    )
    assert after("2026-09-01", 0, Counter.SCHOOL_DAYS) == "dinsdag 1 september 2026"


def test_outreach_days_go_by_the_name_people_know() -> None:
    assert "vijf schooldagen na" in after("2026-10-05", 5, Counter.OUTREACH_DAYS)
    assert "vijf werkdagen na" in after("2026-07-06", 5, Counter.OUTREACH_DAYS)
    assert "tien schooldagen (in juli en augustus werkdagen) na" in after("2026-06-25", 10, Counter.OUTREACH_DAYS)
    assert "twintig schooldagen vóór" in before("2027-01-25", 20, Counter.OUTREACH_DAYS)
    assert "de eerste werkdag vanaf" in after("2026-07-04", 0, Counter.OUTREACH_DAYS)


def test_a_closing_is_named_once() -> None:
    study = [
        Closing(date(2026, 10, 7) + timedelta(days=7 * week), date(2026, 10, 7) + timedelta(days=7 * week), "studiedag")
        for week in (0, 1)
    ]
    sentence = after("2026-10-05", 10, Counter.SCHOOL_DAYS, calendar=SchoolCalendar(closings=study))
    assert sentence.endswith("; sluiting (studiedag) overgeslagen")


def test_an_exception_is_told_by_its_name() -> None:
    sentence = after("2020-10-30", 1, Counter.SCHOOL_DAYS)
    assert sentence.endswith("; herfstvakantie en verlenging van de herfstvakantie (COVID-19) overgeslagen")


@pytest.mark.parametrize(
    ("birth", "entry", "words"),
    [
        (
            "2024-03-02",
            "2026-11-09",
            "instapdatum, eerste schooldag na de herfstvakantie; het kind is twee jaar en zes",
        ),
        ("2018-05-07", "2020-11-16", "verschoven van maandag 9 november 2020"),
        ("2024-03-02", "2026-09-01", "te vroeg"),
        ("2024-03-02", "2026-11-11", "geen schooldag; de eerstvolgende is donderdag 12 november 2026"),
        ("2024-03-02", "2026-11-12", "later starten mag altijd"),
        ("2024-03-02", "2027-03-02", "vanaf de derde verjaardag"),
        ("2024-07-10", "2027-02-01", "eerste schooldag van februari"),
    ],
)
def test_why_a_child_may_start_on_a_day_or_not(birth: str, entry: str, words: str) -> None:
    assert words in explain_entry_day(date.fromisoformat(birth), date.fromisoformat(entry), "nl")


@given(
    st.dates(date(2010, 9, 1), date(2060, 8, 31)),
    st.integers(0, 80),
    st.sampled_from(Counter),
    st.sampled_from(LANGUAGES),
    st.booleans(),
)
def test_every_counted_day_survives_storing_and_can_be_read(
    start: date, n: int, counter: Counter, language: str, back: bool
) -> None:
    counted = (CALENDAR.subtract if back else CALENDAR.add)(start, n, counter)
    sentence = explain(json.loads(json.dumps(counted.as_data())), language)
    assert "{" not in sentence
    assert str(counted.day.year) in sentence


@given(st.dates(date(2008, 9, 1), date(2055, 8, 31)), st.integers(-200, 400), st.sampled_from(LANGUAGES))
def test_every_start_can_be_explained(birth: date, days: int, language: str) -> None:
    entry = CALENDAR.effective_entry_on(birth) + timedelta(days=days)
    assert "{" not in explain_entry_day(birth, entry, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_holiday_and_exception_has_a_name(language: str) -> None:
    keys = {row.key for row in holidays(2026)} | {row.key for row in free_days(2026)}
    assert all(holiday_label(key, language) for key in keys | set(public_holidays(2026).values()))
    for row in dated_exceptions():
        assert WORDS.text(f"exception.{row.key}", language)
        assert WORDS.text(f"skipped.{row.key}", language)
