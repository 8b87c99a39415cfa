"""Dated exceptions: weeks in which the government closed the schools against the legal rule."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "exceptions.csv"


@dataclass(frozen=True)
class DatedException:
    """Schools closed from `start` to `end`, both included. A row flagged `remembered` is shown, never applied."""

    key: str
    start: date
    end: date
    reason: str
    flag: str
    source: str

    @property
    def applied(self) -> bool:
        """Only what a source confirms changes the calendar."""
        return self.flag == "verified"


@cache
def dated_exceptions() -> tuple[DatedException, ...]:
    """Every row of `data/exceptions.csv`, in order of date."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [_read(row) for row in csv.DictReader(file)]
    return tuple(sorted(rows, key=lambda row: row.start))


def _read(row: dict[str, str]) -> DatedException:
    return DatedException(
        key=row["key"],
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"]),
        reason=row["reason"],
        flag=row["flag"],
        source=row["source"],
    )
