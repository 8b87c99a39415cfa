"""Which lists come in, and when: the main one, the neighbour's, and a refreshed one three weeks ago."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from outreach.schoolyear import Counter, SchoolCalendar
from outreach.training.world.children import Listed, Maker, children_of_area
from outreach.training.world.listing import first_list, later_list
from outreach.training.world.partners import AGREEMENT, GENT, LOKEREN, NEIGHBOUR_AGREEMENT
from outreach.training.world.streets import NEIGHBOUR_STREETS

COUNT, LATER = 180, 12
"""Children of the main area, of whom so many are on the refreshed list only."""

_GONE, _NEIGHBOURS = 40, 14


@dataclass(frozen=True)
class Incoming:
    """A file that comes in on a day."""

    on: date
    area: str
    agreement: str
    file: Path


def write_lists(folder: Path, today: date, monday: date) -> tuple[list[Incoming], list[Listed]]:
    """Write the files: in the order they come in, and every child on them."""
    folder.mkdir(parents=True, exist_ok=True)
    children = children_of_area(today, COUNT)
    neighbours = _neighbours(today, children)
    first, new = children[:-LATER], children[-LATER:]
    refreshed = [*first[_GONE:], *new]
    incoming = [
        _write(folder, _working(monday), GENT, AGREEMENT, first_list(first, monday)),
        _write(folder, _working(monday + timedelta(days=9)), LOKEREN, NEIGHBOUR_AGREEMENT, later_list(neighbours)),
        _write(folder, _working(monday + timedelta(weeks=7)), GENT, AGREEMENT, later_list(refreshed)),
    ]
    return incoming, [*children, *neighbours]


def _neighbours(today: date, children: list[Listed]) -> list[Listed]:
    maker = Maker(today, LOKEREN, taken=(child.insz for child in children))
    found: list[Listed] = []
    while len(found) < _NEIGHBOURS:
        found += maker.household(NEIGHBOUR_STREETS)
    return found


def _write(folder: Path, on: date, area: str, agreement: str, content: bytes) -> Incoming:
    file = folder / f"niet-ingeschreven-{area}-{on.isoformat()}.csv"
    file.write_bytes(content)
    return Incoming(on, area, agreement, file)


def _working(day: date) -> date:
    return SchoolCalendar().on_or_after(day, Counter.WORKING_DAYS)
