"""How far a long list is, for whoever waits for it, and the place where they can stop it."""

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """What is done with the rows."""

    READ = "read"
    COMPARED = "compared"
    WRITTEN = "written"


Told = Callable[[Stage, int], None]
"""Called now and then with the rows done so far. What it raises stops the work; the transaction then takes it back."""


def nobody_waits(_stage: Stage, _rows: int) -> None:
    """Nobody is told."""


class Ended(Exception):
    """The work is over before it was done: stopped by somebody, taken over by another, or to be given back."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state
