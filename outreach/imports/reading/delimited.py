"""Text files with separators: which encoding, which separator, and one row per line whatever the quotes say."""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from outreach.errors import Unreadable
from outreach.imports.reading.headers import SEARCHED_ROWS, Header
from outreach.imports.reading.rows import Cell
from outreach.imports.reading.source import Source

_DELIMITERS = (";", "\t", ",", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
Finder = Callable[[Iterable[tuple[int, Sequence[Cell]]]], Header | None]
"""How a title line is told among the first rows."""

_LONGEST_LINE = 200_000
_MOST_LINES_IN_A_CELL = 25


@dataclass(frozen=True, slots=True)
class Dialect:
    """How this text file was written, and its title line."""

    encoding: str
    delimiter: str
    header: Header

    def rows(self, source: Source) -> Iterator[tuple[int, list[Cell]]]:
        """Every record after the title line, with its number."""
        records = _records(_lines(source, self.encoding), self.delimiter, len(self.header.titles))
        for row_number, cells in enumerate(records, start=1):
            if row_number > self.header.row_number:
                yield row_number, cells


def recognise(source: Source, find: Finder) -> Dialect:
    """The encoding, separator and title line of a text file; raises Unreadable when it is no list."""
    encoding = _encoding(source)
    start = list(islice(_lines(source, encoding), SEARCHED_ROWS * 2))
    best: Dialect | None = None
    for delimiter in _DELIMITERS:
        header = find(enumerate(_records(iter(start), delimiter, 2), start=1))
        if header and (best is None or _rank(header) > _rank(best.header)):
            best = Dialect(encoding, delimiter, header)
    if best is None:
        raise Unreadable("list_header_missing", file=source.file_name)
    return best


def _rank(header: Header) -> tuple[bool, int, int]:
    return header.is_whole, len(header.columns), len(header.titles)


def _encoding(source: Source) -> str:
    """UTF-8 or UTF-16 as marked, UTF-8 when all of it is, else Windows-1252."""
    with source.open() as stream:
        start = stream.read(4096)
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    if b"\0" in start:
        return _unmarked_utf16(start, source.file_name)
    decoder = codecs.getincrementaldecoder("utf-8")()
    letters_seen = False
    for chunk in source.chunks():
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            damaged = letters_seen or any(byte > 127 for byte in chunk[: max(error.start - 4, 0)])
            return "utf-8" if damaged else "cp1252"
        letters_seen = letters_seen or not text.isascii()
    return "utf-8"


def _unmarked_utf16(start: bytes, file_name: str) -> str:
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > len(start) // 4 and odd > 4 * even:
        return "utf-16-le"
    if even > len(start) // 4 and even > 4 * odd:
        return "utf-16-be"
    raise Unreadable("file_other", file=file_name)


def _lines(source: Source, encoding: str) -> Iterator[str]:
    """The lines with their ends; what cannot be decoded becomes U+FFFD and is noticed in the cell it stands in."""
    with source.open() as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        try:
            first = text.readline(_LONGEST_LINE)
            if not first.lower().startswith("sep="):
                yield first
            else:
                yield "\n"  # a hint of Excel to itself; the line keeps its number
            while line := text.readline(_LONGEST_LINE):
                yield line
        except UnicodeError as error:
            raise Unreadable("file_damaged", file=source.file_name) from error
        finally:
            text.detach()


def _records(lines: Iterator[str], delimiter: str, width: int) -> Iterator[list[Cell]]:
    """One record per line, more lines only where a quoted cell really runs on.

    A stray quote must not swallow the rows after it: a line that runs on ends where a next line is a whole row itself,
    and then every line of it is read as it stands.
    """
    waiting: list[str] = []
    for line in lines:
        if not waiting and '"' not in line:
            yield _cells(line, delimiter, csv.QUOTE_NONE)
            continue
        if waiting and (line.count(delimiter) >= width - 1 > 0 or len(waiting) >= _MOST_LINES_IN_A_CELL):
            yield from _as_they_stand(waiting, delimiter)
            waiting = []
        waiting.append(line)
        if sum(part.count('"') for part in waiting) % 2 == 0:
            yield _cells("".join(waiting), delimiter, csv.QUOTE_MINIMAL)
            waiting = []
    yield from _as_they_stand(waiting, delimiter)


def _as_they_stand(lines: list[str], delimiter: str) -> Iterator[list[Cell]]:
    for line in lines:
        yield _cells(line, delimiter, csv.QUOTE_NONE)


def _cells(record: str, delimiter: str, quoting: int) -> list[Cell]:
    if '"' not in record:  # nearly every line
        bare = record.rstrip("\r\n")
        return list(bare.split(delimiter)) if bare else []
    try:
        return list(next(csv.reader([record.rstrip("\r\n")], delimiter=delimiter, quoting=quoting), []))  # type: ignore[arg-type]
    except csv.Error:  # a bare line end inside a cell, or a cell beyond every size
        return list(record.split(delimiter))
