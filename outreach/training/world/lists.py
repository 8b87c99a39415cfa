"""Which lists come in, and when: the main one, the neighbour's, and a refreshed one three weeks ago."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

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
    staying = [*[child for child in first[:_GONE] if _has_bis(child)][:2], *first[_GONE:]]
    refreshed = [*_as_told_later(today, staying, [*children, *neighbours]), *new]
    incoming = [
        _write(folder, _working(monday), GENT, AGREEMENT, first_list(first, monday)),
        _write(folder, _working(monday + timedelta(days=9)), LOKEREN, NEIGHBOUR_AGREEMENT, later_list(neighbours)),
        _write(folder, _working(monday + timedelta(weeks=7)), GENT, AGREEMENT, later_list(refreshed)),
    ]
    return incoming, [*children, *neighbours]


def _as_told_later(today: date, still: list[Listed], everybody: list[Listed]) -> list[Listed]:
    """The same children seven weeks on: four households moved, names are written otherwise, two got a number."""
    maker = Maker(today, "later", taken=(child.insz for child in everybody))
    dice = Random(f"later {today.isoformat()}")
    homes = list(dict.fromkeys(_home(child) for child in still))
    movers = {home: maker.new_home() for home in dice.sample(homes, 4)}
    told = [replace(child, **movers.get(_home(child), {})) for child in still]
    numbered = [place for place, child in enumerate(told) if _has_bis(child) and maker.can_number(child)]
    for place in numbered:
        told[place] = maker.numbered(told[place])
    others = [place for place in range(len(told)) if place not in numbered]
    for place in dice.sample(others, 5):
        told[place] = replace(told[place], last_name=told[place].last_name.upper())
    respelt = [place for place in others if _respelt(told[place].last_name) != told[place].last_name]
    for place in dice.sample(respelt, min(4, len(respelt))):
        told[place] = replace(told[place], last_name=_respelt(told[place].last_name))
    return told


def _has_bis(child: Listed) -> bool:
    return bool(child.insz) and int(child.insz[2:4]) > 12


def _home(child: Listed) -> tuple[str, str, str, str]:
    return (child.street.name, child.number, child.box, child.reference_person)


def _respelt(name: str) -> str:
    """As another clerk writes it."""
    for one, other in (("ou", "u"), ("ck", "k"), ("sch", "sh"), ("aes", "aas"), ("ova", "owa")):
        if one in name:
            return name.replace(one, other, 1)
    return name


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
