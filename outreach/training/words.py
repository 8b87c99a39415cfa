"""The words of this room: what `outreach run` says."""

from pathlib import Path

from outreach.labels import Catalogue

WORDS = Catalogue.load(Path(__file__).parent / "labels.toml")
