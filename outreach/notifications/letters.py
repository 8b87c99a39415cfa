"""Writing a letter out in the reader's language: from keys and tokens to subject, text and HTML."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from email.utils import parseaddr
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from outreach import clock, labels
from outreach.notifications import calendars
from outreach.notifications.claims import Claimed
from outreach.notifications.lines import CALLED_OFF, COUNTED, GROUPS, INVITATIONS, PRAISE, LivingLine
from outreach.notifications.mime import Letter
from outreach.notifications.models import DIGEST, REMINDERS, URGENT
from outreach.notifications.words import WORDS

_INVITATION = "uitnodiging.ics"

_WIDTH = 72

MOST_LINES = 12
"""More than this nobody reads in a mail (process.md): the rest is a number and a link."""

SETTINGS = "/settings/reminders"
"""Where one chooses when and how mail comes: at the foot of each reminder and in its `List-Unsubscribe`. Never in one
click: what asks for work cannot be switched off by whoever forwards a mail, or by a scanner."""

StepLabel = Callable[[str, str, str], str]
"""(process key, step key, language) -> the step's label; KeyError for an unknown one."""


@dataclass(frozen=True)
class Office:
    """What every letter of this installation has in common."""

    sender: str
    base_url: str
    step_label: StepLabel


@dataclass(frozen=True)
class _Shown:
    """A line; on a wide sheet its `head` (which case, which step) is the link, and the `rest` stands under it."""

    text: str
    url: str
    head: str
    rest: str


@dataclass(frozen=True)
class _Group:
    """Lines that ask for the same; `hint` says what to do, and is empty where nothing is asked."""

    key: str
    heading: str
    hint: str
    lines: list[_Shown]


