"""The words of this room: steps, outcomes, facts, what happened and what is refused, in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from outreach import labels
from outreach.accounts import words as accounts
from outreach.cases.workflow import Outcome, processes
from outreach.errors import OutreachError

WORDS = labels.Catalogue.load(Path(__file__).parent / "labels.toml")


def text(key: str, language: str, **data: Any) -> str:
    """The text of a key of this room, days written out."""
    shown = {
        name: labels.short_day(value, language) if isinstance(value, date) else value for name, value in data.items()
    }
    return WORDS.text(key, language, **shown)


def label(group: str, key: str | None, language: str) -> str:
    """The word of one key of a group; a word nobody has a label for (typed on a list) stands for itself."""
    if not key:
        return ""
    name = f"{group}.{key}"
    return WORDS.text(name, language) if name in WORDS else key


def choices(group: str, language: str) -> list[tuple[str, str]]:
    """Every key of a group with its word, in the order of the file."""
    start = f"{group}."
    return [(key.removeprefix(start), WORDS.text(key, language)) for key in WORDS if key.startswith(start)]


def joined(group: str, keys: Iterable[str], language: str) -> str:
    """Several words of a group, one after the other."""
    return ", ".join(label(group, key, language) for key in keys)


def refusal(error: OutreachError, language: str) -> str:
    """What a person reads when a command of this room, or of a room below, says no."""
    key = f"refused.{error.key}"
    if key in WORDS:
        return text(key, language, **_readable(error.data, language))
    return accounts.refusal(error, language) or WORDS.text("refused.other", language)


def not_now(key: str, data: Mapping[str, Any] | None, language: str) -> str:
    """Why an outcome cannot be said now."""
    return text(f"refused.{key}", language, **_readable(data or {}, language))


def step_label(process: str, step: str, language: str) -> str:
    """The name of a step or side step."""
    return processes().step_label(process, step, language)


def outcome_label(process: str, version: int, step: str, outcome: str, language: str) -> str:
    """The name of an outcome of a step, or of an answer to a side step."""
    if processes().is_side(step):
        answers = {choice.key: choice.label[language] for choice in processes().answers_to(step)}
        return answers.get(outcome, outcome)
    found: Outcome | None = processes().outcome(process, version, step, outcome)
    return found.label[language] if found else outcome


def closure_label(key: str, language: str) -> str:
    """The name of a closure."""
    return processes().closure(key).label[language]


def _readable(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    shown = dict(data)
    if "fact" in shown:
        shown["fact"] = label("fact", str(shown["fact"]), language).rstrip("? \u00a0").lower()
    if isinstance(shown.get("lacking"), Mapping):
        shown["lacking"] = ", ".join(
            text(f"lacking.{what}", language, count=count) for what, count in shown["lacking"].items()
        )
    return shown
