"""The school year of a kleuter, ready to be drawn: each half day a mark with its place, and the same in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale, gettext as _, ngettext

from outreach import labels
from outreach.attendance.picture import ABSENCES, Day, Mark, Month, Stretch, months, stretches
from outreach.attendance.projection import left_after
from outreach.attendance.queries.pupil import PupilYear

Shown = dict[str, Any]

_COLUMN, _ROW, _WEEK_GAP = 15, 15, 6
_MONTH = 23 * _COLUMN + 5 * _WEEK_GAP
"""As wide as the longest month, so that a half day is as large in every month."""

_IN_A_ROW = 24
_MONDAY = 0


@dataclass(frozen=True)
class Placed:
    """A mark and its place in the drawing."""

    x: int
    y: int
    kind: str


def picture_shown(seen: PupilYear, language: str, *, apart: bool = True) -> Shown:
    """Months where half days are told one by one, stretches where a total is all that is known; with absences of every
    kind `apart`, or as one."""
    with force_locale(language):
        known = seen.known
        told = months(seen.year, known, seen.calendar) if known.since else ()
        totals = [_stretch(each, language) for each in stretches(known)]
        left = left_after(known.as_of, seen.calendar).half_days
        return {
            "months": [_month(each, language, apart) for each in told],
            "stretches": totals,
            "ahead": None if told else _ahead(left),
            "kinds": sorted({each.value for month in told for day in month.days for each in day.marks}),
        }


def _month(month: Month, language: str, apart: bool) -> Shown:
    return {
        "name": labels.month(month.first_on, language),
        "wide": _MONTH,
        "marks": list(_placed(month.days, apart)),
        "words": _in_words(month, language),
    }


def _placed(days: Sequence[Day], apart: bool) -> Iterator[Placed]:
    """Days from left to right, weeks apart; before noon above, after noon below. A day without school is a dash."""
    x = 0
    for place, day in enumerate(days):
        if place and day.on.weekday() == _MONDAY:
            x += _WEEK_GAP
        if not day.marks:
            yield Placed(x, 0, "free")
        for half, mark in enumerate(day.marks):
            yield Placed(x, half * _ROW, (Mark.ABSENT if mark in ABSENCES and not apart else mark).value)
        x += _COLUMN


def _in_words(month: Month, language: str) -> str:
    ahead, untold = month.count(Mark.AHEAD), month.count(Mark.UNTOLD)
    parts = []
    if month.told:
        parts.append(_("there %(present)s of %(told)s half days", present=month.count(Mark.PRESENT), told=month.told))
        if month.absences:
            days = ", ".join(_missed(each, language) for each in month.absences)
            parts.append(_("missed: %(which)s", which=days))
    if untold:
        parts.append(
            ngettext("%(num)s half day told in a total only", "%(num)s half days told in a total only", untold)
        )
    if ahead:
        parts.append(ngettext("%(num)s half day to come", "%(num)s half days to come", ahead))
    if not parts:
        parts.append(_("not at school yet") if month.count(Mark.BEFORE) else _("no school"))
    return "; ".join(parts)


def _missed(day: Day, language: str) -> str:
    """mo 5, or half of it."""
    name = f"{labels.weekday(day.on.weekday(), language)[:2]} {day.on.day}"
    missed = [each in ABSENCES for each in day.marks]
    if all(missed):
        return name
    return str(_("%(day)s morning", day=name) if missed[0] else _("%(day)s afternoon", day=name))


def _stretch(stretch: Stretch, language: str) -> Shown:
    marks = [Mark.PRESENT] * stretch.present + [Mark.ABSENT] * (stretch.possible - stretch.present)
    first, last = labels.short_day(stretch.first_on, language), labels.short_day(stretch.last_on, language)
    return _rows(marks) | {
        "name": _("%(first)s to %(last)s", first=first, last=last),
        "words": _(
            "there %(present)s of %(possible)s half days; which ones, the report does not tell",
            present=stretch.present,
            possible=stretch.possible,
        ),
    }


def _ahead(left: int) -> Shown:
    words = ngettext("%(num)s half day to come", "%(num)s half days to come", left)
    return _rows([Mark.AHEAD] * left) | {"name": _("Until 30 June"), "words": words}


def _rows(marks: Sequence[Mark]) -> Shown:
    """Marks in rows of the same length, as one counts beads."""
    placed = [
        Placed(_COLUMN * (place % _IN_A_ROW), _ROW * (place // _IN_A_ROW), mark.value)
        for place, mark in enumerate(marks)
    ]
    return {"marks": placed, "wide": _COLUMN * _IN_A_ROW, "high": _ROW * -(-len(marks) // _IN_A_ROW)}
