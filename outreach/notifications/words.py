"""The words of this room: letters, states, faults and refusals, in the reader's language."""

from pathlib import Path

from outreach.errors import OutreachError
from outreach.labels import Catalogue

WORDS = Catalogue.load(Path(__file__).with_name("labels.toml"))


def undelivered(error: str, code: int | None, language: str) -> str:
    """What a person reads of a mail that did not leave, with what the server answered."""
    return WORDS.text(f"error.{error}", language) + (f" ({code})" if code else "")


def refusal(error: OutreachError, language: str) -> str | None:
    """What a person reads for this refusal; None when it is not one of this room's."""
    key = f"refused.{error.key}"
    return WORDS.text(key, language, **error.data) if key in WORDS else None
