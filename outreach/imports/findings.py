"""What is wrong with, or remarkable about, a row: as a key with data, and as a sentence when it is shown."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from outreach.labels import Catalogue

CATALOGUE = Catalogue.load(Path(__file__).parent / "labels.toml")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one row: a fault that refuses it or a warning beside it.

    `column` is the title as it stands in the file, empty when the file has no such column; `data` holds plain values
    (days as ISO text), fit to be stored.
    """

    row_number: int
    column: str
    key: str
    data: dict[str, Any] = field(default_factory=dict)

    def wrong(self, language: str) -> str:
        """What is wrong."""
        return text(f"finding.{self.key}.wrong", language, self.data)

    def todo(self, language: str) -> str:
        """What to do about it."""
        return text(f"finding.{self.key}.todo", language, self.data)


def text(key: str, language: str, data: dict[str, Any]) -> str:
    """A text of this room, days written d/m/yyyy, fields of a list named in the reader's language."""
    return CATALOGUE.text(key, language, **{name: _shown(value, language) for name, value in data.items()})


def _shown(value: Any, language: str) -> Any:
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        with suppress(ValueError):  # a cell may hold what only looks like a day, and is shown as it stands
            day = date.fromisoformat(value)
            return f"{day.day}/{day.month}/{day.year}"
        return value
    if isinstance(value, list | tuple):
        shown = [
            CATALOGUE.text(f"field.{part}", language) if f"field.{part}" in CATALOGUE else str(part) for part in value
        ]
        return ", ".join(shown)
    return value
