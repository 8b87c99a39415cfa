"""The children a list tells of: one of them, and any number of them in little room."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from outreach.children import addresses
from outreach.children.insz import Insz
from outreach.imports.findings import Finding
from outreach.imports.packed import PORTION, PackedRows


class ListedChild(NamedTuple):
    """A child as a list tells it, every text tidied; what is not known is empty or None."""

    row_number: int
    insz: Insz | None
    first_name: str
    last_name: str
    born_on: date
    street: str
    number: str
    box: str
    postcode: str
    municipality: str
    nis: str | None
    old_nis: str | None
    """The code in the file, when it was one from before a merger; `nis` is then today's."""
    reference_person: str
    language: str
    warnings: tuple[Finding, ...] = ()

    @property
    def address_key(self) -> str:
        """Equal for the same address however it is written; empty without a street."""
        return addresses.address_key(self.street, self.number, self.box, self.postcode, self.nis)


class ListedChildren(PackedRows[ListedChild]):
    """Children in the order of their rows: a quarter of a million take some 15 MB instead of 150."""

    def __init__(self, children: Iterable[ListedChild] = ()) -> None:
        self._row_numbers = array("L")
        self._lacking: set[int] = set()
        """The rows of those without a number."""
        self._given: dict[int, Insz] = {}
        """The number that was given since to the child at a place."""
        super().__init__(children, plain=_plain, row=_child)

    def append(self, row: ListedChild) -> None:
        """One more, from a later row than all others."""
        self._row_numbers.append(row.row_number)
        if row.insz is None:
            self._lacking.add(row.row_number)
        super().append(row)

    def give_number(self, row_number: int, insz: Insz) -> bool:
        """The child of this row gets this number if it has none; whether it got it."""
        if row_number not in self._lacking:
            return False
        self._lacking.remove(row_number)
        self._given[bisect_left(self._row_numbers, row_number)] = insz
        self._laid_out = (-1, [])
        return True

    def _portion(self, number: int) -> list[ListedChild]:
        found = super()._portion(number)
        if self._given:
            first = number * PORTION
            found = [
                child._replace(insz=self._given[place]) if place in self._given else child
                for place, child in enumerate(found, first)
            ]
        return found


def _plain(child: ListedChild) -> tuple[Any, ...]:
    row_number, insz, first_name, last_name, born_on, *texts, warnings = child
    told = [(each.row_number, each.column, each.key, each.data) for each in warnings]
    return row_number, insz and insz.number, first_name, last_name, born_on.toordinal(), *texts, told


def _child(plain: tuple[Any, ...]) -> ListedChild:
    row_number, number, first_name, last_name, born_on, *texts, told = plain
    warnings = tuple(Finding(*each) for each in told) if told else ()
    insz = Insz(number) if number else None
    return ListedChild._make((row_number, insz, first_name, last_name, _day(born_on), *texts, warnings))


@lru_cache(maxsize=4096)  # children of a list are born on the same few hundred days
def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)
