"""What the words of a coordinator's own list probably mean, by a small dated file; whoever keeps the list decides."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from outreach.children.names import fold

_FIGURES = re.compile(r"\d+")
_LONGEST_MEANT = 60
"""A text longer than this tells a story; no one word in it says what it means."""

About = Literal["status", "channel", "reached"]


@dataclass(frozen=True)
class Meaning:
    """Words that mean `target`: a text that holds one of `has`, or is one of `is_`."""

    target: str
    has: tuple[str, ...]
    is_: frozenset[str]

    def fits(self, word: str) -> bool:
        """Whether a folded text means this."""
        return word in self.is_ or any(part in word for part in self.has)


def meant(about: About, text: str) -> str | None:
    """What a text probably means, None when nothing fits."""
    word = _plain(text)
    if not word or len(word) > _LONGEST_MEANT:
        return None
    return next((one.target for one in _vocabulary()[about] if one.fits(word)), None)


def says_only(about: About, text: str) -> bool:
    """Whether the text says no more than what it means, so that nothing is lost without it."""
    word = _plain(text)
    return any(word in one.is_ or word in one.has for one in _vocabulary()[about])


def vocabulary_as_of() -> date:
    """Up to when lists were looked at for these words."""
    found: date = _file()["as_of"]
    return found


def _plain(text: str) -> str:
    return _FIGURES.sub("", fold(text))


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@cache
def _vocabulary() -> dict[str, list[Meaning]]:
    return {
        about: [Meaning(one["target"], tuple(one.get("has", ())), frozenset(one.get("is", ()))) for one in lines]
        for about, lines in _file().items()
        if isinstance(lines, list)
    }
