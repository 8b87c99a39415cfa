"""Words for keys: catalogues in TOML with a Dutch, a French and an English text for each key."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date

from outreach.errors import Unsound

LANGUAGES = ("nl", "fr", "en")
_A_MONDAY = date(2026, 8, 3)

_LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}


def locale(language: str) -> str:
    """The Babel locale for one of our languages (English dates are written the British way)."""
    return _LOCALES[language]


@lru_cache(maxsize=4096)  # a page of fifty steps writes four hundred days, and the same ones all year
def day(on: date, language: str) -> str:
    """A day as people write it: dinsdag 22 april 2025."""
    return _written(on, "EEEE d MMMM y", language)


@lru_cache(maxsize=4096)
def month(on: date, language: str) -> str:
    """april 2025"""
    return format_date(on, "MMMM y", locale=locale(language))


def short_day(on: date, language: str) -> str:
    """A day where space is short: di 22 apr 2025."""
    return _written(on, "EEE d MMM y", language).replace(".", "")


def weekday(number: int, language: str) -> str:
    """The name of a day of the week, Monday being 0."""
    return _written(_A_MONDAY + timedelta(days=number), "EEEE", language)


def _written(on: date, pattern: str, language: str) -> str:
    """A day in words; French says the first of a month, and counts on from the second."""
    first = language == "fr" and on.day == 1
    return format_date(on, pattern.replace(" d ", " d'er' ") if first else pattern, locale=locale(language))


def set_french(text: str) -> str:
    """French as it is printed: a space that does not break before `: ; ? ! »` and after `«`, a curled apostrophe."""
    kept = re.sub(r" (?=[:;?!»])|(?<=«) ", "\N{NO-BREAK SPACE}", text)
    return re.sub(r"(?<=\w)'(?=\w|\{)", "\N{RIGHT SINGLE QUOTATION MARK}", kept)


class Catalogue:
    """Texts by key and language; complete in every language or not loaded at all."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]], name: str) -> None:
        for key, text in texts.items():
            missing = [language for language in LANGUAGES if not text.get(language)]
            if missing:
                raise Unsound("label_missing", catalogue=name, label=key, languages=", ".join(missing))
        self._texts = {key: {**text, "fr": set_french(text["fr"])} for key, text in texts.items()}
        self.name = name

    @classmethod
    def load(cls, path: Path) -> "Catalogue":
        """Read a `labels.toml`; raises Unsound when a language is missing."""
        with path.open("rb") as file:
            return cls(_flat(tomllib.load(file)), path.parent.name)

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def __iter__(self) -> Iterator[str]:
        """Every key, in the order of the file."""
        return iter(self._texts)

    def text(self, key: str, language: str, /, **data: Any) -> str:
        """The text for `key`, its fields filled from `data`; for a count of one that of `key` with `_one`, if there.

        Raises KeyError for an unknown key or field.
        """
        singular = f"{key}_one"
        chosen = singular if data.get("count") == 1 and singular in self else key
        return self._texts[chosen][language].format(**data)


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, dict[str, str]]:
    """Nested TOML tables as dotted keys; a table with a language in it is a text."""
    found: dict[str, dict[str, str]] = {}
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if any(language in value for language in LANGUAGES):
            found[name] = value
        else:
            found.update(_flat(value, f"{name}."))
    return found
