"""A mail of every kind, as the rooms above would queue them; a new kind or line without a sample fails by itself."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Flask
from flask_mail import Mail

from outreach.notifications.claims import Claimed
from outreach.notifications.letters import Office, write
from outreach.notifications.lines import GROUPS, INVITATIONS, LINE_TOKENS, Line, LivingLine
from outreach.notifications.models import REMINDERS
from outreach.notifications.words import WORDS
from tests.ground.smtp import Received

READER = "fatima@inloopteam.example"
ON = date(2026, 12, 22)

_GROUP_OF = {
    "step_too_late": "late",
    "step_late": "late",
    "step_unowned": "unowned",
    "step_soon": "soon",
    "step_silent": "quiet",
    "step_round": "help",
    "step_help": "help",
    "team_late": "help",
    "reports_waiting": "reports",
    "reports_decided": "reports",
    "praise_started": "praise",
}
"""Under which heading a line stands; what is not named here is new for the reader."""

_VISIT = {
    "process": "enrolment",
    "step": "home_visit",
    "on": ON.isoformat(),
    "at": "14:30",
    "uid": "visit-7",
    "sequence": 1,
    "organiser": "afspraken@inloopteam.example",
}

_LETTERS: dict[str, dict[str, Any]] = {
    "test": {},
    "step_link": {
        "process": "enrolment",
        "step": "home_visit",
        "until": ON.isoformat(),
        "path": "/answer/" + "x" * 43 + "?language=nl",
    },
    **dict.fromkeys(INVITATIONS, _VISIT),
}


def kinds() -> list[str]:
    """Every kind of mail there are words for."""
    letters = {key.split(".")[1] for key in WORDS if key.startswith("letter.") and key.endswith(".subject")}
    return [*REMINDERS, *sorted(letters)]


def every_line(reference: str = "K7M4P-2") -> list[Line]:
    """One line of every key, the most urgent first."""
    lines = [_line(key, number, reference) for number, key in enumerate(LINE_TOKENS, start=1)]
    return sorted(lines, key=lambda line: GROUPS.index(line.group))


def _line(key: str, number: int, reference: str) -> Line:
    tokens = {
        "reference": reference,
        "process": "enrolment",
        "step": "home_visit",
        "on": ON,
        "count": 3 + number,
        "kind": "inloopteam",
        "path": f"/cases/{reference}/steps/{number}" if "reference" in LINE_TOKENS[key] else "/my-work",
    }
    data = {name: tokens[name] for name in LINE_TOKENS[key]}
    return Line(_GROUP_OF.get(key, "new"), f"step:{number}:{key}", key, data)


def claimed(
    kind: str,
    language: str = "nl",
    *,
    lines: Sequence[Line] = (),
    tokens: Mapping[str, Any] | None = None,
    reference: str = "K7M4P-2",
    plain: bool = False,
) -> Claimed:
    """A letter a deliverer has in hand."""
    said = tokens
    if kind not in REMINDERS and said is None:
        said = {"reference": reference, "path": f"/cases/{reference}/steps/1", **_LETTERS[kind]}
    return Claimed(
        id=1,
        kind=kind,
        address=READER,
        language=language,
        message_id="0f" * 16,
        digest_on=ON if kind == "digest" else None,
        attempts=0,
        not_after_at=None,
        plain=plain,
        tokens=said or {},
        lines=living(lines or (every_line(reference) if kind in REMINDERS else ())),
    )


def living(lines: Sequence[Line]) -> list[LivingLine]:
    """The lines as the outbox gives them back."""
    return [LivingLine(number, line.about, line.group, line.key, line.stored()) for number, line in enumerate(lines)]


def arrived(letter: Claimed, office: Office) -> Received:
    """The letter as a mail program finds it."""
    app = Flask("post")
    Mail(app)
    with app.app_context():
        return Received(letter.address, write(letter, office).as_bytes())
