"""Addresses as they are typed, and when two of them are the same place."""

import pytest
from hypothesis import given, strategies as st

from outreach.children.addresses import Place, address_key, place, split


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Sleepstraat 171 bus 1", ("Sleepstraat", "171", "1")),
        ("Sint-Salvatorstraat 127 bus 0301", ("Sint-Salvatorstraat", "127", "0301")),
        ("Land van Waaslaan 227", ("Land van Waaslaan", "227", "")),
        ("Kerkstr. 12A b3", ("Kerkstr.", "12A", "3")),
        ("Kerkstraat 12/3", ("Kerkstraat", "12", "3")),
        ("Kerkstraat 12 / bus 3", ("Kerkstraat", "12", "3")),
        ("Kerkstraat, 12 bte 2", ("Kerkstraat", "12", "2")),
        ("Kerkstraat 12 boîte 2", ("Kerkstraat", "12", "2")),
        ("Kerkstraat 12b", ("Kerkstraat", "12B", "")),
        ("Kerkstraat 12 b", ("Kerkstraat", "12B", "")),
        ("Kerkstraat 12b3", ("Kerkstraat", "12", "3")),
        ("Kerkstraat 12-14", ("Kerkstraat", "12-14", "")),
        ("Kerkstraat 12 0301", ("Kerkstraat", "12", "0301")),
        ("Kerkstraat nr. 12", ("Kerkstraat", "12", "")),
        ("Plein 1940 5", ("Plein 1940", "5", "")),
        ("Brugse Poortstraat 115 bus A1.02", ("Brugse Poortstraat", "115", "A1.02")),
        ("12 rue Neuve", ("rue Neuve", "12", "")),
        ("Kerkstraat z/n", ("Kerkstraat", "", "")),
        ("Woonwagenterrein", ("Woonwagenterrein", "", "")),
        ("", ("", "", "")),
    ],
)
def test_an_address_on_one_line_is_taken_apart(line: str, expected: tuple[str, str, str]) -> None:
    assert split(line) == Place(*expected)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("Sleepstraat", "171", "1"), ("Sleepstraat", "171", "1")),
        (("Sleepstraat", "12/3", ""), ("Sleepstraat", "12", "3")),
        (("Sleepstraat", "12 bus 3", ""), ("Sleepstraat", "12", "3")),
        (("Sleepstraat", "12b3", ""), ("Sleepstraat", "12", "3")),
        (("Sleepstraat", "12 A", "bus 3"), ("Sleepstraat", "12A", "3")),
        (("Sleepstraat 171", "", "1"), ("Sleepstraat", "171", "1")),
        (("Sleepstraat", "", "2"), ("Sleepstraat", "", "2")),
    ],
)
def test_an_address_in_columns_is_put_in_order(columns: tuple[str, str, str], expected: tuple[str, str, str]) -> None:
    assert place(*columns) == Place(*expected)


def key(line: str, postcode: str = "9000", nis: str | None = "44021") -> str:
    found = split(line)
    return address_key(found.street, found.number, found.box, postcode, nis)


@pytest.mark.parametrize(
    "line",
    ["Kerkstraat 12 bus 1", "kerkstr. 12 b1", "KERKSTR 12/1", "Kerkstraat 12 bte 01", "Kerk straat 12, bus 1"],
)
def test_the_same_door_has_one_key(line: str) -> None:
    assert key(line) == key("Kerkstraat 12 bus 1")


@pytest.mark.parametrize(
    "line", ["Kerkstraat 12 bus 2", "Kerkstraat 12", "Kerkstraat 12A", "Kerklaan 12 bus 1", "Kerkstraat 1 bus 12"]
)
def test_another_door_has_another_key(line: str) -> None:
    assert key(line) != key("Kerkstraat 12 bus 1")


def test_the_same_street_name_in_another_part_of_town_is_another_place() -> None:
    assert key("Kerkstraat 12", "9000") != key("Kerkstraat 12", "9050")
    assert key("Kerkstraat 12", "", "44021") != key("Kerkstraat 12", "", "11002")


def test_usual_abbreviations_are_the_same_street() -> None:
    assert key("St.-Pietersnieuwstr. 3") == key("Sint-Pietersnieuwstraat 3")
    assert key("Antwerpsestwg 3") == key("Antwerpsesteenweg 3")
    assert key("Stationspl. 3") == key("Stationsplein 3")


def test_without_a_street_nothing_is_the_same_place() -> None:
    assert address_key("", "12", "", "9000", "44021") == ""


@given(st.text(max_size=60))
def test_any_text_is_an_address_and_keeps_its_letters(text: str) -> None:
    found = split(text)
    assert place(found.street, found.number, found.box).street == found.street or found.street == ""


@given(st.from_regex(r"[A-Z][a-z]{3,12}(straat|laan|dreef)", fullmatch=True), st.integers(1, 999), st.integers(1, 99))
def test_what_is_shown_on_an_envelope_is_read_back(street: str, number: int, box: int) -> None:
    written = Place(street, str(number), str(box))
    assert split(written.line) == written
