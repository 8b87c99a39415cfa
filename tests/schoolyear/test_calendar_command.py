"""`outreach calendar` on the console: one JSON object, or a table a person can read."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from outreach.cli.calendar import calendar


def run(*args: str) -> Result:
    return CliRunner().invoke(calendar, args)


def data(*args: str) -> Any:
    result = run(*args, "--json")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return json.loads(result.stdout)


def test_a_school_year_is_the_legal_rule() -> None:
    assert data("2026-2027") == {
        "school_year": "2026-2027",
        "entry_days": [
            *("2026-09-01", "2026-11-09", "2027-01-04", "2027-02-01", "2027-02-15", "2027-04-12", "2027-05-10"),
        ],
        "holidays": [
            {"key": "autumn", "start": "2026-11-02", "end": "2026-11-08"},
            {"key": "christmas", "start": "2026-12-21", "end": "2027-01-03"},
            {"key": "carnival", "start": "2027-02-08", "end": "2027-02-14"},
            {"key": "easter", "start": "2027-03-29", "end": "2027-04-11"},
            {"key": "ascension", "start": "2027-05-06", "end": "2027-05-07"},
            {"key": "summer", "start": "2027-07-01", "end": "2027-08-31"},
        ],
        "half_days": 329,
        "exceptions": [],
    }


def test_exceptions_stand_beside_the_rule_with_the_half_days_they_take() -> None:
    found = data("2020-2021")
    assert found["entry_days"][1] == "2020-11-09"
    assert found["half_days"] == 329
    (extended,) = found["exceptions"]
    # 9 to 15 November without Armistice Day, a Wednesday: four whole days
    assert extended == {
        "start": "2020-11-02",
        "end": "2020-11-15",
        "reason": "COVID-19: autumn holiday extended by one week",
        "half_days": 8,
    }
    assert [row["half_days"] for row in data("2019-2020")["exceptions"]] == [59, 16]


def test_a_remembered_exception_is_no_exception_but_the_table_mentions_it() -> None:
    assert data("2021-2022")["exceptions"] == []
    assert "niet toegepast" in run("2021-2022").stdout


def test_the_entry_day_of_a_child() -> None:
    assert data("--birth", "2024-03-02") == {
        "birth": "2024-03-02",
        "earliest_entry_on": "2026-11-09",
        "effective_entry_on": "2026-11-09",
        "next_entry_on": None,
    }
    assert data("--birth", "2024-03-02", "--on", "2026-12-15")["next_entry_on"] == "2027-01-04"
    assert data("--birth", "2018-05-09")["effective_entry_on"] == "2020-11-16"


def test_without_json_a_person_reads_dutch() -> None:
    table = run("2026-2027").stdout
    assert "herfstvakantie" in table
    assert "maandag 9 november 2026" in table
    assert "329" in table
    child = run("--birth", "2024-03-02", "--on", "2026-12-15").stdout
    assert "maandag 4 januari 2027: instapdatum, eerste schooldag na de kerstvakantie" in child


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("2026-2028",), "2026-2028 is geen schooljaar"),
        (("2026",), "2026 is geen schooljaar"),
        (("1980-1981",), "1980-1981 valt buiten de schoolkalender"),
        (("--birth", "02/03/2024"), "02/03/2024 is geen datum"),
        (("--birth", "2024-02-30"), "2024-02-30 is geen datum"),
        (("--birth", "20240302"), "20240302 is geen datum"),
        (("--birth", "1950-01-01"), "buiten de schoolkalender"),
        (("--birth", "2024-03-02", "--on", "morgen"), "morgen is geen datum"),
        (("--birth", "2024-03-02", "2026-2027"), "niet allebei"),
        (("--on", "2026-12-15", "2026-2027"), "--on hoort bij --birth"),
        ((), "Geef een schooljaar"),
    ],
)
def test_wrong_use_says_why_and_leaves_stdout_empty(args: tuple[str, ...], words: str) -> None:
    result = run(*args, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
