"""The one writer of CSV and Excel files: what a spreadsheet would run as a formula is written as text."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font

Value = str | int | float | date | None

_RUN_AS_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST_CELL = 32_000


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before = + - @ and control characters.

    Reading takes exactly that apostrophe away again, so a name that starts with a dash survives the round trip.
    """
    text = _NOT_IN_XML.sub("", text)
    if _RUN_AS_FORMULA.match(text):
        text = f"'{text}"
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"


def write_csv(stream: BinaryIO, titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write `;` with UTF-8 BOM, as Excel in Flanders opens it by itself; days as dd/mm/yyyy. Leaves the stream open."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    try:
        writer.writerow([guarded(title) for title in titles])
        for row in rows:
            writer.writerow([_as_text(value) for value in row])
    finally:
        text.flush()
        text.detach()


def write_xlsx(stream: BinaryIO, titles: Sequence[str], rows: Iterable[Sequence[Value]], sheet: str = "Lijst") -> None:
    """Write one sheet, titles in bold and kept in sight; numbers of people stay text, days are days."""
    workbook = Workbook(write_only=True)
    worksheet = workbook.create_sheet(sheet)
    worksheet.freeze_panes = "A2"
    worksheet.append([_cell(worksheet, guarded(title), bold=True) for title in titles])
    for row in rows:
        worksheet.append([_cell(worksheet, value) for value in row])
    workbook.save(stream)


def _as_text(value: Value) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str):
        return guarded(value)
    return "" if value is None else str(value)


def _cell(worksheet: object, value: Value, bold: bool = False) -> Cell:
    if isinstance(value, datetime):
        value = value.date()
    cell = WriteOnlyCell(worksheet, value=guarded(value) if isinstance(value, str) else value)  # type: ignore[arg-type]
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    if bold:
        cell.font = Font(bold=True)
    return cell
