"""An Excel workbook as openpyxl streams it: its sheets, and their rows in the cells of this program."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._reader import WorkSheetParser

from outreach.errors import Unreadable
from outreach.imports.reading.inspection import LAST_ROW, Merged, piece_name
from outreach.imports.reading.package import damage_named, inspect_package
from outreach.imports.reading.rows import Cell, CellError
from outreach.imports.reading.source import Source

MAX_COLUMNS = 256

# Its warnings are about looks and formulas we do not read, and can quote the content of a cell.
warnings.filterwarnings("ignore", module=r"openpyxl\.")

Row = tuple[int, list[Cell]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet, whether people see it, and its cells merged downwards: row -> (column, last row)."""

    name: str
    visible: bool
    merged: Merged
    _file_name: str
    _sheet: Any

    def rows(self) -> Iterator[Row]:
        """Every row that holds something, with its number; cells beyond column 256 are not looked at.

        The size a sheet claims to have is not believed. Raises Unreadable.
        """
        last = 0
        with damage_named(self._file_name), self._sheet._get_source() as stream:
            for row_number, stored in _parser(self._sheet, stream).parse():
                if row_number > LAST_ROW:
                    return
                if row_number > last and (cells := _cells(stored)):
                    yield row_number, cells
                last = max(last, row_number)


def _parser(sheet: Any, stream: Any) -> WorkSheetParser:
    """What openpyxl itself reads a streamed sheet with, without the object it makes for every cell, blank ones too."""
    workbook = sheet.parent
    return WorkSheetParser(
        stream,
        sheet._shared_strings,
        data_only=workbook.data_only,
        epoch=workbook.epoch,
        date_formats=workbook._date_formats,
        timedelta_formats=workbook._timedelta_formats,
    )


@contextmanager
def open_workbook(source: Source) -> Iterator[list[Sheet]]:
    """The sheets of a workbook, to be read while it is open; raises Unreadable."""
    with source.open() as stream:
        merged = inspect_package(stream, source.file_name)
        stream.seek(0)
        with damage_named(source.file_name):
            workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            yield [_sheet(sheet, merged, source.file_name) for sheet in workbook.worksheets]
        finally:
            workbook.close()


def _sheet(sheet: Any, merged: dict[str, Merged], file_name: str) -> Sheet:
    part = sheet._worksheet_path  # the reader tells nowhere else which part a sheet is, nor what is merged in it
    if piece_name(part) != "row":
        raise Unreadable("file_damaged", file=file_name)
    return Sheet(sheet.title, sheet.sheet_state == "visible", merged.get(part, {}), file_name, sheet)


def _cells(stored: Sequence[dict[str, Any]]) -> list[Cell]:
    """The cells up to the last one that is there."""
    cells: list[Cell] = []
    for cell in stored:
        column, value = cell["column"], cell["value"]
        if value is None or column > MAX_COLUMNS:
            continue
        if column > len(cells):
            cells.extend([None] * (column - len(cells)))
        cells[column - 1] = _value(value, cell["data_type"])
    return cells


def _value(value: Any, data_type: str) -> Cell:
    """Days as days, whole numbers as such, errors as errors, and whatever else there is as text."""
    if data_type == "e":
        return CellError(value)
    if isinstance(value, str):
        return unescape(value) if "_x" in value else value or None
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool):
        return str(int(value))
    return value if isinstance(value, int | date) else str(value)
