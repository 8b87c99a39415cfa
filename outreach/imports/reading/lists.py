"""The door: a file in, its title line and its rows out, whichever way it was written."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from outreach.errors import Unreadable
from outreach.imports.progress import Stage, Told
from outreach.imports.reading import delimited
from outreach.imports.reading.delimited import Finder
from outreach.imports.reading.headers import (
    AS_FOUND,
    SEARCHED_ROWS,
    Choice,
    Header,
    find_header,
    guess_header,
    is_repeated,
)
from outreach.imports.reading.inspection import Merged
from outreach.imports.reading.rows import Cell, RawRow
from outreach.imports.reading.source import Source
from outreach.imports.reading.values import as_text, tidy
from outreach.imports.reading.vocabulary import NOT_ENROLLED, Vocabulary
from outreach.imports.reading.workbook import Sheet, open_workbook

_TOTAL = re.compile(r"(?:sub)?(?:totaal|total|aantal|som|nombre)\b", re.IGNORECASE)
_MOST_IN_A_TOTAL = 3
_TOLD_EVERY = 500

Numbered = tuple[int, list[Cell]]
NumberedRows = Iterator[Numbered]


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

    def followed(self, told: Told) -> "ListFile":
        """The same list, telling how many rows are read while it is."""
        return replace(self, _numbered=partial(_counted, self._numbered, told))

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
    path_or_stream: str | Path | BinaryIO,
    file_name: str | None = None,
    vocabulary: Vocabulary = NOT_ENROLLED,
    choice: Choice = AS_FOUND,
) -> ListFile:
    """Look at a file: CSV or Excel (xlsx), any encoding, separator, sheet and order of columns.

    `vocabulary` says which kind of list is expected, `choice` where somebody says it stands.

    A stream must be binary and able to go back. Raises Unreadable (key + data) when the file holds no list of children.
    """
    source = Source(path_or_stream, file_name or Path(str(path_or_stream)).name)
    found = _found(source, vocabulary, choice, partial(find_header, vocabulary=vocabulary, choice=choice))
    _require_columns(found)
    return found


def guess_list(
    path_or_stream: str | Path | BinaryIO, file_name: str, vocabulary: Vocabulary, choice: Choice = AS_FOUND
) -> ListFile:
    """The same file, also when its titles say nothing to us: what could be its title line, for somebody to say.

    Raises Unreadable when there are no rows to look at.
    """
    source = Source(path_or_stream, file_name)
    return _found(source, vocabulary, choice, partial(guess_header, vocabulary=vocabulary, choice=choice))


def first_rows(path_or_stream: str | Path | BinaryIO, file_name: str, found: ListFile, most: int) -> list[Numbered]:
    """The first rows that hold something, to point out the title line among them."""
    source = Source(path_or_stream, file_name)
    if found.sheet is None:
        rows: NumberedRows = delimited.Dialect(
            found.detail["encoding"], found.detail["delimiter"], Header(0, found.titles, {}, frozenset(), ())
        ).rows(source)
        return list(islice((row for row in rows if any(as_text(cell).strip() for cell in row[1])), most))
    with open_workbook(source) as sheets:
        return list(islice(next(one for one in sheets if one.name == found.sheet).rows(), most))


def sheet_names(path_or_stream: str | Path | BinaryIO, file_name: str) -> list[str]:
    """The sheets of a workbook; none for a text file."""
    source = Source(path_or_stream, file_name)
    if not source.is_package():
        return []
    with open_workbook(source) as sheets:
        return [sheet.name for sheet in sheets]


def _found(source: Source, vocabulary: Vocabulary, choice: Choice, find: Finder) -> ListFile:
    digest = source.digest()
    if source.is_package():
        return _excel_list(source, digest, vocabulary, choice, find)
    return _text_list(source, digest, vocabulary, find)


def _text_list(source: Source, digest: str, vocabulary: Vocabulary, find: Finder) -> ListFile:
    dialect = delimited.recognise(source, find)
    detail = {"encoding": dialect.encoding, "delimiter": dialect.delimiter}
    header = dialect.header
    return ListFile(source.file_name, "csv", None, digest, header, detail, vocabulary, lambda: dialect.rows(source))


def _excel_list(source: Source, digest: str, vocabulary: Vocabulary, choice: Choice, find: Finder) -> ListFile:
    with open_workbook(source) as sheets:
        chosen = _best_sheet(sheets, choice, find)
    if chosen is None:
        raise Unreadable("list_header_missing", file=source.file_name)
    position, name, header = chosen
    rows = partial(_sheet_rows, source, position, header)
    return ListFile(source.file_name, "xlsx", name, digest, header, {}, vocabulary, rows)


def _best_sheet(sheets: Sequence[Sheet], choice: Choice, find: Finder) -> tuple[int, str, Header] | None:
    """The sheet chosen, or whose titles tell most; a visible one before a hidden one, an earlier before a later."""
    best: tuple[int, str, Header] | None = None
    best_rank: tuple[bool, bool, int, int] | None = None
    for position, sheet in enumerate(sheets):
        if choice.sheet is not None and sheet.name != choice.sheet:
            continue
        header = find(islice(sheet.rows(), SEARCHED_ROWS))
        if header is None:
            continue
        unknown = 0 if header.columns else len(header.titles)
        rank = (header.is_whole, sheet.visible, len(header.columns), unknown)
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


def _counted(numbered: Callable[[], NumberedRows], told: Told) -> NumberedRows:
    for count, row in enumerate(numbered(), start=1):
        if count % _TOLD_EVERY == 0:
            told(Stage.READ, count)
        yield row


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
