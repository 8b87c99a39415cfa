"""Why a step has these dates, in sentences a person can read, in Dutch, French or English."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from outreach import labels
from outreach.cases.workflow.model import FROM_HERE, Anchor
from outreach.schoolyear import explain

WORDS = labels.Catalogue.load(Path(__file__).parent / "labels.toml")

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Explained:
    """The sentences behind each date; empty where there is no such date."""

    aim: tuple[str, ...]
    too_late: tuple[str, ...]


def explain_dates(why: Told, language: str) -> Explained:
    """Read `StepDates.why` to a person."""
    chosen = bool(why.get("entry_chosen"))
    aim = tuple(_sentences(why["aim"], language, chosen)) if "aim" in why else ()
    too_late = tuple(_sentences(why["too_late"], language, chosen)) if "too_late" in why else ()
    left_out = [each for each in why.get("dropped", ()) if not each["rule"].startswith("aim")]
    return Explained(aim, (*too_late, *(_left_out(each, language, chosen) for each in left_out)))


def _sentences(told: Told, language: str, chosen: bool) -> Iterator[str]:
    if "agreed" in told:
        yield _say(f"agreed.{told['agreed']}", language, day=told["planned_on"])
        if told["on"] < told["planned_on"] and not told.get("pauses"):
            yield _say("moved.too_late", language, day=told["on"])
    elif told.get("tight"):
        key = "tight" if told["wanted"] < told["on"] else "tight_as_usual"
        yield _say(key, language, day=told["on"], entry=told["anchor_on"], wanted=told["wanted"])
    elif "anchor" in told:
        yield from _counted(told, language, chosen)
        if "instead_of" in told:
            yield _say("instead_of", language, day=told["instead_of"])
        if "moved" in told:
            yield _say(f"moved.{told['moved']}", language, day=told["on"])
    for pause in told.get("pauses", ()):
        yield _say("paused", language, day=told["on"], first=pause["from_on"], last=pause["until_on"])


def _counted(told: Told, language: str, chosen: bool) -> Iterator[str]:
    """The counting, and what the day it starts from is; one sentence when they are the same day."""
    name = WORDS.text(_anchor_key(told, chosen), language)
    if told["counted_on"] == told["anchor_on"]:
        yield _say("same_day", language, day=told["counted_on"], what=name)
        return
    counted = {
        "day": told["counted_on"],
        "start": told["anchor_on"],
        "n": abs(told["count"]),
        "counter": told["counter"],
        "skipped": told["skipped"],
    }
    sentence = explain(counted, language)
    yield f"{sentence[0].upper()}{sentence[1:]}."
    yield _say("anchor_day", language, day=told["anchor_on"], what=name)


def _left_out(told: Told, language: str, chosen: bool) -> str:
    name = WORDS.text(_anchor_key(told, chosen), language)
    return _say(f"dropped.{told['reason']}", language, day=told["on"], anchor=told["anchor_on"], what=name)


def _anchor_key(told: Told, chosen: bool) -> str:
    anchor = told["anchor"]
    if anchor == Anchor.ENTRY_DAY and chosen:
        return "anchor.entry_day_chosen"
    if told["rule"] == "stay" and anchor in FROM_HERE:
        return "anchor.reported_on"
    return f"anchor.{anchor}"


def _say(key: str, language: str, *, what: str = "", **days: str) -> str:
    written = {name: labels.day(date.fromisoformat(on), language) for name, on in days.items()}
    sentence = WORDS.text(key, language, what=what, **written)
    return f"{sentence[0].upper()}{sentence[1:]}"
