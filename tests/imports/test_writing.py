"""Files we hand out: no formula runs in them, and what is corrected can be loaded again."""

import io
from datetime import date
from typing import Literal

import pytest
from hypothesis import given, strategies as st
from openpyxl import load_workbook

from outreach.imports.checking import RefusedRow
from outreach.imports.corrections import write_refused
from outreach.imports.listed import ListedChild
from outreach.imports.reading import read_list
from outreach.imports.reading.values import tidy
from outreach.imports.writing import guarded, write_csv, write_xlsx
from tests.imports.files import AYAAN, TITLES, csv_bytes, judged, read, row, xlsx_bytes

ATTACKS = ["=1+1", "+32 9", "-Safi", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "'=1", "''-x"]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_cell_starts_as_a_formula(text: str) -> None:
    assert guarded(text)[0] == "'"
    buffer = io.BytesIO()
    write_xlsx(buffer, ["Naam"], [[text]])
    cell = load_workbook(buffer).worksheets[0]["A2"]
    assert (cell.data_type, str(cell.value)[0]) == ("s", "'")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=40))
def test_the_guard_is_taken_off_again_when_read(text: str) -> None:
    assert tidy(guarded(text)) in (tidy(text), text.strip() or None) or text.startswith("'")


@pytest.mark.parametrize("text", ["'t Hooft", "O'Neil", "Safi", "12-14"])
def test_ordinary_names_are_left_alone(text: str) -> None:
    assert guarded(text) == text


def test_csv_opens_in_excel_by_itself() -> None:
    buffer = io.BytesIO()
    write_csv(buffer, ["Naam", "Datum"], [["Grâce; Safi", date(2024, 3, 1)], [None, 5]])
    assert buffer.getvalue().decode("utf-8-sig") == 'Naam;Datum\r\n"Grâce; Safi";01/03/2024\r\n;5\r\n'
    assert buffer.getvalue().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("layout", ["csv", "xlsx"])
@pytest.mark.parametrize("made", [csv_bytes, lambda rows: xlsx_bytes(("L", rows))])
def test_refused_rows_come_back_whole_and_load_once_corrected(layout: Literal["csv", "xlsx"], made: object) -> None:
    titles = [*TITLES, "Opmerking"]
    rows = [titles, [*AYAAN, "goed"], [*row(Naam="-Safi", Geboortedatum="31/02/2024"), "=1+1"]]
    original = read(made(rows))  # type: ignore[operator]
    refused = [result for result in judged(made(rows)) if isinstance(result, RefusedRow)]  # type: ignore[operator]
    buffer = io.BytesIO()
    write_refused(buffer, original, refused, "nl", layout)
    again = read_list(buffer, f"geweigerd.{layout}")
    assert again.titles[-4:] == ("Opmerking", "Rij", "Wat is er mis", "Wat te doen")
    assert again.columns == original.columns
    (raw,) = again.rows()
    assert raw.cells["last_name"] == "-Safi"
    assert raw.values[-3] in (3, "3")
    assert "31/02/2024" in str(raw.values[-2])
    (once_more,) = judged(buffer.getvalue())
    assert isinstance(once_more, RefusedRow)
    second = io.BytesIO()
    write_refused(second, again, [once_more], "nl", layout)
    assert read_list(second, "geweigerd").titles == again.titles
    if layout == "csv":
        corrected = buffer.getvalue().replace(b";31/02/2024;", b";01/03/2024;")
        (child,) = judged(corrected)
        assert isinstance(child, ListedChild)
        assert child.last_name == "-Safi"


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_any_text_can_be_written(cells: list[str]) -> None:
    for write in (write_csv, write_xlsx):
        buffer = io.BytesIO()
        write(buffer, ["x"] * len(cells), [cells])
        assert buffer.getvalue()
