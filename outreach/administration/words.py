"""The words of this room: what was changed, and what is refused, in the reader's language."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from outreach import labels
from outreach.cases import words as cases
from outreach.errors import OutreachError

WORDS = labels.Catalogue.load(Path(__file__).parent / "labels.toml")

_DAY = "_on"


def refusal(error: OutreachError, language: str) -> str:
    """What a person reads when a command of this room, or of a room below, says no."""
    key = f"refused.{error.key}"
    if key in WORDS:
        return WORDS.text(key, language, **readable(error.data, language))
    return cases.refusal(error, language) or WORDS.text("refused.other", language)


def readable(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Stored data as people read it: days written out, kinds of lists in words."""
    return {key: written(key, value, language) for key, value in data.items()}


def written(key: str, value: Any, language: str) -> str:
    """One stored value as people read it, by the name it is stored under; a dash for nothing."""
    if value is None or value == "":
        return "–"
    if key.endswith(_DAY) or key == "on":
        return labels.short_day(value if isinstance(value, date) else date.fromisoformat(value), language)
    if key == "days" and isinstance(value, list):
        return ", ".join(labels.weekday(day, language) for day in value)
    if key in ("opens", "closes"):
        return f"{value}:00"
    if key == "source":
        return WORDS.text(f"source.{value}", language)
    return str(value)
