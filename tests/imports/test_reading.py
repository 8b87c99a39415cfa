"""Lists as programs and people write them: encodings, separators, titles, sheets, dates."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from outreach.imports.listed import ListedChild
from outreach.imports.reading import CellError, read_list
from outreach.imports.reading.values import as_date
from outreach.imports.reading.vocabulary import NOT_ENROLLED
from tests.imports.files import (
    AYAAN,
    TITLES,
    csv_bytes,
    judged,
    only_child,
    read,
    row,
    with_part,
    with_sheet,
    xlsx_bytes,
)

ROWS = [TITLES, AYAAN]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_usual_encoding_and_separator_gives_the_same_child(encoding: str, delimiter: str) -> None:
    (child,) = judged(csv_bytes(ROWS, delimiter, encoding))
    assert isinstance(child, ListedChild)
    assert (child.first_name, child.last_name, child.born_on) == ("Ayaan", "Safi", date(2024, 3, 1))
    assert (child.street, child.number, child.box, child.nis) == ("Sleepstraat", "171", "1", "44021")
    assert child.reference_person == "Grâce Safi"
    assert not child.warnings


@given(st.permutations(range(len(TITLES))))
def test_columns_stand_in_any_order(order: list[int]) -> None:
    found = read(csv_bytes([[line[position] for position in order] for line in ROWS]))
    assert len(found.columns) == len(TITLES)
    assert next(found.rows()).cells["last_name"] == "Safi"


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Rijksregisternummer", "insz"),
        ("RR-nummer", "insz"),
        ("R.R.N.", "insz"),
        ("Nationaal nummer", "insz"),
        ("INSZ (kind)", "insz"),
        ("NISS", "insz"),
        ("FAMILIENAAM", "last_name"),
        ("Naam van het kind", "last_name"),
        ("Geb. datum", "born_on"),
        ("Geboortedatum (dd/mm/jjjj)", "born_on"),
        ("Date de naissance", "born_on"),
        ("Huisnr.", "number"),
        ("Busnr", "box"),
        ("Postnummer", "postcode"),
        ("Woonplaats", "municipality"),
        ("REFNIS", "nis"),
        ("Hoofd van het gezin", "reference_person"),
        ("Naam ouder", "reference_person"),
        ("Thuistaal", "language"),
        ("Geslacht", None),
        ("Nationaliteit", None),
        ("INSZ referentiepersoon", None),
        ("Nr", None),
    ],
)
def test_titles_are_known_in_their_usual_spellings(title: str, field: str | None) -> None:
    assert NOT_ENROLLED.field_of(title) == field


def test_nr_is_a_house_number_after_the_street_and_a_counter_elsewhere() -> None:
    found = read(
        csv_bytes(
            [["Nr", "Naam", "Voornaam", "Geb.datum", "Straat", "Nr"], [1, "Safi", "Ayaan", "1/3/2024", "Laan", 7]]
        )
    )
    assert found.columns["number"] == 5
    assert next(found.rows()).cells["number"] == "7"


@pytest.mark.parametrize(
    ("title", "name", "expected", "sure"),
    [
        ("Naam en voornaam", "Safi, Ayaan", ("Ayaan", "Safi"), True),
        ("Naam en voornaam", "Ben Salah Finn", ("Finn", "Ben Salah"), False),
        ("Naam", "Safi Ayaan", ("Ayaan", "Safi"), True),
        ("Naam en voornaam", "VAN DEN BROECKE Jan Piet", ("Jan Piet", "VAN DEN BROECKE"), True),
        ("Voornaam en naam", "Finn Ben Salah", ("Finn", "Ben Salah"), False),
    ],
)
def test_a_name_in_one_column_is_split_and_a_guess_says_so(
    title: str, name: str, expected: tuple[str, str], sure: bool
) -> None:
    (child,) = judged(csv_bytes([[title, "Geboortedatum", "Gemeente", "Adres"], [name, "1/3/2024", "Gent", "Laan 7"]]))
    assert isinstance(child, ListedChild)
    assert (child.first_name, child.last_name) == expected
    assert ("name_split" in {warning.key for warning in child.warnings}) is not sure


@pytest.mark.parametrize(
    "written",
    ["13/6/2021", "13/06/2021", "13-06-2021", "13.06.2021", "13. 06. 2021", "2021-06-13", "2021-06-13 00:00:00",
     "20210613", "13062021", "13/06/21", "13 juni 2021", "13-jun-21", "zo 13/06/2021", "13/06/2021 0:00", "44360",
     44360, 44360.0, 20210613, date(2021, 6, 13), datetime(2021, 6, 13)],
)  # fmt: skip
def test_a_birth_date_is_read_in_every_usual_form(written: Any) -> None:
    assert as_date(written) == date(2021, 6, 13)


@pytest.mark.parametrize(
    "written",
    ["", "06/13/2021", "31/02/2021", "onbekend", "2021", "13/06", 12, 0.5, float("nan"), 1e300, None, "13/06/20211"],
)
def test_what_is_no_day_is_never_guessed(written: Any) -> None:
    assert as_date(written) is None


@given(
    st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y%m%d"]),
)
def test_a_written_day_is_the_same_day(day: date, form: str) -> None:
    assert as_date(day.strftime(form)) == day


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers()))
def test_reading_a_day_never_fails(written: Any) -> None:
    found = as_date(written)
    assert found is None or 1900 <= found.year <= 2100


def test_excel_brings_dates_serial_numbers_numbers_and_titles_above_the_list() -> None:
    content = xlsx_bytes(
        (
            "Blad1",
            [
                ["Niet-ingeschreven kleuters", None, None],
                [],
                TITLES,
                row(
                    INSZ=24030199910, Geboortedatum=datetime(2024, 3, 1), Postcode=9000, Huisnummer=171, NIS_code=44021
                ),
                row(Geboortedatum=45352),
                [None] * 5,
                ["Totaal", 2],
                [],
            ],
        )
    )
    found = read(content, "lijst.xlsx")
    assert [raw.row_number for raw in found.rows()] == [4, 5]
    first, second = judged(content)
    assert isinstance(first, ListedChild)
    assert isinstance(second, ListedChild)
    assert first.born_on == second.born_on == date(2024, 3, 1)
    assert (first.insz, first.postcode, first.number, first.nis) == (second.insz, "9000", "171", "44021")


def test_the_sheet_with_the_list_is_found_and_a_hidden_one_comes_last() -> None:
    sheets = [("Uitleg", [["Lees dit eerst"]]), ("Oud", ROWS), ("Lijst", ROWS)]
    assert read(xlsx_bytes(*sheets, hidden=["Oud"])).sheet == "Lijst"
    assert read(xlsx_bytes(*sheets[:2], hidden=["Oud"])).sheet == "Oud"


def test_a_cell_merged_over_two_children_counts_for_both() -> None:
    content = xlsx_bytes(("L", [TITLES, AYAAN, row(Voornaam="Kwame", INSZ=None, Straat=None)]), merged="E2:E3")
    kwame = judged(content)[1]
    assert isinstance(kwame, ListedChild)
    assert kwame.street == "Sleepstraat"


def test_an_error_in_a_cell_is_seen_as_an_error() -> None:
    sheet = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Naam</t></is></c><c r="B1" t="inlineStr"><is><t>Geboortedatum</t>'
        b'</is></c></row><row r="2"><c r="A2" t="str"><v>Safi Ayaan</v></c><c r="B2" t="e"><v>#N/A</v></c></row>'
    )
    assert next(read(with_sheet(sheet)).rows()).cells["born_on"] == CellError("#N/A")


def test_every_sort_of_cell_has_its_meaning() -> None:
    titles = b"".join(
        b'<c t="str"><v>%b</v></c>' % title for title in (b"Naam", b"Geboortedatum", b"A", b"B", b"C", b"D")
    )
    cells = (
        b'<c t="str"><v>Safi_x000D_Ayaan</v></c><c t="d"><v>2024-03-01T00:00:00</v></c><c t="b"><v>1</v></c>'
        b'<c><v>9000.0</v></c><c><v>2.5</v></c><c t="str"><v></v></c>'
    )
    (raw,) = read(with_sheet(b"<row>%b</row><row>%b</row>" % (titles, cells))).rows()
    assert raw.values == ("Safi Ayaan", date(2024, 3, 1), "1", 9000, 2.5, None)


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_a_birth_date_beyond_the_calendar_is_an_error_and_a_time_is_text() -> None:
    content = xlsx_bytes(("L", [TITLES, row(Geboortedatum=datetime(2024, 3, 1, 12, 30), Huisnummer=time(3, 0))]))
    (raw,) = read(content).rows()
    assert (raw.cells["born_on"], raw.cells["number"]) == (date(2024, 3, 1), "03:00:00")
    far = b"<v>45352.52083333334</v>"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert far in sheet
    changed = with_part(content, "xl/worksheets/sheet1.xml", sheet.replace(far, b"<v>24030199910</v>"))
    assert isinstance(next(read(changed).rows()).cells["born_on"], CellError)


def test_cells_without_references_prefixes_and_readings_beside_the_text_are_understood() -> None:
    sheet = (
        b'<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:c t="inlineStr"><x:is><x:t>Naam'
        b"</x:t></x:is></x:c><x:c t='inlineStr'><x:is><x:t>Geboortedatum</x:t></x:is></x:c></x:row>"
        b"<row><c t='inlineStr'><is><r><t>Sa</t></r><r><t>fi Ayaan</t></r><rPh sb='0' eb='1'><t>x</t></rPh></is>"
        b"</c><c><v>45352</v></c></row>"
    )
    (raw,) = read(with_sheet(sheet)).rows()
    assert raw.cells == {"full_name": "Safi Ayaan", "born_on": 45352}


def test_a_quoted_cell_may_hold_separators_and_line_ends() -> None:
    child = only_child(row(Straat='"Sleep;straat\r\nachteraan"'))
    assert child.street == "Sleep;straat achteraan"


def test_a_stray_quote_swallows_no_rows() -> None:
    found = read(csv_bytes([TITLES, row(Naam='"Safi'), AYAAN, row(Naam='D"Hondt'), row(Naam='"Safi'), AYAAN]))
    assert [raw.row_number for raw in found.rows()] == [2, 3, 4, 5, 6]


def test_rows_shorter_and_longer_than_the_titles_are_read_and_the_longer_ones_remarked_on() -> None:
    short, long = judged(csv_bytes([TITLES, AYAAN[:4], [*AYAAN, "", "extra"]]))
    assert isinstance(short, ListedChild)
    assert isinstance(long, ListedChild)
    assert {warning.key for warning in short.warnings} == {"address_missing", "municipality_missing"}
    assert [(warning.key, warning.data) for warning in long.warnings] == [("row_too_long", {"cells": 1})]


def test_blank_rows_repeated_titles_and_a_hint_of_excel_are_no_data() -> None:
    content = b"sep=;\r\n" + csv_bytes([TITLES, AYAAN, [""] * 11, TITLES, row(Voornaam="Kwame")], encoding="utf-8")
    assert [raw.row_number for raw in read(content).rows()] == [3, 6]


def test_unknown_columns_are_kept() -> None:
    found = read(csv_bytes([[*TITLES, "Nationaliteit"], [*AYAAN, "Belg"]]))
    assert found.titles[-1] == "Nationaliteit"
    assert next(found.rows()).values[-1] == "Belg"


def test_rows_can_be_read_again_from_a_path_and_from_an_upload(tmp_path: Path) -> None:
    content = csv_bytes(ROWS)
    (tmp_path / "lijst.csv").write_bytes(content)
    on_disk, upload = read_list(tmp_path / "lijst.csv"), read_list(io.BytesIO(content), "lijst.csv")
    assert on_disk.digest == upload.digest
    for found in (on_disk, upload):
        assert list(found.rows()) == list(found.rows())
