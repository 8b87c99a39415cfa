"""The words of this room: roles, languages and refusals, in the reader's language."""

from pathlib import Path

from outreach.errors import OutreachError
from outreach.labels import Catalogue
from outreach.partners import words as partners

WORDS = Catalogue.load(Path(__file__).parent / "labels.toml")


def refusal(error: OutreachError, language: str) -> str | None:
    """What a person reads for this refusal of accounts or partners; None when it is neither's."""
    key = f"refused.{error.key}"
    return WORDS.text(key, language, **error.data) if key in WORDS else partners.refusal(error, language)
