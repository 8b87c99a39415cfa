"""Birth dates that a slip of the pen makes of another one."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=4096)  # children of a list are born on the same few hundred days
def near_dates(born_on: date) -> frozenset[date]:
    """Other birth dates a slip makes of this one: day and month changed about, or one digit another."""
    return frozenset(_slips(born_on))


def _slips(born_on: date) -> Iterator[date]:
    written = born_on.strftime("%Y%m%d")
    swapped = _day(written[:4] + written[6:] + written[4:6])
    if swapped and swapped != born_on:
        yield swapped
    for place in range(3, 8):
        for digit in "0123456789":
            found = _day(written[:place] + digit + written[place + 1 :])
            if found and found not in (born_on, swapped):
                yield found


def _day(written: str) -> date | None:
    try:
        return date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        return None
