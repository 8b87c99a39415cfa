"""The invented children: households of one to three, ages from two and a half to nearly six on the day one looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from outreach.schoolyear import school_year_of
from outreach.training.world.names import CIRCLES, Circle
from outreach.training.world.numbers import Numbers
from outreach.training.world.streets import FAR_AWAY, NEXT_DOOR, RECEPTION_CENTRE, STREETS, Street

YOUNGEST_DAYS, OLDEST_DAYS = 985, 2160
"""2 years 8 months (2 years 6 months when the list came, ten weeks earlier) and 5 years 11 months."""

_SIZES, _SIZE_WEIGHTS = (1, 2, 3), (70, 23, 7)
_BETWEEN_CHILDREN_DAYS = (330, 800)


@dataclass(frozen=True)
class Listed:
    """A child as a list names it; `insz` is empty for one without a number."""

    first_name: str
    last_name: str
    born_on: date
    insz: str
    street: Street
    number: str
    box: str
    reference_person: str
    language: str


class Maker:
    """Makes households one after the other; the same seed and day give the same children. `taken`: numbers in use."""

    def __init__(self, today: date, seed: str, taken: Iterable[str] = ()) -> None:
        self._random = Random(f"{seed} {today.isoformat()}")
        self._today = today
        self._numbers = Numbers(taken)
        self._homes: set[tuple[str, str, str]] = set()
        self._references: set[tuple[str, str, str, str]] = set()
        self._called: set[tuple[str, str, date]] = set()
        first_of_cohort = date(school_year_of(today).start - 5, 1, 1)
        self._oldest = max(today - timedelta(days=OLDEST_DAYS), first_of_cohort)
        self._youngest = today - timedelta(days=YOUNGEST_DAYS)

    def household(
        self, streets: Sequence[Street] = STREETS, *, at: tuple[Street, str, str] | None = None
    ) -> list[Listed]:
        """One to three children of one family at an address of its own, or at the one given."""
        circle = self._random.choices(CIRCLES, [circle.weight for circle in CIRCLES])[0]
        last_name = self._random.choice(circle.last_names)
        street, number, box = at or self._home(streets)
        reference = self._reference(circle, last_name, (street.name, number, box))
        found = []
        born = self._birth_dates()
        for name, born_on in zip(self._first_names(circle, last_name, born), born, strict=True):
            insz = self._numbers.next(born_on)
            found.append(Listed(name, last_name, born_on, insz, street, number, box, reference, circle.language))
        return found

    def newcomer(self, child: Listed, kind: str) -> Listed:
        """The same child with a BIS number, or without any."""
        return replace(child, insz="" if kind == "none" else self._numbers.next_bis(child.born_on, kind))

    def can_number(self, child: Listed) -> bool:
        """Whether a number of the National Register is left for this birth date."""
        return self._numbers.has_next(child.born_on)

    def numbered(self, child: Listed) -> Listed:
        """The same child with a number of the National Register."""
        return replace(child, insz=self._numbers.next(child.born_on))

    def new_home(self) -> dict[str, Any]:
        """Another address, as fields of a child."""
        street, number, box = self._home(STREETS)
        return {"street": street, "number": number, "box": box}

    def _birth_dates(self) -> list[date]:
        """The eldest any day of the range, the others one to two years apart, as far as they are old enough."""
        size = self._random.choices(_SIZES, _SIZE_WEIGHTS)[0]
        days = (self._youngest - self._oldest).days
        born = [self._free_day(self._oldest + timedelta(days=round(days * self._random.triangular(0, 1, 0.45))))]
        while len(born) < size:
            following = born[-1] + timedelta(days=self._random.randint(*_BETWEEN_CHILDREN_DAYS))
            if following > self._youngest:
                break
            born.append(self._free_day(following))
        return born

    def _free_day(self, day: date) -> date:
        """A day near this one, in the range, for which there is still a number that is never issued."""
        for away in range((self._youngest - self._oldest).days):
            for near in (day - timedelta(days=away), day + timedelta(days=away)):
                if self._oldest <= near <= self._youngest and self._numbers.has_next(near):
                    return near
        raise ValueError("more children than invented numbers")

    def _home(self, streets: Sequence[Street]) -> tuple[Street, str, str]:
        while True:
            street = self._random.choices(streets, [street.weight for street in streets])[0]
            number = str(self._random.randint(1, 240))
            box = str(self._random.randint(1, 6)) if street.boxes and self._random.random() < 0.6 else ""
            if (street.name, number, box) not in self._homes:
                self._homes.add((street.name, number, box))
                return street, number, box

    def _reference(self, circle: Circle, last_name: str, home: tuple[str, str, str]) -> str:
        """A parent no other family at this address has: the same one would make it one household."""
        while True:
            reference = f"{self._random.choice(circle.parents)} {last_name}"
            if (*home, reference) not in self._references:
                self._references.add((*home, reference))
                return reference

    def _first_names(self, circle: Circle, last_name: str, born: list[date]) -> list[str]:
        """Another name for each child of the family, and no two children alike in name and birth date."""
        while True:
            names = self._random.sample(circle.first_names, len(born))
            called = {(name, last_name, born_on) for name, born_on in zip(names, born, strict=True)}
            if not called & self._called:
                self._called |= called
                return names


def children_of_area(today: date, count: int, *, seed: str = "gent") -> list[Listed]:
    """The children of the main list: shared addresses, a reception centre, BIS numbers, some without a number.

    The first two live outside the area.
    """
    maker = Maker(today, seed)
    found = [maker.household(at=(street, "12", ""))[0] for street in (NEXT_DOOR, FAR_AWAY)]
    centre: list[Listed] = []
    while len(centre) < 7:
        centre += maker.household(at=(RECEPTION_CENTRE, "40", ""))
    newcomers = ("20", "40", "20", "40", "20", "none", "none")
    found += [maker.newcomer(child, kind) for child, kind in zip(centre, newcomers, strict=False)]
    shared = maker.household()[0]
    found += [shared, *maker.household(at=(shared.street, shared.number, shared.box))]
    while len(found) < count - 2:
        found += maker.household()
    found = found[: count - 2]
    last = maker.household()[:1] + maker.household()[:1]
    return [*found, *(maker.newcomer(child, "none") for child in last)]
