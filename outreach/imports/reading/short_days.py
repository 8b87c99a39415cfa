"""Days as people write them in a list of their own: "12/3" without a year."""

import re
from datetime import date

from outreach.imports.reading.rows import Cell
from outreach.imports.reading.values import as_date

_SHORT_DAY = re.compile(r"(\d{1,2})\s?[-/.]\s?(\d{1,2})[-/.]?")
_EARLIEST = date(2010, 1, 1)
"""Nobody follows a child of today since longer: such a day is something else, and kept as it stands."""


def day_written(cell: Cell, as_of: date, *, ahead: bool) -> date | None:
    """A day as lists write it; "12/3" is the last one by the day of the list, or the next one where it may be ahead."""
    found = as_date(cell)
    if found is None and isinstance(cell, str) and (short := _SHORT_DAY.fullmatch(cell.strip())):
        found = _without_year(int(short[1]), int(short[2]), as_of, ahead=ahead)
    if found is None or found < _EARLIEST or (found > as_of and not ahead):
        return None
    return found


def _without_year(day: int, month: int, as_of: date, *, ahead: bool) -> date | None:
    for year in (as_of.year, as_of.year + 1) if ahead else (as_of.year, as_of.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if (found >= as_of) if ahead else (found <= as_of):
            return found
    return None
