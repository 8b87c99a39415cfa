"""Cells into what they mean: dates in their many shapes, whole numbers as text, errors as errors."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from outreach.imports.reading.rows import Cell, CellError

_ERROR = re.compile(
    r"#(?:N/A|N/B|REF!|VERW!|VALUE!|WAARDE!|NAME\?|NAAM\?|DIV/0!|DEEL/0!|NULL!|LEEG!|NUM!|GETAL!|VALEUR!|NOM\?|"
    r"NUL!|NOMBRE!|SPILL!|CALC!)",
    re.IGNORECASE,
)
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠]")
_NEEDS_CARE = re.compile(r"[\s\x00-\x1f\x7f\u00a0\u200b\u200e\u200f\ufeff]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\ufeff]")

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4}|\d{2})")
_IN_WORDS = re.compile(r"(\d{1,2})(?:er)?[-/. ]+([^\W\d_]{3,})[-/. ]+(\d{4}|\d{2})")
_TIME = re.compile(r"[T ]+\d{1,2}[:u]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$")
_WEEKDAY = re.compile(r"^[^\W\d_]{2,}\.?,?\s+(?=\d)")
_MONTHS = {
    month: number
    for number, months in enumerate(
        ("jan janv", "feb febr fév févr fev", "maa mrt mar mars", "apr avr", "mei mai may", "jun juin", "jul juil",
         "aug aoû aout", "sep sept", "okt oct", "nov", "dec déc"),
        start=1,
    )
    for month in months.split()
}  # fmt: skip
_FIRST_SERIAL = 18_264  # 1 January 1950
_LAST_SERIAL = 73_415  # 31 December 2100
_EPOCH = date(1899, 12, 30)


def tidy(value: Cell) -> Cell:
    """A cell without what cannot be seen: spaces around it, line ends in it, the apostrophe of the formula guard."""
    if type(value) is not str:  # an error is a sort of text, and stays one
        return value
    text = value
    if text.isalnum():
        return text
    if _NEEDS_CARE.search(text):
        text = " ".join(_UNSEEN.sub("", text).split())
    if not text:
        return None
    if text[0] == "'" and _GUARDED.match(text):
        return text[1:]
    if text[0] == "#" and _ERROR.fullmatch(text):
        return CellError(text)
    return text


def as_text(value: Cell) -> str:
    """A cell as text: 9050.0 is "9050", an error is nothing, a date is written d/m/yyyy."""
    if value is None or isinstance(value, CellError):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, date):
        return f"{value.day}/{value.month}/{value.year}"
    return str(value)


def as_date(value: Cell) -> date | None:
    """The day a cell means, or None when it cannot be told; the month never comes first.

    Understands dates, spreadsheet serial numbers, yyyymmdd, ddmmyyyy, d/m/yyyy with any separator, ISO, month names;
    two digits of a year are of this century (these are children).
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        return _from_number(value)
    if not isinstance(value, str) or isinstance(value, CellError):
        return None
    return _from_text(value)


def _from_number(value: float) -> date | None:
    if value != value or abs(value) > 99_999_999:
        return None
    whole = int(value)
    if _FIRST_SERIAL <= whole <= _LAST_SERIAL:
        return _EPOCH + timedelta(days=whole)
    return _from_digits(str(whole)) if whole == value else None


def _from_digits(digits: str) -> date | None:
    if len(digits) == 8:
        return _day(digits[:4], digits[4:6], digits[6:]) or _day(digits[4:], digits[2:4], digits[:2])
    return None


@lru_cache(maxsize=4096)  # children of a list are born on the same few hundred days
def _from_text(text: str) -> date | None:
    text = _TIME.sub("", _WEEKDAY.sub("", text.strip())).strip(" .")
    if text.isascii() and text.isdigit():
        return _from_number(int(text)) if len(text) == 5 else _from_digits(text)
    if found := _ISO.fullmatch(text):
        return _day(*found.groups())
    if found := _DAY_FIRST.fullmatch(text):
        return _day(found[3], found[2], found[1])
    if found := _IN_WORDS.fullmatch(text.lower()):
        month = next((_MONTHS[found[2][:n]] for n in (4, 3) if found[2][:n] in _MONTHS), None)
        return _day(found[3], str(month), found[1]) if month else None
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2100 else None
