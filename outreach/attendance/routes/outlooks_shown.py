"""Where a kleuter stands against each threshold, in words and numbers; never a colour alone."""

from typing import Any

from outreach import clock
from outreach.attendance.projection import Outlook, Standing, left_after
from outreach.attendance.queries.pupil import PupilYear
from outreach.attendance.queries.school import percent
from outreach.attendance.unlawful import COMPULSORY_AGE, for_the_clb
from outreach.attendance.words import basis_label, purpose_label, standing_label
from outreach.schoolyear import Basis, age_in

Shown = dict[str, Any]

LOOKS = {
    Standing.REACHED: ("done", "fine"),
    Standing.ON_TRACK: ("fine", "fine"),
    Standing.AT_RISK: ("warning", "soon"),
    Standing.NO_LONGER: ("flag", "paused"),
    Standing.NEVER: ("info", "plain"),
    Standing.TOO_SOON: ("waiting", "planned"),
}
"""Icon and tone of each standing."""

_NOT_ATTAINABLE = (Standing.NO_LONGER, Standing.NEVER)


def standing_shown(seen: PupilYear, language: str) -> Shown:
    """What matters of the threshold that marks; half days alone at an age without thresholds."""
    outlook = seen.projection.marking
    presence, left = seen.presence, left_after(seen.report.as_of, seen.calendar)
    shown = {
        "present": presence.present,
        "possible": presence.possible,
        "percent": percent(presence.present, presence.possible),
        "left": left.half_days,
        "as_of": seen.report.as_of,
        "outlook": outlook and _outlook(outlook, left.half_days, language),
    }
    late = [each for each in seen.projection.outlooks if each.standing in _NOT_ATTAINABLE]
    return shown | {"not_attainable": bool(late), "five": age_in(seen.year, seen.pupil.born_year) >= COMPULSORY_AGE}


def outlooks_shown(seen: PupilYear, language: str) -> list[Shown]:
    """Every threshold apart."""
    left = left_after(seen.report.as_of, seen.calendar).half_days
    return [_outlook(each, left, language) for each in seen.projection.outlooks]


def needs_clb(seen: PupilYear) -> int:
    """The unlawful half days that make it a matter of school and CLB together; 0 when they do not."""
    return for_the_clb(seen.pupil.born_year, seen.report.as_of, seen.presence.unlawful)


def _outlook(outlook: Outlook, left: int, language: str) -> Shown:
    icon, tone = LOOKS[outlook.standing]
    return {
        "purpose": purpose_label(outlook.threshold.purpose, language),
        "basis": basis_label(outlook.threshold.basis, language),
        "basis_known": outlook.basis_known,
        "with_accepted": outlook.threshold.basis is Basis.WITH_ACCEPTED,
        "wanted": outlook.threshold.half_days,
        "counted": outlook.counted,
        "expected": outlook.about,
        "low": outlook.low,
        "high": outlook.high,
        "needed": outlook.needed,
        "left": left,
        "until": outlook.attainable_until,
        "until_is_past": outlook.attainable_until is not None and outlook.attainable_until < clock.today(),
        "uncertain": outlook.uncertain,
        "standing": outlook.standing.value,
        "label": standing_label(outlook.standing, language),
        "icon": icon,
        "tone": tone,
        "attainable": outlook.standing not in _NOT_ATTAINABLE,
    }
