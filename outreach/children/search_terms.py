"""What somebody typed into the search box: a birth date in any usual form, a phone number, and words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from outreach.children.search import Question, question
from outreach.partners.spelling import fold

LONGEST = 120
"""Characters of a question; what comes after them is not looked at."""

_MONTHS = (
    "januari jan janvier january",
    "februari feb fevrier fev february",
    "maart mrt mars march mar",
    "april apr avril avr",
    "mei mai may",
    "juni jun juin june",
    "juli jul juillet juil july",
    "augustus aug aout august",
    "september sep sept septembre",
    "oktober okt octobre october oct",
    "november nov novembre",
    "december dec decembre",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}

_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_USUAL = re.compile(r"(?<!\d)(\d{1,2}) ?([-/. ]) ?(\d{1,2}) ?\2 ?(\d{4})(?!\d)")
_IN_WORDS = re.compile(
    r"(?<!\d)(\d{1,2})(?:er|e|de|ste|th|st|nd|rd)?[ ./-]*(?:of |de )?([^\W\d_]{3,9})\.?[ ,./-]*(\d{4})(?!\d)"
)
_CLOSED = re.compile(r"(?<![\d+])(\d{2})(\d{2})((?:19|20)\d{2})(?!\d)")
_SHORT = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{2})(?!\d)")
_PHONE = re.compile(r"(?<!\w)(?:\+|0)(?:[\s./()-]*\d){8,14}(?!\d)")


@dataclass(frozen=True)
class Sought:
    """What is looked for; `phone` as `normal_phone` writes it."""

    names: Question
    born_on: date | None
    phone: str | None

    @property
    def enough(self) -> bool:
        """At least two names, a name with a birth date, or a whole phone number: anything less is fishing."""
        count = len(self.names.terms)
        return self.phone is not None or count >= 2 or (count == 1 and self.born_on is not None)


def read_terms(text: str) -> Sought:
    """What is meant by these words."""
    rest = " ".join(text[:LONGEST].split())
    born_on, rest = _first_date(rest, _LONG_FORMS)
    phone, rest = _first_phone(rest)
    if born_on is None:
        born_on, rest = _first_date(rest, ((_SHORT, lambda m: _day(2000 + int(m[4]), m[3], m[1])),))
    return Sought(question(rest), born_on, phone)


def normal_phone(text: str) -> str | None:
    """A phone number in one shape (0470123456; foreign ones begin with 00); None when it is too short to be whole."""
    plain = re.sub(r"\(0\)", "", text.strip())
    digits = re.sub(r"\D", "", plain)
    if plain.startswith("+"):
        digits = f"00{digits}"
    if digits.startswith("0032"):
        digits = f"0{digits[4:].lstrip('0')}"
    return digits if len(digits) >= 9 else None


def _first_phone(text: str) -> tuple[str | None, str]:
    found = _PHONE.search(text)
    number = normal_phone(found[0]) if found else None
    return (number, _without(text, found)) if found and number else (None, text)


_Read = Callable[[re.Match[str]], date | None]


def _first_date(text: str, forms: tuple[tuple[re.Pattern[str], _Read], ...]) -> tuple[date | None, str]:
    for pattern, read in forms:
        for found in pattern.finditer(text):
            on = read(found)
            if on is not None:
                return on, _without(text, found)
    return None, text


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _day(year: int | str, month: int | str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


_LONG_FORMS: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (_ISO, lambda m: _day(m[1], m[2], m[3])),
    (_USUAL, lambda m: _day(m[4], m[3], m[1])),
    (_IN_WORDS, lambda m: _day(m[3], _MONTH.get(fold(m[2]), 0), m[1])),
    (_CLOSED, lambda m: _day(m[3], m[2], m[1])),
)
