"""The door: a file in, its title line and its rows out, whichever way it was written."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from outreach.errors import Unreadable
from outreach.imports.reading import delimited
from outreach.imports.reading.headers import SEARCHED_ROWS, Header, find_header, is_repeated
from outreach.imports.reading.inspection import Merged
from outreach.imports.reading.rows import Cell, RawRow
from outreach.imports.reading.source import Source
from outreach.imports.reading.values import as_text, tidy
from outreach.imports.reading.vocabulary import NOT_ENROLLED, Vocabulary
from outreach.imports.reading.workbook import Sheet, open_workbook

_TOTAL = re.compile(r"(?:sub)?(?:totaal|total|aantal|som|nombre)\b", re.IGNORECASE)
_MOST_IN_A_TOTAL = 3

NumberedRows = Iterator[tuple[int, list[Cell]]]


@dataclass(frozen=True)
class ListFile:
    """A list that can be read: what was found about it, and its rows as often as they are asked for.

    `layout` is "csv" or "xlsx"; `digest` the SHA-256 of the file; `columns` field -> position in `titles`.
    """

    file_name: str
    layout: str
    sheet: str | None
    digest: str
    header: Header
    detail: dict[str, str]
    vocabulary: Vocabulary
    _numbered: Callable[[], NumberedRows] = field(repr=False)

    @property
    def titles(self) -> tuple[str, ...]:
        """The column titles as they stand in the file, unknown columns included."""
        return self.header.titles

    @property
    def columns(self) -> dict[str, int]:
        return self.header.columns

    def title(self, *fields: str) -> str:
        """The title in the file of the first of these fields that has a column, else nothing."""
        return self.header.title(*fields)

    def rows(self) -> Iterator[RawRow]:
        """The data rows that are not blank, from the start, one by one.

        Repeated title lines and totals are no data. One reading at a time when the file is a stream. Raises Unreadable
        when the file turns out to be damaged further on.
        """
        for row_number, values in self._numbered():
            row = _raw_row(self, row_number, values)
            if row is not None:
                yield row


def read_list(
    path_or_stream: str | Path | BinaryIO, file_name: str | None = None, vocabulary: Vocabulary = NOT_ENROLLED
) -> ListFile:
    """Look at a file: CSV or Excel (xlsx), any encoding, separator, sheet and order of columns.

    `vocabulary` says which kind of list is expected.

    A stream must be binary and able to go back. Raises Unreadable (key + data) when the file holds no list of children.
    """
    source = Source(path_or_stream, file_name or Path(str(path_or_stream)).name)
    digest = source.digest()
    found = (_excel_list if source.is_package() else _text_list)(source, digest, vocabulary)
    _require_columns(found)
    return found


def _text_list(source: Source, digest: str, vocabulary: Vocabulary) -> ListFile:
    dialect = delimited.recognise(source, vocabulary)
    detail = {"encoding": dialect.encoding, "delimiter": dialect.delimiter}
    header = dialect.header
    return ListFile(source.file_name, "csv", None, digest, header, detail, vocabulary, lambda: dialect.rows(source))


def _excel_list(source: Source, digest: str, vocabulary: Vocabulary) -> ListFile:
    with open_workbook(source) as sheets:
        chosen = _best_sheet(sheets, vocabulary)
    if chosen is None:
        raise Unreadable("list_header_missing", file=source.file_name)
    position, name, header = chosen
    rows = partial(_sheet_rows, source, position, header)
    return ListFile(source.file_name, "xlsx", name, digest, header, {}, vocabulary, rows)


def _best_sheet(sheets: Sequence[Sheet], vocabulary: Vocabulary) -> tuple[int, str, Header] | None:
    """The sheet whose titles tell most; a visible one goes before a hidden one, an earlier before a later."""
    best: tuple[int, str, Header] | None = None
    best_rank: tuple[bool, bool, int] | None = None
    for position, sheet in enumerate(sheets):
        header = find_header(islice(sheet.rows(), SEARCHED_ROWS), vocabulary)
        if header is None:
            continue
        rank = (header.is_whole, sheet.visible, len(header.columns))
        if best_rank is None or rank > best_rank:
            best, best_rank = (position, sheet.name, header), rank
    return best


def _sheet_rows(source: Source, position: int, header: Header) -> NumberedRows:
    with open_workbook(source) as sheets:
        sheet = sheets[position]
        rows = (row for row in sheet.rows() if row[0] > header.row_number)
        yield from _filled_down(rows, sheet.merged) if sheet.merged else rows


def _filled_down(rows: NumberedRows, merged: Merged) -> NumberedRows:
    """A cell merged over several rows counts for each row that has something of its own."""
    reaching: dict[int, tuple[int, Cell]] = {}
    for row_number, cells in rows:
        if any(cell is not None for cell in cells):
            for column, (last, value) in list(reaching.items()):
                if row_number > last:
                    del reaching[column]
                elif column >= len(cells) or cells[column] is None:
                    cells.extend([None] * (column + 1 - len(cells)))
                    cells[column] = value
        for column, last in merged.get(row_number, ()):
            if column < len(cells):
                reaching[column] = (last, cells[column])
        yield row_number, cells


def _raw_row(found: ListFile, row_number: int, values: Sequence[Cell]) -> RawRow | None:
    """The row, or None when it is blank, a total, or the title line again."""
    header = found.header
    width = len(header.titles)
    tidied = [tidy(value) for value in values]
    filled = [position for position, value in enumerate(tidied) if value is not None]
    if not filled or header.silent.issuperset(filled):
        return None
    cells = {name: tidied[position] if position < len(tidied) else None for name, position in header.columns.items()}
    if _is_total(cells, tidied, filled, found.vocabulary.proof) or is_repeated(header, values):
        return None
    kept = (*tidied[:width], *([None] * (width - len(tidied))))
    return RawRow(row_number, cells, kept, sum(position >= width for position in filled))


def _is_total(cells: dict[str, Cell], values: list[Cell], filled: list[int], proof: Sequence[str]) -> bool:
    """A line such as "Totaal: 180": few cells, the first says so, and nothing else that belongs to a child."""
    if len(filled) > _MOST_IN_A_TOTAL:
        return False
    first = values[filled[0]]
    telling = (cells.get(name) for name in proof)
    return _TOTAL.match(as_text(first)) is not None and all(cell is None or cell is first for cell in telling)


def _require_columns(found: ListFile) -> None:
    betrayal = found.vocabulary.betrayal(found.titles)
    if betrayal is not None:
        raise Unreadable(betrayal, file=found.file_name)
    if found.header.is_whole:
        return
    raise Unreadable(
        "list_columns_missing",
        file=found.file_name,
        row=found.header.row_number,
        missing=list(found.header.missing),
        found=[title for title in found.titles if title],
    )
