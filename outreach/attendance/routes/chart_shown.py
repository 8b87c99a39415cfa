"""Presence against the threshold, ready to be drawn, with the same numbers as a table beside it."""

from typing import Any

from flask_babel import gettext as _

from outreach import labels
from outreach.attendance.chart import HIGH, WIDE, draw
from outreach.attendance.models import PresenceRow
from outreach.attendance.projection import Outlook
from outreach.attendance.queries.pupil import PupilYear
from outreach.attendance.queries.school import percent
from outreach.schoolyear import Basis

Shown = dict[str, Any]


def chart_shown(seen: PupilYear, language: str) -> Shown | None:
    """The chart of the threshold that marks; None at an age without thresholds."""
    outlook = seen.projection.marking
    if outlook is None:
        return None
    points = [(report.as_of, counted_of(row, outlook)) for report, row in seen.rows]
    drawn = draw(seen.year, seen.known.entry_on, points, outlook)
    return {
        "drawn": drawn,
        "wide": WIDE,
        "high": HIGH,
        "months": [(each.x, labels.month(each.on, language)[:1].upper()) for each in drawn.months],
        "says": _says(seen, outlook, language),
        "with_accepted": outlook.threshold.basis is Basis.WITH_ACCEPTED,
        "rows": [_row(report.as_of, row, outlook) for report, row in seen.rows],
        "expected": outlook.about,
        "most_likely": (outlook.low, outlook.high),
        "wanted": outlook.threshold.half_days,
        "last_year": seen.year.start + 1,
    }


def counted_of(row: PresenceRow, outlook: Outlook) -> int:
    """Half days that count on the basis of a threshold."""
    accepted = row.accepted or 0 if outlook.threshold.basis is Basis.WITH_ACCEPTED else 0
    return row.present + accepted


def _row(as_of: Any, row: PresenceRow, outlook: Outlook) -> Shown:
    counted = counted_of(row, outlook)
    return {
        "as_of": as_of,
        "counted": counted,
        "possible": row.possible,
        "percent": percent(counted, row.possible),
        "accepted": row.accepted,
        "unlawful": row.unlawful,
    }


def _says(seen: PupilYear, outlook: Outlook, language: str) -> str:
    now = _("On %(day)s: %(counted)s half days.", day=labels.day(seen.report.as_of, language), counted=outlook.counted)
    ends = {"expected": outlook.about, "low": outlook.low, "high": outlook.high}
    then = _("Expected on 30 June: %(expected)s, most likely between %(low)s and %(high)s.", **ends)
    asked = _("Asked: %(wanted)s.", wanted=outlook.threshold.half_days)
    return f"{now} {then} {asked}"
