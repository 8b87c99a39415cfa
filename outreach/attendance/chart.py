"""Presence against the threshold as a drawing: where each point, line and word stands. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from outreach.attendance.projection import Outlook
from outreach.schoolyear import SchoolYear

WIDE, HIGH = 360, 250
LEFT, RIGHT, TOP, BOTTOM = 32, 344, 14, 222
_STEP = 50
_NARROW = 12


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the drawing and the number it stands for."""

    x: float
    y: float
    half_days: int
    on: date


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines as SVG writes them. `band` is empty when nothing is left to expect."""

    seen: tuple[Point, ...]
    seen_line: str
    expected_line: str
    band: str
    end: Point
    threshold: Point
    rulers: tuple[Point, ...]
    months: tuple[Point, ...]
    threshold_below: bool
    """Whether the word of the threshold stands under its line, so that it does not cross another."""


def draw(year: SchoolYear, start_on: date, seen: Sequence[tuple[date, int]], outlook: Outlook) -> Chart:
    """The half days of each report, the expected number on 30 June with its band, and the threshold."""
    last = date(year.start + 1, 6, 30)
    days = (last - year.first_on).days
    top = _round_up(max(outlook.threshold.half_days, outlook.high, round(outlook.expected)) + 10)

    def point(on: date, half_days: float) -> Point:
        x = LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, (on - year.first_on).days / days))
        return Point(round(x, 1), round(BOTTOM - (BOTTOM - TOP) * half_days / top, 1), round(half_days), on)

    points = (point(start_on, 0), *(point(on, half_days) for on, half_days in seen))
    now, end = points[-1], point(last, outlook.expected)
    low, high = point(last, outlook.low), point(last, outlook.high)
    wanted = point(last, outlook.threshold.half_days)
    return Chart(
        seen=points[1:],
        seen_line=_line(points),
        expected_line=_line((now, end)),
        band=_line((now, high, low)) if low != high else "",
        end=end,
        threshold=wanted,
        rulers=tuple(point(year.first_on, each) for each in range(0, top + 1, _STEP)),
        months=tuple(point(_month(year, place), 0) for place in range(10)),
        threshold_below=wanted.y < TOP + _NARROW,
    )


def _month(year: SchoolYear, place: int) -> date:
    return date(year.start + (place > 3), (place + 8) % 12 + 1, 1)


def _round_up(half_days: int) -> int:
    return -(-half_days // _STEP) * _STEP


def _line(points: Sequence[Point]) -> str:
    return " ".join(f"{each.x},{each.y}" for each in points)
