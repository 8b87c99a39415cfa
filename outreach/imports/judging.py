"""A whole list judged without looking at what is known: children, rows of the same child, refused rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from outreach.imports.checking import RefusedRow, check
from outreach.imports.doubles import Doubles
from outreach.imports.findings import Finding
from outreach.imports.listed import ListedChild, ListedChildren
from outreach.imports.packed import PackedRows
from outreach.imports.reading import ListFile


@dataclass(frozen=True, slots=True)
class DoubleRow:
    """A row of a child that an earlier row tells of already."""

    child: ListedChild
    first_row: int

    @property
    def row_number(self) -> int:
        """Its row in the file."""
        return self.child.row_number


@dataclass(frozen=True)
class Judged:
    """What a list holds; the three parts are all its rows."""

    children: ListedChildren = field(default_factory=ListedChildren)
    doubles: PackedRows[DoubleRow] = field(default_factory=PackedRows)
    refused: PackedRows[RefusedRow] = field(default_factory=PackedRows)

    @property
    def rows(self) -> int:
        """How many rows that were not blank."""
        return len(self.children) + len(self.doubles) + len(self.refused)

    @property
    def warnings(self) -> list[Finding]:
        """What to look at in the rows that are loaded."""
        return [warning for child in self.children for warning in child.warnings]


@dataclass(frozen=True)
class Incoming:
    """A list that was read and judged; `titles` are its columns as they stand in the file, `digest` its SHA-256."""

    file_name: str
    digest: str
    layout: str
    titles: tuple[str, ...]
    judged: Judged


def receive(list_file: ListFile, as_of: date) -> Incoming:
    """Read every row as of the list's date. Raises Unreadable when the file is damaged further on."""
    judged = sort_out(check(row, list_file, as_of) for row in list_file.rows())
    return Incoming(list_file.file_name, list_file.digest, list_file.layout, list_file.titles, judged)


def sort_out(checked: Iterable[ListedChild | RefusedRow]) -> Judged:
    """Rows that were checked, in the order of the file, the doubles among them told apart.

    A double row that has the number its first row lacks gives it that number, so that no number is lost.
    """
    seen = Doubles()
    judged = Judged()
    given: dict[str, int] = {}
    for one in checked:
        if isinstance(one, RefusedRow):
            judged.refused.append(one)
            continue
        number = one.insz.number if one.insz else ""
        first = given.get(number) or seen.earlier_row(one)
        if first is None:
            judged.children.append(one)
            continue
        judged.doubles.append(DoubleRow(one, first))
        if one.insz and judged.children.give_number(first, one.insz):
            given[number] = first
    return judged
