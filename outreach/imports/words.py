"""The words of this room: findings, files that cannot be read, and refusals, in the reader's language."""

from typing import Any

from outreach.accounts import words as accounts
from outreach.cases import words as cases
from outreach.errors import OutreachError
from outreach.imports.findings import CATALOGUE, text


def word(key: str, language: str, **data: Any) -> str:
    """A text of this room."""
    return text(key, language, data)


def refusal(error: OutreachError, language: str) -> str | None:
    """What a person reads for a list that is refused or cannot be read; None when no room has words for it."""
    for start in ("refused", "unreadable"):
        if f"{start}.{error.key}" in CATALOGUE:
            return text(f"{start}.{error.key}", language, error.data)
    if f"refused.{error.key}" in cases.WORDS:
        return cases.refusal(error, language)
    return accounts.refusal(error, language)
