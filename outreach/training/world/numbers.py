"""Numbers for invented children: right in form, with the counters 000 and 999 that the register never issues."""

from collections.abc import Iterable
from datetime import date

COUNTERS = ("000", "999")
_SEX_UNKNOWN, _SEX_KNOWN = 20, 40


class Numbers:
    """Gives every child another number: two a day of the National Register, two of each kind of BIS number."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._given = set(taken)

    def has_next(self, born_on: date) -> bool:
        """Whether there is one left for this day."""
        return self._free(born_on, 0) is not None

    def next(self, born_on: date) -> str:
        """A number of the National Register."""
        return self._give(born_on, 0)

    def next_bis(self, born_on: date, kind: str) -> str:
        """A BIS number: "20" when the sex was not known, "40" when it was."""
        return self._give(born_on, int(kind))

    def _give(self, born_on: date, months: int) -> str:
        number = self._free(born_on, months)
        if number is None:
            raise ValueError(f"no invented number left for {born_on}")
        self._given.add(number)
        return number

    def _free(self, born_on: date, months: int) -> str | None:
        numbers = (number_of(born_on, counter, months) for counter in COUNTERS)
        return next((number for number in numbers if number not in self._given), None)


def number_of(born_on: date, counter: str, months: int = 0) -> str:
    """Eleven digits for somebody born from 2000 on; 20 or 40 `months` more make it a BIS number."""
    base = f"{born_on.year % 100:02d}{born_on.month + months:02d}{born_on.day:02d}{counter}"
    return f"{base}{97 - int('2' + base) % 97:02d}"
