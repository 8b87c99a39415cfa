"""What was found by walking once, kept in a folder for every process of a run."""

import pickle
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock

from outreach.labels import LANGUAGES
from tests.looking.catalogue import Looked, Page, shown, worth_looking_at
from tests.looking.states import every_page
from tests.looking.world import shared_world, walked


@dataclass
class Kept:
    """Every page in Dutch, and those worth looking at in each language, by their place."""

    looked: Looked
    pages: list[Page]
    texts: dict[str, list[str]]

    def addressed(self, language: str) -> dict[str, str]:
        """The texts in a language by the address they are served at; the place in the list is the last part."""
        return {f"/looked-at/{language}/{place}": text for place, text in enumerate(self.texts[language])}


def look(folder: Path) -> Kept:
    """Walk through the world, unless another process of this run did."""
    file = folder / "looked.pickle"
    with FileLock(folder / "looked.lock"):
        if not file.exists():
            kept = _walk(folder)
            file.write_bytes(pickle.dumps(kept))
            return kept
    found: Kept = pickle.loads(file.read_bytes())
    return found


def _walk(folder: Path) -> Kept:
    world = shared_world(folder)
    with TemporaryDirectory(dir=folder) as copy, walked(world, Path(copy)) as there:
        looked = every_page(there)
        pages = worth_looking_at(looked)
        texts = {"nl": [looked.pages[page] for page in pages]}
        for language in LANGUAGES[1:]:
            there.speak(language)
            texts[language] = [shown(there, page, language) for page in pages]
    return Kept(looked, pages, texts)
