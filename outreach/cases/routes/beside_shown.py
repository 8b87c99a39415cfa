"""Two records beside each other, in the reader's words: what agrees, what differs, and what that says."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from outreach.cases.queries.beside import Beside, Pair, Record, Value
from outreach.cases.words import label
from outreach.children.likeness import Likeness, Verdict
from outreach.web.filters import day, language

_TONES = {Verdict.AGREES: "fine", Verdict.ALIKE: "soon", Verdict.DIFFERS: "late", Verdict.UNKNOWN: "plain"}
_ICONS = {Verdict.AGREES: "check", Verdict.ALIKE: "question", Verdict.DIFFERS: "close", Verdict.UNKNOWN: "info"}


def pair_shown(pair: Pair) -> dict[str, Any]:
    """The pair as macros/beside.html shows it."""
    return {
        "one": record_shown(pair.one),
        "other": record_shown(pair.other),
        "rows": [_row(each) for each in pair.beside],
        "score": pair.likeness.score,
    }


def record_shown(record: Record) -> dict[str, Any]:
    """Who a record is of, and where its case is."""
    reference = record.case.reference
    return {
        "name": record.child.name,
        "reference": reference,
        "url": url_for("cases.case", reference=reference),
        "closed": record.case.ended_at is not None,
        "opened_on": record.case.opened_on,
    }


def _row(one: Beside) -> dict[str, Any]:
    said, spoken = one.said, language()
    return {
        "label": label("likeness_field", said.field, spoken),
        "one": _value(one.one),
        "other": _value(one.other),
        "verdict": label("likeness_verdict", said.verdict.value, spoken),
        "tone": _TONES[said.verdict],
        "icon": _ICONS[said.verdict],
        "reason": label(f"likeness_{said.field}", said.reason, spoken),
        "points": said.points,
    }


def _value(value: Value) -> str:
    if value is None or value == "":
        return "–"
    return value if isinstance(value, str) else day(value)


def reasons_said(likeness: Likeness) -> list[str]:
    """Why two records look like one child, in words."""
    told = [each for each in likeness.fields if each.verdict in (Verdict.AGREES, Verdict.ALIKE)]
    return [
        f"{label('likeness_field', each.field, language())}: {label(f'likeness_{each.field}', each.reason, language())}"
        for each in told
    ]


def points_said(score: int) -> str:
    """What the points together say."""
    return str(_("%(score)s of 100 points together", score=score))
