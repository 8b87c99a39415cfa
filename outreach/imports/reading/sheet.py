"""The rows of one Excel sheet, streamed: memory does not grow with the sheet."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from outreach.imports.reading.package import Package, Parser
from outreach.imports.reading.rows import Cell, CellError
from outreach.imports.reading.values import as_date
from outreach.imports.reading.workbook import Sheet, Workbook, local, unescaped

MAX_COLUMNS = 256
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_MOST_MERGED = 100_000
_LONGEST_CELL = 32_767  # what Excel holds
_DAYS_TO_1904 = 1462
_LAST_SERIAL = 2_958_465  # 31 December 9999
_EPOCH = date(1899, 12, 30)

Row = tuple[int, list[Cell]]


def rows(package: Package, workbook: Workbook, sheet: Sheet) -> Iterator[Row]:
    """Every row the sheet stores, with its number; cells beyond column 256 are not looked at."""
    found: list[Row] = []
    values = _Values(workbook)
    for _ in package.parsing(sheet.part, lambda parser: _listen(parser, values, found)):
        if found:
            yield from found
            found.clear()


def merged_down(package: Package, sheet: Sheet) -> dict[int, list[tuple[int, int]]]:
    """Cells merged over several rows: the first row number, to the columns and last rows they reach down to."""
    merged: dict[int, list[tuple[int, int]]] = {}
    tail, count = b"", 0
    for chunk in package.chunks(sheet.part):
        text = tail + chunk
        for found in _MERGED.finditer(text):
            first, last = int(found[2]), int(found[4])
            if last > first and found[1] == found[3] and count < _MOST_MERGED:
                merged.setdefault(first, []).append((column_of(found[1].decode()), last))
                count += 1
        tail = text[-100:]
    return merged


def column_of(letters: str) -> int:
    """A column by its letters, from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1


class _Values:
    """What the stored text of a cell means, by its type and format."""

    def __init__(self, workbook: Workbook) -> None:
        self._texts = workbook.texts
        self._days = {str(style) for style in workbook.date_styles}
        self._shift = _DAYS_TO_1904 if workbook.counts_from_1904 else 0

    def value(self, kind: str, style: str, text: str) -> Cell:
        if kind == "s":
            return self._texts[int(text)]
        if kind == "n":
            return self._number(style, text)
        if kind == "e":
            return CellError(text)
        if kind == "d":
            return as_date(text) or text
        return unescaped(text)

    def _number(self, style: str, text: str) -> Cell:
        number = float(text)
        if style in self._days and 1 <= number + self._shift <= _LAST_SERIAL:
            return _EPOCH + timedelta(days=int(number) + self._shift)
        return int(number) if number.is_integer() else number


def _listen(parser: Parser, values: _Values, found: list[Row]) -> None:
    """Set handlers that append every passed row to `found`; called for each element, so they do the least they can."""
    place = _Place()
    kind = style = text = before_reading = ""
    listening = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal kind, style, text, listening, before_reading
        name = local(name) if ":" in name else name
        if name == "c":
            place.cell(attributes.get("r", ""))
            kind, style, text = attributes.get("t", "n"), attributes.get("s", ""), ""
        elif name in ("v", "t"):
            listening = True
        elif name == "row":
            place.row(attributes.get("r", ""))
        elif name == "rPh":  # a phonetic reading beside the text is not the text
            before_reading = text

    def end(name: str) -> None:
        nonlocal text, listening
        name = local(name) if ":" in name else name
        if name == "c":
            if text:
                place.keep(values.value(kind, style, text))
        elif name in ("v", "t"):
            listening = False
        elif name == "row":
            found.append((place.row_number, place.cells))
        elif name == "rPh":
            text = before_reading

    def hear(heard: str) -> None:
        nonlocal text
        if listening and len(text) < _LONGEST_CELL:
            text += heard

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, hear


class _Place:
    """The row being read, and the column of its present cell; references may be left out, then it is the next one."""

    def __init__(self) -> None:
        self.row_number = 0
        self.cells: list[Cell] = []
        self._column = -1
        self._known: dict[str, int] = {}

    def row(self, reference: str) -> None:
        self.row_number = int(reference) if reference else self.row_number + 1
        self.cells = []
        self._column = -1

    def cell(self, reference: str) -> None:
        letters = reference.rstrip("0123456789")
        if not letters:
            self._column += 1
            return
        known = self._known.get(letters)
        if known is None:
            known = self._known[letters] = column_of(letters)
        self._column = known

    def keep(self, value: Cell) -> None:
        gap = self._column - len(self.cells)
        if gap < 0 or self._column >= MAX_COLUMNS:  # two cells that claim one place: the first stands
            return
        if gap:
            self.cells.extend([None] * gap)
        self.cells.append(value)
