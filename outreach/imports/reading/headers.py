"""Finds the line with the column titles and tells which column is what, in any order and in usual spellings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from outreach.children.names import fold
from outreach.imports.reading.rows import Cell
from outreach.imports.reading.values import as_text
from outreach.imports.reading.vocabulary import NUMBERLIKE, Vocabulary

OUR_REMARKS = frozenset(
    {"rij", "watisermis", "wattedoen", "ligne", "cequinevapas", "quefaire", "row", "whatiswrong", "whattodo"}
)
_COUNTERS = NUMBERLIKE | OUR_REMARKS | {"volgnr", "volgnummer", "rijnummer", "rijnr", "lijn", "lijnnr", "id"}

SEARCHED_ROWS = 50


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


def find_header(rows: Iterable[tuple[int, Sequence[Cell]]], vocabulary: Vocabulary) -> Header | None:
    """The line among the first fifty that names most columns; None when none names even two."""
    best: Header | None = None
    for _, (row_number, cells) in zip(range(SEARCHED_ROWS), rows, strict=False):
        header = header_of(row_number, cells, vocabulary)
        if len(header.columns) >= 2 and (best is None or _rank(header) > _rank(best)):
            best = header
    return best


def header_of(row_number: int, cells: Sequence[Cell], vocabulary: Vocabulary) -> Header:
    """A line read as the title line of such a list."""
    titles = tuple(" ".join(as_text(cell).split()) for cell in cells)
    while titles and not titles[-1]:
        titles = titles[:-1]
    columns: dict[str, int] = {}
    silent = set()
    for position, title in enumerate(titles):
        before = vocabulary.field_of(titles[position - 1]) if position else None
        field = vocabulary.field_of(title, before)
        if field and field not in columns:
            columns[field] = position
        elif not field and fold(title) in _COUNTERS:
            silent.add(position)
    if "last_name" in columns and "first_name" not in columns:
        columns.setdefault("full_name", columns.pop("last_name"))
    return Header(row_number, titles, columns, frozenset(silent), tuple(vocabulary.missing(columns)))


def is_repeated(header: Header, values: Sequence[Cell]) -> bool:
    """Whether a row is the title line once more, as at the top of every printed page."""
    return all(
        position < len(values) and as_text(values[position]).strip() == header.titles[position]
        for position in header.columns.values()
    )


def _rank(header: Header) -> tuple[bool, int]:
    return header.is_whole, len(header.columns)
