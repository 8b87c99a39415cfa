"""Names of people in one shape, so that two spellings of the same name can be found equal."""

import re

from outreach.partners.spelling import fold

__all__ = ["fold", "name_key", "spelled", "token_key", "words"]

_BETWEEN_WORDS = re.compile(r"[\s\-‐-―,;/_.]+")


def words(text: str) -> list[str]:
    """The words of a text, each folded; "Jean-Pierre" is two words."""
    return [word for part in _BETWEEN_WORDS.split(text) if (word := fold(part))]


def spelled(text: str) -> list[str]:
    """The same words as they are written: as many as `words` gives, in the same order."""
    return [part for part in _BETWEEN_WORDS.split(text) if fold(part)]


def name_key(first_name: str, last_name: str) -> str:
    """Equal for two spellings of the same first and last name; `|` keeps the two apart."""
    return f"{fold(last_name)}|{fold(first_name)}"


def token_key(first_name: str, last_name: str) -> str:
    """Equal when the same words stand in another order or in the other column (Safi Ayaan, Ayaan Safi)."""
    return " ".join(sorted(words(first_name) + words(last_name)))
