"""Quiet counts on My work: what a room above it has for somebody, in one sentence with a link; no mail comes of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class QuietCount:
    """One sentence with its number, and the page where it is done; gone once nothing is left to do there."""

    text: str
    url: str
    link: str
    icon: str


Ask = Callable[[Any], Iterable[QuietCount]]
"""What a room has for an actor."""

_ROOMS: list[Ask] = []


def add_to_my_work(ask: Ask) -> None:
    """A room tells on My work what waits with it."""
    if ask not in _ROOMS:
        _ROOMS.append(ask)


def quiet_counts(actor: Any) -> list[QuietCount]:
    """What every room has for this actor."""
    return [count for ask in _ROOMS for count in ask(actor)]
