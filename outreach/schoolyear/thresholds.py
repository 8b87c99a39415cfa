"""How many half days a child must be present in a school year, for which purpose and what counts: dated data.

Sources stand beside each row of `data/thresholds.csv`. Never taken down for a child that starts late.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from outreach.schoolyear.years import SchoolYear

DATA = Path(__file__).parent / "data"
THRESHOLDS, PRESUMED = DATA / "thresholds.csv", DATA / "presumed_present.csv"


class Purpose(StrEnum):
    """What the half days are asked for."""

    ALLOWANCE = "allowance"
    KLEUTERTOESLAG = "kleutertoeslag"
    ADMISSION = "admission"
    COMPULSORY = "compulsory"


class Basis(StrEnum):
    """What counts: half days the child was there, or those and the absences the head accepts."""

    ACTUAL = "actual"
    WITH_ACCEPTED = "with_accepted"


@dataclass(frozen=True, slots=True)
class Threshold:
    """So many half days for one purpose, at an age, in school years from `first_year` up to and including `last_year`
    (by the year they start in; None: until further notice)."""

    purpose: Purpose
    age: int
    first_year: int
    last_year: int | None
    half_days: int
    basis: Basis
    source: str

    def covers(self, year: int) -> bool:
        """Whether it holds in the school year that starts in `year`."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


@dataclass(frozen=True, slots=True)
class Presumed:
    """Half days from `start` to `end`, both included, in which by decision every kleuter counts as present."""

    start: date
    end: date
    reason: str
    source: str


def age_in(year: SchoolYear, born_year: int) -> int:
    """The age the thresholds go by: the year in which the school year starts minus the year of birth."""
    return year.start - born_year


@cache
def thresholds_for(age: int, year: SchoolYear) -> tuple[Threshold, ...]:
    """Every threshold for a child of this age (`age_in`) in that school year, in the order of the data; maybe none."""
    return tuple(each for each in all_thresholds() if each.age == age and each.covers(year.start))


def marking(thresholds: Iterable[Threshold]) -> Threshold | None:
    """The threshold that marks a child: the highest; of equal ones the one where only actual presence counts."""
    return max(thresholds, key=lambda each: (each.half_days, each.basis is Basis.ACTUAL), default=None)


@cache
def all_thresholds() -> tuple[Threshold, ...]:
    """Every verified row of `data/thresholds.csv`."""
    with THRESHOLDS.open(encoding="utf-8", newline="") as file:
        return tuple(_read(row) for row in csv.DictReader(file) if row["flag"] == "verified")


@cache
def presumed_present() -> tuple[Presumed, ...]:
    """Every row of `data/presumed_present.csv`."""
    with PRESUMED.open(encoding="utf-8", newline="") as file:
        return tuple(
            Presumed(date.fromisoformat(row["start"]), date.fromisoformat(row["end"]), row["reason"], row["source"])
            for row in csv.DictReader(file)
        )


def _read(row: dict[str, str]) -> Threshold:
    return Threshold(
        purpose=Purpose(row["purpose"]),
        age=int(row["age"]),
        first_year=int(row["first_year"]),
        last_year=int(row["last_year"]) if row["last_year"] else None,
        half_days=int(row["half_days"]),
        basis=Basis(row["basis"]),
        source=row["source"],
    )
