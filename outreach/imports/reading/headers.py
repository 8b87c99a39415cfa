"""Finds the line with the column titles and tells which column is what, in any order and in usual spellings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from outreach.children.names import fold
from outreach.imports.reading.rows import Cell
from outreach.imports.reading.values import as_text
from outreach.imports.reading.vocabulary import NUMBERLIKE, Vocabulary, title_keys

OUR_REMARKS = frozenset(
    {"rij", "watisermis", "wattedoen", "ligne", "cequinevapas", "quefaire", "row", "whatiswrong", "whattodo"}
)
_COUNTERS = NUMBERLIKE | OUR_REMARKS | {"volgnr", "volgnummer", "rijnummer", "rijnr", "lijn", "lijnnr", "id"}

SEARCHED_ROWS = 50

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Choice:
    """Where somebody says the list stands: on which sheet, and which line has the titles (0: none has, the columns are
    called A, B, C). What is None is found by itself."""

    sheet: str | None = None
    title_row: int | None = None


AS_FOUND = Choice()


@dataclass(frozen=True, slots=True)
class Header:
    """The title line: where it stands, its titles as written, and the column of every field found."""

    row_number: int
    titles: tuple[str, ...]
    columns: dict[str, int]
    silent: frozenset[int]
    """Columns that make no row by themselves: row counters, and the remarks of our own file of refused rows."""

    missing: tuple[str, ...]
    """What it lacks to be such a list."""

    @property
    def is_whole(self) -> bool:
        """Enough to read children from."""
        return not self.missing

    def title(self, *fields: str) -> str:
        """The title, as written in the file, of the first of these fields that has a column."""
        return next((self.titles[self.columns[field]] for field in fields if field in self.columns), "")


def find_header(
    rows: Iterable[tuple[int, Sequence[Cell]]], vocabulary: Vocabulary, choice: Choice = AS_FOUND
) -> Header | None:
    """The line chosen, or the one among the first fifty that names most columns; None when none names even two."""
    start = [row for _, row in zip(range(SEARCHED_ROWS), rows, strict=False)]
    if choice.title_row is not None:
        return _chosen(start, vocabulary, choice.title_row)
    best: Header | None = None
    for row_number, cells in start:
        header = header_of(row_number, cells, vocabulary)
        if len(header.columns) >= 2 and (best is None or _rank(header) > _rank(best)):
            best = header
    return best


def guess_header(rows: Iterable[tuple[int, Sequence[Cell]]], vocabulary: Vocabulary, choice: Choice) -> Header | None:
    """As `find_header`; where no title is known, the first line that could be it: as wide as the list, and words."""
    start = [row for _, row in zip(range(SEARCHED_ROWS), rows, strict=False)]
    found = find_header(start, vocabulary, choice)
    if found is not None or not start or choice.title_row is not None:
        return found
    widths = {row_number: sum(bool(as_text(cell).strip()) for cell in cells) for row_number, cells in start}
    most = max(widths.values())
    likely = (row for row in start if 2 * widths[row[0]] > most and _in_words(row[1]))
    row_number, cells = next(likely, start[0])
    return header_of(row_number, cells, vocabulary)


def header_of(row_number: int, cells: Sequence[Cell], vocabulary: Vocabulary) -> Header:
    """A line read as the title line of such a list."""
    titles = tuple(" ".join(as_text(cell).split()) for cell in cells)
    while titles and not titles[-1]:
        titles = titles[:-1]
    keys = title_keys(titles)
    columns: dict[str, int] = {}
    for position, key in enumerate(keys):
        if field := vocabulary.tied.get(key):
            columns.setdefault(field, position)
    silent = set()
    for position, title in enumerate(titles):
        if keys[position] in vocabulary.tied:
            continue
        before = vocabulary.field_of(titles[position - 1]) if position else None
        field = vocabulary.field_of(title, before)
        if field and field not in columns:
            columns[field] = position
        elif not field and fold(title) in _COUNTERS:
            silent.add(position)
    if "last_name" in columns and "first_name" not in columns:
        columns.setdefault("full_name", columns.pop("last_name"))
    return Header(row_number, titles, columns, frozenset(silent), tuple(vocabulary.missing(columns)))


def _chosen(start: Sequence[tuple[int, Sequence[Cell]]], vocabulary: Vocabulary, title_row: int) -> Header | None:
    if title_row == 0:
        width = max((len(cells) for _, cells in start), default=0)
        return header_of(0, [_letter(place) for place in range(width)], vocabulary) if width else None
    return next((header_of(number, cells, vocabulary) for number, cells in start if number == title_row), None)


def _letter(place: int) -> str:
    """The name of a column by its place, as Excel calls it: A, Z, AA."""
    before, last = divmod(place, 26)
    return (_letter(before - 1) if before else "") + _LETTERS[last]


def _in_words(cells: Sequence[Cell]) -> bool:
    filled = [text for cell in cells if (text := as_text(cell).strip())]
    return len(filled) > 1 and not any(char.isdigit() for text in filled for char in text)


def is_repeated(header: Header, values: Sequence[Cell]) -> bool:
    """Whether a row is the title line once more, as at the top of every printed page."""
    for position in header.columns.values():
        if position >= len(values) or as_text(values[position]).strip() != header.titles[position]:
            return False
    return bool(header.columns)


def _rank(header: Header) -> tuple[bool, int]:
    return header.is_whole, len(header.columns)