def _wrapped(text: str, further: str = "") -> str:
    """Lines as mail programs show them whole; `further` begins each but the first. Addresses are never broken."""
    lines, (line, *words) = [], text.split(" ")
    for word in words:
        if len(line) + 1 + len(word) <= _WIDTH:
            line = f"{line} {word}"
        else:
            lines.append(line)
            line = further + word
    return "\n".join([*lines, line])


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parents[2] / "templates" / "emails"),
    autoescape=select_autoescape(("html.j2",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_templates.globals.clear()
_templates.filters["wrapped"] = _wrapped


def write(letter: Claimed, office: Office) -> Letter:
    """The letter as it goes out. Raises KeyError or TemplateError when a key in it is unknown."""
    if letter.kind in REMINDERS:
        subject, tokens = _digest(letter, office)
        folder = "digest"
    else:
        subject, tokens = _single(letter, office)
        folder = "letter"
    tokens |= {"language": letter.language, "subject": subject}
    text = _templates.get_template(f"{folder}/mail.txt.j2").render(tokens)
    html = None if letter.plain else _templates.get_template(f"{folder}/mail.html.j2").render(tokens)
    message = _addressed(letter, office, subject, text, html)
    if letter.kind in INVITATIONS:
        _invite(message, letter, office)
    return message


def _invite(message: Letter, letter: Claimed, office: Office) -> None:
    tokens, off = letter.tokens, letter.kind == CALLED_OFF
    said = _said(tokens, office.step_label, letter.language)
    entry = calendars.Entry(
        uid=f"{tokens['uid']}@{_domain(office.sender)}",
        summary=_text("letter.visit_invitation.summary", letter.language, **said),
        url=office.base_url + tokens["path"],
        on=date.fromisoformat(tokens["on"]),
        at=time.fromisoformat(tokens["at"]) if tokens["at"] else None,
        changed_at=clock.now(),
        sequence=tokens["sequence"],
        cancelled=off,
    )
    written = calendars.invitation(entry, calendars.Between(tokens["organiser"], letter.address))
    method = calendars.CANCEL if off else calendars.REQUEST
    message.invite(method, written, _INVITATION)


def line_text(key: str, data: Mapping[str, Any], step_label: StepLabel, language: str) -> str:
    """What a line says in a language, for who looks at the mail later."""
    return _text(f"line.{key}", language, **_said(data, step_label, language))


def rule_text(rule: Mapping[str, Any] | None, language: str) -> str | None:
    """Why a line was written, in words; None when nobody wrote that down."""
    if rule is None or f"why.{rule['rung']}" not in WORDS:
        return None
    days = {name: _day(rule[name], language) for name in ("aim_on", "on") if rule.get(name)}
    unit = _text(f"unit.{rule['counter']}", language) if "counter" in rule else ""
    said = {"aim_on": "", "on": "", **days, "unit": unit, "after": rule.get("after")}
    return _text(f"why.{rule['rung']}", language, **said)


def subject_of(lines: Sequence[LivingLine], language: str, *, kind: str = DIGEST) -> str:
    """Neutral and exact: how many steps are asked for, how many of them are late; of another mail its one subject."""
    if kind == URGENT:
        return _text("urgent.subject", language)
    if kind != DIGEST:
        return _text(f"letter.{kind}.subject", language)
    total = sum(_weight(line) for line in lines if line.group in COUNTED)
    late = sum(_weight(line) for line in lines if line.group == "late")
    if not total:
        only_reports = lines and all(line.group == "reports" for line in lines)
        return _text("subject.reports" if only_reports else "subject.help", language)
    some_late = _text("subject.late", language, count=late) if late else ""
    return _text("subject.steps", language, count=total) + some_late


def _digest(letter: Claimed, office: Office) -> tuple[str, dict[str, Any]]:
    language = letter.language
    in_order = sorted(letter.lines, key=lambda line: GROUPS.index(line.group))
    asking = [line for line in in_order if line.group != PRAISE]
    shown = asking[:MOST_LINES] + in_order[len(asking) :]  # a good word comes last, and is never cut off
    groups = [
        _Group(
            key, _text(f"group.{key}", language), _hint(key, language), [_shown(line, office, language) for line in of]
        )
        for key, of in groupby(shown, key=lambda line: line.group)
    ]
    more = len(asking) - MOST_LINES
    words = {name: _text(f"digest.{name}", language) for name in ("greeting", "intro", "why", "change")}
    if letter.kind == URGENT:
        words |= {name: _text(f"urgent.{name}", language) for name in ("intro", "why")}
    return subject_of(letter.lines, language, kind=letter.kind), {
        **words,
        "preview": " · ".join(f"{group.heading}: {len(group.lines)}" for group in groups),
        "button_text": _text("digest.button", language),
        "change_url": office.base_url + SETTINGS,
        "groups": groups,
        "more": _text("digest.more", language, count=more) if more > 0 else None,
        "url": f"{office.base_url}/my-work",
    }


def _single(letter: Claimed, office: Office) -> tuple[str, dict[str, Any]]:
    language, said = letter.language, _said(letter.tokens, office.step_label, letter.language)
    text = _text(f"letter.{letter.kind}.text", language, **said)
    why = f"letter.{letter.kind}.why"
    return subject_of((), language, kind=letter.kind), {
        "text": text,
        "preview": text,
        "button_text": _text(f"letter.{letter.kind}.button", language),
        "greeting": _text("digest.greeting", language),
        "why": _text(why if why in WORDS else "letter.why", language),
        "url": f"{office.base_url}{letter.tokens.get('path', '/')}",
    }


def _hint(group: str, language: str) -> str:
    return _text(f"do.{group}", language) if f"do.{group}" in WORDS else ""


def _shown(line: LivingLine, office: Office, language: str) -> _Shown:
    said = _said(line.data, office.step_label, language)
    text, url = _text(f"line.{line.key}", language, **said), office.base_url + line.data["path"]
    if "step" not in line.data:
        return _Shown(text, url, text, "")
    head = _text("line_head.step", language, **said)
    rest = text.removeprefix(head).lstrip(":\N{NO-BREAK SPACE} ")
    return _Shown(text, url, head, rest[:1].upper() + rest[1:])


def _said(tokens: Mapping[str, Any], step_label: StepLabel, language: str) -> dict[str, Any]:
    """Tokens as a person reads them: days written out, steps and kinds of organisation by their label."""
    said = dict(tokens)
    for name in ("on", "until"):
        if name in said:
            said[name] = _day(said[name], language)
    if said.get("at"):
        said["at"] = f", {said['at']}"
    if "step" in said:
        said["step"] = step_label(said["process"], said["step"], language)
    if "kind" in said:
        said["kind"] = _text(f"kind.{said['kind']}", language)
    return said


def _addressed(letter: Claimed, office: Office, subject: str, text: str, html: str | None) -> Letter:
    headers = {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": letter.language,
    }
    if letter.kind in REMINDERS:
        headers["List-Unsubscribe"] = f"<{office.base_url}{SETTINGS}>"
    message = Letter(
        subject=subject,
        recipient=letter.address,
        sender=office.sender,
        message_id=f"{letter.message_id}@{_domain(office.sender)}",
        text=text,
        at=clock.now().timestamp(),
        extra=headers,
    )
    message.html = html
    return message


@lru_cache(maxsize=16)
def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


@lru_cache(maxsize=1024)
def _day(iso: str, language: str) -> str:
    return labels.day(date.fromisoformat(iso), language)


def _weight(line: LivingLine) -> int:
    count = line.data.get("count", 1)
    return int(count)


def _text(key: str, language: str, **data: Any) -> str:
    return WORDS.text(key, language, **data)
