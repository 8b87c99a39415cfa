"""The children of the world are believable on any day of the year, and the same for everybody on the same day."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest

from outreach.children import insz
from outreach.errors import Refused
from outreach.partners import municipalities
from outreach.schoolyear import months_after, school_year_of
from outreach.training.world.children import Listed, children_of_area
from outreach.training.world.listing import COLUMNS, DOUBLE, REFUSED, first_list
from outreach.training.world.lists import write_lists
from outreach.training.world.making import WEEKS, first_day
from outreach.training.world.partners import AREAS
from outreach.training.world.streets import STREETS

DAYS = [date(2026, 1, 1) + timedelta(days=12 * n) for n in range(31)] + [date(2028, 2, 29), date(2026, 8, 31)]
"""Thirty-one days around a year, a leap day, and the last day of a school year."""

COUNT = 180


@pytest.fixture(params=DAYS, ids=str)
def today(request: pytest.FixtureRequest) -> date:
    day: date = request.param
    return day


@pytest.fixture
def children(today: date) -> list[Listed]:
    return children_of_area(today, COUNT)


def test_the_same_day_gives_the_same_children(today: date, children: list[Listed]) -> None:
    assert children == children_of_area(today, COUNT)
    assert children != children_of_area(today + timedelta(days=1), COUNT)


def test_all_are_of_nursery_school_age_from_the_first_list_until_today(today: date, children: list[Listed]) -> None:
    listed_on = first_day(today)
    assert len(children) == COUNT
    for child in children:
        assert months_after(child.born_on, 30) <= listed_on + timedelta(days=6)
        assert months_after(child.born_on, 72) > today
        assert child.born_on.year >= school_year_of(today).start - 5


def test_numbers_are_right_in_form_and_can_belong_to_nobody(children: list[Listed]) -> None:
    numbers = [insz.parse(child.insz) for child in children if child.insz]
    assert len({number.number for number in numbers}) == len(numbers)
    assert {number.number[6:9] for number in numbers} <= {"000", "999"}
    assert sum(int(number.number[2:4]) > 12 for number in numbers) == 5
    assert sum(not child.insz for child in children) == 4
    assert not any(insz.born_differs(insz.parse(child.insz), child.born_on) for child in children if child.insz)


def test_families_live_in_the_area_but_for_two_children(children: list[Listed]) -> None:
    gent = set(AREAS[0][2])
    assert sum(child.street.nis not in gent for child in children) == 2
    homes: dict[tuple[str, str, str], set[str]] = {}
    for child in children:
        homes.setdefault((child.street.name, child.number, child.box), set()).add(child.reference_person)
    assert 100 < len(homes) < COUNT
    assert sum(len(families) > 1 for families in homes.values()) >= 2
    crowded = [home for home in homes if sum((c.street.name, c.number, c.box) == home for c in children) == 7]
    assert len(crowded) == 1


def test_the_list_has_rows_nobody_can_use_and_rows_that_stand_there_twice(today: date, children: list[Listed]) -> None:
    rows = read(first_list(children, first_day(today)))
    assert len(rows) == COUNT + REFUSED + DOUBLE
    assert sum(unusable(row, first_day(today)) for row in rows) == REFUSED
    numbers = ["".join(filter(str.isdigit, row["INSZ"])) for row in rows if row["INSZ"]]
    assert len(numbers) - len(set(numbers)) == DOUBLE


def unusable(row: dict[str, str], on: date) -> bool:
    """Whether any reader of lists would have to refuse this row."""
    try:
        day, month, year = (int(part) for part in row["Geboortedatum"].split("/"))
        born_on = date(year, month, day)
        if row["INSZ"]:
            insz.parse(row["INSZ"])
    except (ValueError, Refused):
        return True
    return born_on > on or not row["Voornaam"]


def read(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_layout_is_that_of_the_lists_one_receives() -> None:
    assert ";".join(COLUMNS).startswith("INSZ;Naam;Voornaam;Geboortedatum;Straat;Huisnummer;Bus;Postcode;Gemeente")
    assert first_list(children_of_area(DAYS[0], COUNT), DAYS[0]).startswith(b"\xef\xbb\xbfINSZ;")


def test_streets_are_in_the_municipality_they_say() -> None:
    for street in STREETS:
        found = municipalities.find(street.nis)
        assert found is not None
        assert found.name == street.municipality
        assert street.postcode in found.postcodes


def test_the_first_list_comes_on_a_monday_ten_weeks_back(today: date) -> None:
    monday = first_day(today)
    assert monday.weekday() == 0
    assert WEEKS * 7 <= (today - monday).days < WEEKS * 7 + 7


def test_the_later_list_says_some_things_otherwise(today: date, tmp_path: Path) -> None:
    """Families move, another clerk spells names."""
    (first, _neighbour, later), _everybody = write_lists(tmp_path, today, first_day(today))
    before, after = (
        {(row["Voornaam"], row["Geboortedatum"]): row for row in read(each.file.read_bytes())}
        for each in (first, later)
    )
    still = [key for key in before if key in after]
    changed = {field: sum(before[key][field] != after[key][field] for key in still) for field in before[still[0]]}
    assert max(changed["Huisnummer"], changed["Straat"]) >= 2
    assert changed["Naam"] >= 4
