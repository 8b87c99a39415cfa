"""The words of this room: where a kleuter stands, in the reader's language."""

from pathlib import Path

from outreach import labels
from outreach.attendance.projection import Standing

WORDS = labels.Catalogue.load(Path(__file__).parent / "labels.toml")


def standing_label(standing: Standing | None, language: str) -> str:
    """Where a kleuter stands; empty at an age without thresholds."""
    return WORDS.text(f"standing.{standing}", language) if standing else ""
