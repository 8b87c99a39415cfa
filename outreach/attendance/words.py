"""The words of this room: where a kleuter stands, in the reader's language."""

from pathlib import Path
from typing import Any

from outreach import labels
from outreach.attendance.projection import Standing
from outreach.schoolyear import Basis, Purpose

WORDS = labels.Catalogue.load(Path(__file__).parent / "labels.toml")


def standing_label(standing: Standing | None, language: str) -> str:
    """Where a kleuter stands; empty at an age without thresholds."""
    return WORDS.text(f"standing.{standing}", language) if standing else ""


SHEET_LANGUAGES = ("nl", "fr", "en")
"""The languages of the sheet for parents."""


def purpose_label(purpose: Purpose, language: str) -> str:
    """What half days are asked for."""
    return WORDS.text(f"purpose.{purpose}", language)


def basis_label(basis: Basis, language: str) -> str:
    """What counts."""
    return WORDS.text(f"basis.{basis}", language)


def sheet_words(language: str, **data: Any) -> dict[str, str]:
    """Every text of the sheet for parents, by its own key."""
    keys = [key for key in WORDS if key.startswith("sheet.") and not key.endswith("_one")]
    return {key.removeprefix("sheet."): WORDS.text(key, language, **data) for key in keys}
