"""The words of letters to families: what comes with Outreach, and how a text is filled in."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from string import Formatter

from babel.dates import format_date

from outreach.errors import Refused

ANNOUNCE, MISSED = "announce", "missed"
KINDS = (ANNOUNCE, MISSED)
"""To announce a visit; nobody was home."""

FIELDS = frozenset({"day", "sender", "contact"})
OWN = "nl"
"""The language every letter is in; the family's stands beside it."""
FROM_THE_RIGHT = frozenset({"ar", "fa", "ps", "ur", "ku"})
_YEAR_WITH_A_WORD = frozenset({"bg", "uk"})
LONGEST = 1800
"""So many characters, and both languages still fit on one sheet."""


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Mapping[str, str]]:
    """The texts that come with Outreach, by kind and language."""
    with (Path(__file__).parent / "letters" / "texts.toml").open("rb") as file:
        found: dict[str, dict[str, str]] = tomllib.load(file)
    return {kind: {language: text.strip() for language, text in texts.items()} for kind, texts in found.items()}


def languages() -> tuple[str, ...]:
    """The languages a letter can be in."""
    return tuple(shipped()[ANNOUNCE])


def check_text(text: str) -> None:
    """Raises Refused for a field nobody fills in, or a text that does not fit on a sheet."""
    try:
        parsed = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError as error:
        raise Refused("letter_field_unknown", field="{ }") from error
    for _before, name, spec, conversion in parsed:
        if name not in FIELDS or spec or conversion:
            raise Refused("letter_field_unknown", field=f"{{{name}{':' if spec else ''}{spec}}}")
    if len(text) > LONGEST:
        raise Refused("letter_too_long", most=LONGEST)


def day_in(on: date, language: str) -> str:
    """A day as people of this language write it in a sentence; without the abbreviation that ends it in some."""
    if language in _YEAR_WITH_A_WORD:
        return format_date(on, "EEEE, d MMMM y", locale=language)
    return format_date(on, "full", locale="en_GB" if language == "en" else language)


def paragraphs(text: str, language: str, *, on: date | None, sender: str, contact: str) -> list[list[str]]:
    """A text filled in: paragraphs of lines."""
    filled = text.format(day=day_in(on, language) if on else "…", sender=sender, contact=contact or "…")
    return [part.strip().splitlines() for part in filled.replace("\r\n", "\n").split("\n\n") if part.strip()]
