"""Rows of one file that are the same child twice."""

from collections.abc import Iterable
from hashlib import blake2b

from outreach.children.names import name_key
from outreach.imports.listed import ListedChild

_Identity = bytes
"""A digest, so that a list of any length fits in memory."""


class Doubles:
    """Remembers the rows seen so far, so that a list of any length can be read in one go."""

    def __init__(self) -> None:
        self._by_number: dict[str, int] = {}
        self._with_number: dict[_Identity, int] = {}
        self._without_number: dict[_Identity, int] = {}

    def earlier_row(self, child: ListedChild) -> int | None:
        """The earlier row that is the same child, or None, and then this row is remembered.

        The same number; or, where one of the two rows has no number, the same birth date, names and address.
        """
        identity = _identity(child)
        if child.insz:
            first = self._by_number.get(child.insz.number, self._without_number.get(identity))
        else:
            first = self._with_number.get(identity, self._without_number.get(identity))
        if first is not None:
            return first
        if child.insz:
            self._by_number[child.insz.number] = child.row_number
            self._with_number.setdefault(identity, child.row_number)
        else:
            self._without_number[identity] = child.row_number
        return None


def _identity(child: ListedChild) -> _Identity:
    told = f"{child.born_on.toordinal()}|{name_key(child.first_name, child.last_name)}|{child.address_key}"
    return blake2b(told.encode(), digest_size=16).digest()


def doubles(children: Iterable[ListedChild]) -> dict[int, int]:
    """Row number of every double, to the row number of the first row of that child."""
    seen = Doubles()
    pairs = ((child.row_number, seen.earlier_row(child)) for child in children)
    return {row_number: first for row_number, first in pairs if first is not None}
