"""An invariant that was checked: its name, how many rows break it, and a few of them to look at."""

from collections.abc import Iterable
from dataclasses import dataclass

EXAMPLES = 5
"""How many broken rows a check names."""


@dataclass(frozen=True)
class Check:
    """`count` rows break the invariant `key`; none is what one wants."""

    key: str
    count: int
    examples: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the invariant holds."""
        return self.count == 0


def check(key: str, broken: Iterable[object]) -> Check:
    """A check from the rows that break it, each named by a reference or an id."""
    names = [str(each) for each in broken]
    return Check(key, len(names), tuple(names[:EXAMPLES]))
