"""The number of a child in the National Register or the BIS register, read as people and programs write it."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from outreach.errors import Refused

_SEPARATORS = re.compile(r"[\s.\-‐-―/,_']+")
_WHOLE_NUMBER = re.compile(r"(\d+)[.,]0+")
_DATE_UNKNOWN = ("000001", "002001", "004001")


@dataclass(frozen=True, slots=True)
class Insz:
    """A valid number of somebody born in 2000 or later: eleven digits."""

    number: str

    @property
    def formatted(self) -> str:
        """As it stands on papers: 21.06.13-000.25."""
        n = self.number
        return f"{n[0:2]}.{n[2:4]}.{n[4:6]}-{n[6:9]}.{n[9:11]}"

    @property
    def born_parts(self) -> tuple[int | None, int | None, int | None]:
        """Year, month and day in the number; None for what the number does not tell.

        Zero month or day: unknown, or the counter of that day ran out. A day that does not exist counts as unknown.
        """
        return _born_parts(self.number[:6])

    @property
    def born_on(self) -> date | None:
        """The birth date in the number, None when a part of it is unknown."""
        year, month, day = self.born_parts
        return date(year, month, day) if year and month and day else None

    def __str__(self) -> str:
        return self.formatted

    def __repr__(self) -> str:
        return "Insz(...)"  # a number in a log or a traceback is a leak


def parse(value: str | int | float) -> Insz:
    """Read a number, with or without dots and dashes, or as a spreadsheet kept it (a number, zeros in front lost).

    Raises Refused: `insz_form` (not eleven digits, or no possible month), `insz_only_19xx` (the check digits hold only
    for somebody born before 2000), `insz_check_digits`.
    """
    digits = _digits(value)
    if not 9 <= len(digits) <= 11:
        raise Refused("insz_form", digits=len(digits))
    number = digits.zfill(11)
    base, check = int(number[:9]), int(number[9:])
    if check == 97 - (2_000_000_000 + base) % 97:
        if int(number[2:4]) > 52 or int(number[2:4]) % 20 > 12:
            raise Refused("insz_form", digits=len(digits))
        return Insz(number)
    if len(digits) < 11:  # an eleven-digit number was never there: nothing to say about its check digits
        raise Refused("insz_form", digits=len(digits))
    raise Refused("insz_only_19xx" if check == 97 - base % 97 else "insz_check_digits")


def born_differs(insz: Insz, born_on: date) -> bool:
    """Whether the number tells another birth date. May be right in law, so it warns and never blocks."""
    year, month, day = insz.born_parts
    return (year or born_on.year, month or born_on.month, day or born_on.day) != (
        born_on.year,
        born_on.month,
        born_on.day,
    )


@lru_cache(maxsize=4096)  # children of a list are born on the same few hundred days
def _born_parts(told: str) -> tuple[int | None, int | None, int | None]:
    if told in _DATE_UNKNOWN:
        return None, None, None
    year, month, day = 2000 + int(told[:2]), int(told[2:4]) % 20, int(told[4:6])
    if month == 0:
        return year, None, None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return year, month, None
    return year, month, day


def _digits(value: str | int | float) -> str:
    if isinstance(value, str) and len(value) == 11 and value.isascii() and value.isdigit():
        return value
    if isinstance(value, float):
        value = int(value) if value.is_integer() else ""
    if isinstance(value, int) and value < 0:
        return ""
    text = str(value).strip()
    if whole := _WHOLE_NUMBER.fullmatch(text):
        text = whole[1]
    text = _SEPARATORS.sub("", text)
    return text if text.isascii() and text.isdigit() else ""
