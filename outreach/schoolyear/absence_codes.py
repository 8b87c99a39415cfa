"""The codes by which schools tell the half days of a kleuter: what each counts as, since when and at which ages.

Dated data; sources stand beside each row of `data/absence_codes.csv`.
"""

import csv
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "absence_codes.csv"


class Counts(StrEnum):
    """What a half day with a code is."""

    PRESENT = "present"
    ABSENT = "absent"
    """No reason is registered."""
    ACCEPTED = "accepted"
    UNLAWFUL = "unlawful"


@dataclass(frozen=True, slots=True)
class AbsenceCode:
    """A code at an age (`age_in`), from `first_on` up to and including `last_on` (None: no limit)."""

    code: str
    first_on: date | None
    last_on: date | None
    youngest: int
    oldest: int
    counts: Counts

    def holds_on(self, day: date) -> bool:
        """Whether the code could be given on that day."""
        return (self.first_on is None or self.first_on <= day) and (self.last_on is None or day <= self.last_on)

    def is_for(self, age: int) -> bool:
        """Whether a child of that age could get it."""
        return self.youngest <= age <= self.oldest


@cache
def codes_named(code: str) -> tuple[AbsenceCode, ...]:
    """Every row of that code; none when nobody knows it."""
    return tuple(each for each in all_absence_codes() if each.code == code)


@cache
def all_absence_codes() -> tuple[AbsenceCode, ...]:
    """Every row of `data/absence_codes.csv`."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_read(row) for row in csv.DictReader(file))


def counted_as(code: str) -> Counts:
    """What a code that was taken counts as: the same at every age and on every day."""
    return codes_named(code)[0].counts


def _read(row: dict[str, str]) -> AbsenceCode:
    return AbsenceCode(
        code=row["code"],
        first_on=date.fromisoformat(row["first_on"]) if row["first_on"] else None,
        last_on=date.fromisoformat(row["last_on"]) if row["last_on"] else None,
        youngest=int(row["youngest"]),
        oldest=int(row["oldest"]),
        counts=Counts(row["counts"]),
    )
