"""The next visit in one sentence: dinsdag 1 december, namiddag: twee keer 's morgens niemand bereikt."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from outreach import labels
from outreach.cases.words import WORDS, label
from outreach.cases.workflow import NextVisit
from outreach.web.filters import language

_COUNTED = 4
"""From here on a number is written in figures."""


def proposal_said(proposed: NextVisit) -> str:
    """A proposal, with the reason."""
    return planned_said(proposed.on, proposed.part, proposed.why, proposed.data)


def planned_said(on: date, part: str | None, why: str | None = None, data: Mapping[str, Any] | None = None) -> str:
    """A planned day with the part of the day, and why that day was proposed, as far as these are known."""
    spoken = language()
    day = labels.day(on, spoken).rsplit(" ", 1)[0]  # it lies near: the year says nothing
    if not part:
        return day
    told = {"day": day, "part": label("day_part", part, spoken)}
    if why is None:
        return WORDS.text("next_visit.agreed", spoken, **told)
    return WORDS.text("next_visit.whole", spoken, **told, why=_why(why, data or {}, spoken))


def next_of(details: Mapping[str, Any]) -> str:
    """What an attempt remembers of the next visit; empty when nothing was planned."""
    told = details.get("next")
    if not told:
        return ""
    return planned_said(date.fromisoformat(told["on"]), told.get("part"), told.get("why"), told.get("data"))


def _why(key: str, data: Mapping[str, Any], spoken: str) -> str:
    if key == "advice" and data["advice"] == "ring_first":
        return WORDS.text("next_visit.ring_first", spoken)
    if key == "advice":
        return WORDS.text("next_visit.advice", spoken, advice=label("advice", data["advice"], spoken))
    if key == "met":
        return WORDS.text("next_visit.met", spoken, part=label("advice", data["part"], spoken))
    if key == "missed":
        missed = ", ".join(_times(part, count, spoken) for part, count in data["missed"].items())
        return WORDS.text("next_visit.missed", spoken, missed=missed)
    return WORDS.text(f"next_visit.{key}", spoken)


def _times(part: str, count: int, spoken: str) -> str:
    key = str(count) if count <= _COUNTED else "more"
    return WORDS.text(f"times.{key}", spoken, count=count, part=label("advice", part, spoken))
