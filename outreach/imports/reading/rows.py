"""What a row of a list is before anybody has judged it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


class CellError(str):
    """The error a spreadsheet shows instead of a value (#N/A, #VERW!); the value itself is not in the file."""

    __slots__ = ()


Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row that is not blank.

    `row_number` counts as a spreadsheet does (the first line of the file is 1). `cells` holds the columns that were
    recognised, by field; `values` everything as it stood, in the order of `ListFile.titles`; `surplus` tells how many
    filled cells stand beyond the last title (a sign that cells have shifted).
    """

    row_number: int
    cells: Mapping[str, Cell]
    values: tuple[Cell, ...]
    surplus: int = 0
