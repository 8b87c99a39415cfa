"""Two lists of one made-up town, three months apart, with what became of every child: the truth to compare with."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from outreach.children.names import fold, words
from outreach.training.world.names import CIRCLES
from tests.imports.files import TITLES, number_of

STREETS = ("Sleepstraat", "Wondelgemstraat", "Dampoortstraat", "Phoenixstraat", "Kortrijksesteenweg", "Bevrijdingslaan")
SPELLINGS = (
    ("ou", "oe"), ("oe", "u"), ("ph", "f"), ("ck", "k"), ("kh", "ch"), ("y", "i"), ("ei", "ij"), ("dj", "j"),
    ("ce", "se"), ("ss", "s"), ("ll", "l"), ("mm", "m"), ("aa", "a"), ("z", "s"), ("ou", "u"), ("sh", "ch"), ("i", "y"),
)  # fmt: skip
"""How a clerk hears a name: letters that sound the same."""


class Fate(StrEnum):
    """What the second list does to a child of the first, or what a child it adds is."""

    SAME = "same"
    GONE = "gone"
    MOVED = "moved"
    RESPELT = "respelt"
    RENUMBERED = "renumbered"
    NUMBER_LOST = "number lost"
    SWAPPED = "number lost, names swapped"
    UNMARKED = "number lost, diacritics lost"
    REHEARD = "number lost, respelt"
    MOVED_UNKNOWN = "number lost, moved"
    MISDATED = "number lost, day and month changed about"
    REPLACED_AND_MOVED = "number replaced, moved"
    REPLACED_AND_RESPELT = "number replaced, respelt"
    NEW = "new"
    TWIN = "twin of a known child"
    COUSIN = "cousin at the same address"
    NAMESAKE = "namesake born the same day"


KNOWN_BY_ITSELF = (Fate.SAME, Fate.MOVED, Fate.RESPELT, Fate.RENUMBERED)
TO_PROPOSE = (
    Fate.SWAPPED,
    Fate.REHEARD,
    Fate.MOVED_UNKNOWN,
    Fate.MISDATED,
    Fate.REPLACED_AND_MOVED,
    Fate.REPLACED_AND_RESPELT,
)
NOBODY = (Fate.NEW, Fate.TWIN, Fate.COUSIN, Fate.NAMESAKE)


@dataclass(frozen=True)
class Told:
    """A child as a list tells it; `key` says which child it truly is."""

    key: int
    first_name: str
    last_name: str
    born_on: date
    number: str
    street: str
    house: int
    reference_person: str
    fate: Fate = Fate.SAME
    beside: int = 0
    """The child it is a twin, cousin or namesake of."""

    def row(self) -> list[Any]:
        """As it stands in a file of the usual titles."""
        cells = {
            "INSZ": self.number,
            "Naam": self.last_name,
            "Voornaam": self.first_name,
            "Geboortedatum": f"{self.born_on:%d/%m/%Y}",
            "Straat": self.street,
            "Huisnummer": self.house,
            "Postcode": "9000",
            "Gemeente": "Gent",
            "NIS-code": "44021",
            "Referentiepersoon": self.reference_person,
        }
        return [cells.get(title, "") for title in TITLES]


@dataclass
class Town:
    """The children of a first list, and the second list with the fate of each."""

    first: list[Told] = field(default_factory=list)
    second: list[Told] = field(default_factory=list)


def make_town(seed: int, children: int = 600) -> Town:
    """The same seed makes the same town."""
    return _Maker(random.Random(seed)).town(children)


def number_for(born_on: date, counter: int, *, provisional: bool = False) -> str:
    """A valid number of nobody; a provisional one has twenty added to its month."""
    if not provisional:
        return number_of(born_on, counter)
    base = f"{born_on:%y}{born_on.month + 20:02}{born_on:%d}{counter:03}"
    return f"{base}{97 - int('2' + base) % 97:02}"


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.key = 0
        self.given: set[str] = set()
        self.siblings: dict[tuple[str, date], set[str]] = {}

    def town(self, children: int) -> Town:
        town = Town()
        while len(town.first) < children:
            one = self._child()
            town.first.append(one)
            if self.chance.random() < 0.08:
                town.first.append(self._twin(one))
        fates = [Fate.SAME] * 6 + [fate for fate in Fate if fate not in NOBODY]
        for one in town.first:
            changed = self._changed(one, self.chance.choice(fates))
            if changed is not None:
                town.second.append(changed)
            self._beside(town, one)
        self.chance.shuffle(town.second)
        return town

    def _beside(self, town: Town, one: Told) -> None:
        """Now and then the second list has a child nobody knew, who looks like this one."""
        dice = self.chance.random()
        if dice < 0.04:
            town.second.append(replace(self._twin(one), fate=Fate.TWIN))
        elif dice < 0.08:
            town.second.append(self._cousin(one))
        elif dice < 0.10:
            town.second.append(self._namesake(one))
        elif dice < 0.25:
            town.second.append(replace(self._child(), fate=Fate.NEW))

    def _child(self) -> Told:
        circle = self.chance.choice(CIRCLES)
        provisional = self.chance.random() < 0.2
        born_on, number = self._number(provisional)
        last_name = self.chance.choice(circle.last_names)
        parent = f"{self.chance.choice(circle.parents)} {last_name}"
        street, house = self.chance.choice(STREETS), self.chance.randint(1, 400)
        first_name = self.chance.choice(circle.first_names)
        return Told(self._next(), first_name, last_name, born_on, number, street, house, parent)

    def _number(self, provisional: bool) -> tuple[date, str]:
        while True:
            born_on = date(2021, 1, 2) + timedelta(days=self.chance.randrange(1_400))
            number = number_for(born_on, self.chance.choice((0, 999)), provisional=provisional)
            if number not in self.given:
                self.given.add(number)
                return born_on, number

    def _next(self) -> int:
        self.key += 1
        return self.key

    def _twin(self, one: Told) -> Told:
        """Born the same day, of the same parents, at the same address."""
        taken = self.siblings.setdefault((one.last_name, one.born_on), {fold(one.first_name)})
        names = [name for circle in CIRCLES for name in circle.first_names if fold(name) not in taken]
        first_name = self.chance.choice(names)
        taken.add(fold(first_name))
        return replace(one, key=self._next(), first_name=first_name, number=self._free(one), beside=one.key)

    def _cousin(self, one: Told) -> Told:
        """At the same address, of other parents, named after the same grandfather; born another year."""
        born_on = one.born_on.replace(year=one.born_on.year + self.chance.choice((-1, 1)), day=min(one.born_on.day, 28))
        parent = f"Baraka {one.last_name}"
        return replace(
            one,
            key=self._next(),
            born_on=born_on,
            number=self._free(replace(one, born_on=born_on)),
            reference_person=parent,
            fate=Fate.COUSIN,
            beside=one.key,
        )

    def _namesake(self, one: Told) -> Told:
        """Another child with the same names, born the same day, with a number of its own, elsewhere in town."""
        number = self._free(one) or one.number
        if number == one.number:
            return replace(self._child(), fate=Fate.NEW)
        street, house = "Meersstraat", self.chance.randint(401, 600)
        return replace(
            one,
            key=self._next(),
            number=number,
            street=street,
            house=house,
            reference_person="Baraka Otherwise",
            fate=Fate.NAMESAKE,
            beside=one.key,
        )

    def _free(self, one: Told) -> str:
        """Another number of somebody born that day; none is left: no number."""
        for counter in (0, 999):
            number = number_for(one.born_on, counter, provisional=one.number[2:3] in ("2", "3"))
            if number not in self.given:
                self.given.add(number)
                return number
        return ""

    def _changed(self, one: Told, fate: Fate) -> Told | None:
        """The child as the second list tells it; None when it is gone. What cannot happen to it does not."""
        if fate is Fate.GONE:
            return None
        if not one.number:
            fate = {Fate.MOVED: Fate.MOVED_UNKNOWN, Fate.RESPELT: Fate.REHEARD}.get(fate, fate)
        if fate in (Fate.RENUMBERED, Fate.REPLACED_AND_MOVED, Fate.REPLACED_AND_RESPELT):
            number = self._free(replace(one, number="")) if one.number[2:3] in ("2", "3") else ""
            if not number:
                return one
            one = replace(one, number=number)
        elif fate.value.startswith("number lost"):
            one = replace(one, number="")
        return self._otherwise(one, fate)

    def _otherwise(self, one: Told, fate: Fate) -> Told:
        if fate in (Fate.MOVED, Fate.MOVED_UNKNOWN, Fate.REPLACED_AND_MOVED):
            one = replace(one, street="Antwerpsesteenweg", house=self.chance.randint(1, 900))
        elif fate in (Fate.RESPELT, Fate.REHEARD, Fate.REPLACED_AND_RESPELT):
            fate, one = self._respelt(one, fate)
        elif fate is Fate.SWAPPED:
            one = replace(one, first_name=one.last_name, last_name=one.first_name)
        elif fate is Fate.UNMARKED:
            one = replace(one, first_name=_unmarked(one.first_name), last_name=_unmarked(one.last_name))
        elif fate is Fate.MISDATED:
            fate, one = self._misdated(one)
        return replace(one, fate=fate)

    def _respelt(self, one: Told, fate: Fate) -> tuple[Fate, Told]:
        """Written otherwise; a name that cannot be is only without its marks."""
        first, last = self._heard(one.first_name), self._heard(one.last_name)
        if (fold(first), fold(last)) == (fold(one.first_name), fold(one.last_name)):
            unchanged = {
                Fate.RESPELT: Fate.SAME,
                Fate.REHEARD: Fate.UNMARKED,
                Fate.REPLACED_AND_RESPELT: Fate.RENUMBERED,
            }
            return unchanged[fate], one
        return fate, replace(one, first_name=first, last_name=last)

    def _misdated(self, one: Told) -> tuple[Fate, Told]:
        if one.born_on.day > 12 or one.born_on.day == one.born_on.month:
            return Fate.NUMBER_LOST, one
        return Fate.MISDATED, replace(one, born_on=date(one.born_on.year, one.born_on.day, one.born_on.month))

    def _heard(self, name: str) -> str:
        """The name as another clerk writes it down."""
        plain = _unmarked(name).lower()
        able = [pair for pair in SPELLINGS if pair[0] in plain]
        if able:
            before, after = self.chance.choice(able)
            plain = plain.replace(before, after, 1)
        return plain.title()


def _unmarked(name: str) -> str:
    return " ".join(word.title() for word in words(name))
