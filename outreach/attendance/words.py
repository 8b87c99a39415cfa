"""The words of this room: where a kleuter stands, in the reader's language."""

from pathlib import Path
from typing import Any

from outreach import labels
from outreach.attendance.projection import Standing
from outreach.attendance.reasons import OPEN_REASONS
from outreach.cases import words as cases
from outreach.cases.workflow import processes
from outreach.errors import OutreachError
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


def reason_label(key: str | None, language: str) -> str:
    """Why a kleuter is rarely there; empty when nobody said."""
    return dict(reason_choices(language)).get(key or "", "")


def reason_choices(language: str) -> list[tuple[str, str]]:
    """Every reason with its word, the two that make work last."""
    known = [(each.key, each.label[language]) for each in processes().common.absence_reasons]
    return [*known, *((key, WORDS.text(f"reason.{key}", language)) for key in OPEN_REASONS)]


def refusal(error: OutreachError, language: str) -> str:
    """What a person reads when a command of this room, or of a room below, says no."""
    key = f"refused.{error.key}"
    return WORDS.text(key, language, **error.data) if key in WORDS else cases.refusal(error, language)
