"""Every no has words: a command's refusal is never shown as a key."""

import re
from pathlib import Path

import pytest

from outreach.labels import Catalogue

ROOT = Path(__file__).parents[2] / "outreach"
_RAISED = re.compile(r'Refused\(\s*"([a-z_0-9]+)"')
_HANDED_ON = {"insz_form", "insz_check_digits", "insz_only_19xx"}
"""Reasons a list is told in its own words (outreach/imports/findings.py)."""


def refusals() -> list[tuple[str, str]]:
    """Each key a command of these rooms refuses with, and where."""
    return sorted(
        {(key, str(file.relative_to(ROOT))) for file in ROOT.rglob("*.py") for key in _RAISED.findall(file.read_text())}
    )


@pytest.mark.parametrize(("key", "file"), refusals())
def test_a_refusal_has_words(key: str, file: str) -> None:
    words = {name.split(".")[-1] for path in ROOT.rglob("labels.toml") for name in Catalogue.load(path)}
    assert key in words | _HANDED_ON or file.startswith("training/"), f"{file} says no with {key}, without words"
