"""What the tests that look at every page share: one walk, and one server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach import clock
from outreach.labels import LANGUAGES
from tests.looking.kept import Kept, look
from tests.looking.showing import Shown, served
from tests.looking.world import MOMENT, shared_world, walked


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@pytest.fixture(scope="session")
def kept(ground: Path) -> Kept:
    """Every page there is."""
    return look(ground)


@pytest.fixture(scope="module")
def shown(kept: Kept, ground: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """A server on which every page stands, in every language; asked for before the browser."""
    texts = {address: text for language in LANGUAGES for address, text in kept.addressed(language).items()}
    with walked(shared_world(ground), tmp_path_factory.mktemp("shown")) as world:
        clock.start_from(MOMENT)
        with served(world, texts) as server:
            yield server
        clock.start_from(None)
