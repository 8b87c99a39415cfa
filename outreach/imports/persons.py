"""The names in a row: in two columns or in one, of the child and of the reference person."""

from dataclasses import dataclass

from outreach.imports.reading import CellError, RawRow
from outreach.imports.reading.values import as_text
from outreach.imports.remarks import Remarks

_NAME_COLUMNS = ("full_name", "full_name_first", "last_name", "first_name")
_LOST = ("?", "\ufffd")


@dataclass(frozen=True, slots=True)
class Names:
    """First and last name; one of them may be empty."""

    first_name: str
    last_name: str


def read_names(row: RawRow, remarks: Remarks) -> Names:
    """The child's names; refuses a row in which no name can be read, warns where something of it is missing."""
    for name in _NAME_COLUMNS:
        if isinstance(row.cells.get(name), CellError):
            remarks.warn("cell_error", name, value=str(row.cells[name]))
    names = Names(_name(row, "first_name"), _name(row, "last_name"))
    if not (names.first_name and names.last_name):
        names = _from_one_column(row, remarks) or names
    if not (names.first_name or names.last_name):
        remarks.refuse("name_missing", *_NAME_COLUMNS)
    elif not names.first_name:
        remarks.warn("first_name_missing", "first_name", "full_name", "full_name_first")
    elif not names.last_name:
        remarks.warn("last_name_missing", "last_name", "full_name", "full_name_first")
    if any(lost in names.first_name + names.last_name for lost in _LOST):
        remarks.warn("name_letter_lost", "last_name", *_NAME_COLUMNS)
    return names


def split_name(text: str, last_name_first: bool) -> tuple[Names, bool]:
    """A name in one cell, and whether that is certain: a comma or capitals tell the parts, else the order guesses.

    Without a sign the one word at the far end is the first name: "Ben Salah Finn", or "Finn Ben Salah".
    """
    before, comma, after = text.partition(",")
    if comma:
        return Names(after.strip(), before.strip()), True
    words = text.split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words):
        return Names(" ".join(word for word in words if word not in capitals), " ".join(capitals)), True
    if last_name_first:
        return Names(" ".join(words[-1:]), " ".join(words[:-1])), len(words) == 2
    return Names(" ".join(words[:1]), " ".join(words[1:])), len(words) == 2


def reference_person(row: RawRow) -> str:
    """The reference person of the household as the list names them."""
    parts = (row.cells.get(name) for name in ("reference_first_name", "reference_person", "reference_last_name"))
    return " ".join(text for part in parts if (text := as_text(part)))


def _from_one_column(row: RawRow, remarks: Remarks) -> Names | None:
    for column in ("full_name", "full_name_first"):
        if text := _name(row, column):
            names, certain = split_name(text, last_name_first=column == "full_name")
            if not certain and names.first_name and names.last_name:
                remarks.warn("name_split", column, first_name=names.first_name, last_name=names.last_name)
            return names
    return None


def _name(row: RawRow, column: str) -> str:
    """A name with at least one letter in it, else nothing."""
    cell = row.cells.get(column)
    if not isinstance(cell, str):
        return ""
    text = as_text(cell)
    return text if text.isalpha() or any(letter.isalpha() for letter in text) else ""
