"""How often the band of a projection holds: school years of simulated children with known outcome.

    .venv/bin/python -m tests.attendance.calibration

Each child has a rate of presence, absences in spells of one day to seven, and a rate that may change half way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, product
from random import Random

from outreach.attendance.projection import Presence, left_after, outlook
from outreach.schoolyear import (
    Basis,
    SchoolCalendar,
    SchoolYear,
    age_in,
    marking,
    presumed_present,
    school_year_of,
    thresholds_for,
)

CALENDAR = SchoolCalendar()
SPELLS = (2, 4, 8, 14)
"""Mean length of a spell of absence in half days."""

YEARS = (2017, 2019, 2020, 2026)
"""School years whose rules differ."""


@dataclass(frozen=True)
class Situation:
    """From which day a child is at school, when a report is made, its year of birth, and what counts."""

    entry_on: date
    as_of: date
    born: int
    basis: Basis = Basis.ACTUAL

    @property
    def certain(self) -> bool:
        """Whether no half day is left that is counted by who comes."""
        return left_after(self.as_of, CALENDAR).half_days == 0


def presence_of_a_year(chance: Random, half_days: int) -> list[int]:
    """Half day by half day, 1 when the child is there."""
    rate = chance.betavariate(chance.choice((2, 4, 9)), chance.choice((0.6, 1, 2)))
    change, spell = chance.gauss(0, 0.05), chance.choice(SPELLS)
    seen, absent = [], False
    for place in range(half_days):
        if place == half_days // 2:
            rate = min(0.995, max(0.02, rate + change))
        ends, begins = 1 / spell, min(1.0, (1 - rate) / spell / max(rate, 1e-6))
        absent = chance.random() > ends if absent else chance.random() < begins
        seen.append(0 if absent else 1)
    return seen


def situations(year: int) -> Iterator[Situation]:
    """A child of each of the seven entry days and older ones, at the reports before Christmas and Easter and in May; at
    five under each basis of that year.

    In the spring of 2020 nothing is counted by who comes: its second report is of the last day before.
    """
    closed = min((each.start for each in presumed_present() if each.start.year == year + 1), default=None)
    reports = [date(year, 12, 18), date(year + 1, 3, 26), date(year + 1, 5, 20)]
    if closed:
        reports[1:] = [closed - timedelta(days=3)]
    for entry_on in CALENDAR.entry_days(year):
        for as_of in reports:
            if as_of - entry_on > timedelta(days=21):
                yield Situation(entry_on, as_of, year - 2)
    for age in (3, 4, 5):
        bases = sorted({each.basis for each in thresholds_for(age, SchoolYear(year))})
        for as_of, basis in product(reports[:2], bases):
            yield Situation(CALENDAR.first_school_day(year), as_of, year - age, basis)


def held(situation: Situation, children: int, seed: int) -> float:
    """The share of simulated children whose half days on 30 June lie within the band that was told at the report."""
    chance, year = Random(seed), school_year_of(situation.as_of)
    left = left_after(situation.as_of, CALENDAR)
    possible = CALENDAR.half_days_between(situation.entry_on, situation.as_of)
    thresholds = thresholds_for(age_in(year, situation.born), year)
    threshold = marking(each for each in thresholds if each.basis is situation.basis)
    assert threshold is not None
    hits = 0
    for _ in range(children):
        seen = presence_of_a_year(chance, possible + left.half_days)
        accepted = accepted_of(chance, seen) if situation.basis is Basis.WITH_ACCEPTED else [0] * len(seen)
        so_far = Presence(situation.born, situation.as_of, sum(seen[:possible]), possible, sum(accepted[:possible]))
        told = outlook(so_far, threshold, left, CALENDAR)
        hits += told.low <= sum(seen) + sum(accepted) + left.presumed <= told.high
    return hits / children


def accepted_of(chance: Random, seen: list[int]) -> list[int]:
    """1 for each absence the head accepts, spell by spell; of some children nearly all are, of others few."""
    share, accepted = chance.random(), []
    for there, spell in groupby(seen):
        taken = int(not there and chance.random() < share)
        accepted += [taken for _ in spell]
    return accepted


def main() -> None:
    """Print the coverage of every situation in the school years whose rules differ."""
    for year in YEARS:
        for place, situation in enumerate(situations(year)):
            share = held(situation, 1_000, place)
            days = f"{situation.entry_on} to {situation.as_of}"
            print(f"{year}-{year + 1}  age {year - situation.born}  {situation.basis:13}  {days}  {share:6.1%}")


if __name__ == "__main__":
    main()
