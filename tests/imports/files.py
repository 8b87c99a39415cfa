"""Makes list files of every sort, sound and broken, of invented children (numbers with counter 999)."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from outreach.imports.checking import RefusedRow, check
from outreach.imports.listed import ListedChild
from outreach.imports.reading import ListFile, read_list

AS_OF = date(2026, 12, 15)
TITLES = (
    "INSZ",
    "Naam",
    "Voornaam",
    "Geboortedatum",
    "Straat",
    "Huisnummer",
    "Bus",
    "Postcode",
    "Gemeente",
    "NIS-code",
    "Referentiepersoon",
)
AYAAN = ("24030199910", "Safi", "Ayaan", "01/03/2024", "Sleepstraat", "171", "1", "9000", "Gent", "44021", "Grâce Safi")
SHEET_XML = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)


def number_of(born_on: date, counter: int = 999) -> str:
    base = f"{born_on:%y%m%d}{counter:03}"
    return f"{base}{97 - int('2' + base) % 97:02}"


def row(**changes: Any) -> list[Any]:
    """Ayaan's row, with some columns changed by title."""
    return [changes.get(title.replace("-", "_"), value) for title, value in zip(TITLES, AYAAN, strict=True)]


def csv_bytes(rows: Iterable[Sequence[Any]], delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    lines = (delimiter.join("" if cell is None else str(cell) for cell in cells) for cells in rows)
    return ("\r\n".join(lines) + "\r\n").encode(encoding, errors="replace")


def xlsx_bytes(*sheets: tuple[str, Iterable[Sequence[Any]]], hidden: Iterable[str] = (), merged: str = "") -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for cells in rows:
            sheet.append(list(cells))
        if name in hidden:
            sheet.sheet_state = "hidden"
        if merged:
            sheet.merge_cells(merged)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def with_part(package: bytes, part: str, content: bytes) -> bytes:
    """The same zip package with one part replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, content)
    return buffer.getvalue()


def with_sheet(rows_xml: bytes) -> bytes:
    """A workbook whose only sheet holds exactly this XML between <sheetData> and its end."""
    return with_part(
        xlsx_bytes(("Lijst", [["x"]])), "xl/worksheets/sheet1.xml", SHEET_XML + rows_xml + b"</sheetData></worksheet>"
    )


def read(content: bytes, name: str = "lijst.csv") -> ListFile:
    return read_list(io.BytesIO(content), name)


def judged(content: bytes, as_of: date = AS_OF) -> list[ListedChild | RefusedRow]:
    found = read(content)
    return [check(raw, found, as_of) for raw in found.rows()]


def only_child(*rows: Sequence[Any]) -> ListedChild:
    """The one child in a CSV list of the usual titles and this one row."""
    (child,) = judged(csv_bytes([TITLES, *rows]))
    assert isinstance(child, ListedChild), child.faults
    return child


def only_refusal(*rows: Sequence[Any]) -> RefusedRow:
    (refused,) = judged(csv_bytes([TITLES, *rows]))
    assert isinstance(refused, RefusedRow), refused
    return refused
