"""What a line of a mail may say: keys and a short list of harmless tokens, anything else is refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

PRAISE = "praise"
"""The group that asks nothing; it stands last."""

GROUPS = ("late", "unowned", "soon", "quiet", "new", "reports", "help", PRAISE)
"""In the order of the mail, by what is asked; `help` holds what is not the reader's own: counts of a team, a step going
round."""

COUNTED = frozenset({"late", "unowned", "soon", "quiet", "new"})
"""Groups whose lines are steps of the reader, as the subject counts them."""

_STEP = ("reference", "process", "step", "path")

LINE_TOKENS = {
    "step_too_late": frozenset({*_STEP, "on"}),
    "step_late": frozenset({*_STEP, "on"}),
    "step_soon": frozenset({*_STEP, "on"}),
    "step_silent": frozenset({*_STEP, "on"}),
    "step_new": frozenset({*_STEP, "on"}),
    "step_round": frozenset(_STEP),
    "step_help": frozenset({*_STEP, "on"}),
    "step_unowned": frozenset({*_STEP, "on"}),
    "step_answered": frozenset(_STEP),
    "step_nudged": frozenset(_STEP),
    "praise_started": frozenset({"count", "path"}),
    "steps_new": frozenset({"count", "path"}),
    "team_late": frozenset({"kind", "count", "path"}),
    "reports_waiting": frozenset({"count", "path"}),
    "reports_decided": frozenset({"count", "path"}),
    "year_end": frozenset({"count", "path"}),
}
"""Which tokens each line takes, exactly; its text stands in labels.toml under `line.`."""

KINDS = frozenset(
    ["lop", "kind-en-gezin", "huis-van-het-kind", "inloopteam", "school", "clb", "municipality", "ocmw", "other"]
)
"""Kinds of organisation, as a line may name a team; never the organisation itself."""

_REFERENCE = "[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]"
_ROOTS = "my-work|cases|areas|outbox|conflicts|year-end"
_PATH = re.compile(
    rf"/(?:{_ROOTS})(?:/(?:{_REFERENCE}|[0-9]{{1,9}}|[a-z]{{1,20}}(?:-[a-z]{{1,20}}){{0,3}})){{0,4}}"
    r"(?:\?[a-z_]{1,20}=[a-z0-9_-]{1,30}(?:&[a-z_]{1,20}=[a-z0-9_-]{1,30}){0,4})?"
)
_PATTERNS = {
    "reference": re.compile(_REFERENCE),
    "process": re.compile("[a-z]{1,20}(?:_[a-z]{1,20}){0,3}"),
    "step": re.compile("[a-z]{1,20}(?:_[a-z]{1,20}){0,3}"),
    "path": _PATH,
    "at": re.compile(r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9])?"),
    "uid": re.compile(r"visit-[0-9]{1,9}"),
    "organiser": re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}"),
    "signed path": re.compile(r"/answer/[A-Za-z0-9_-]{43}\?language=(?:nl|fr|en)"),
}
_SUBJECT = re.compile("[a-z_]{1,20}:[0-9A-Za-z-]{1,40}(?::[a-z0-9_]{1,40}){0,3}")


INVITED, MOVED, CALLED_OFF = "visit_invitation", "visit_moved", "visit_called_off"
INVITATIONS = frozenset({INVITED, MOVED, CALLED_OFF})
"""Letters to a colleague who comes along on a visit."""

LETTER_TOKENS = {
    "step_link": frozenset({"reference", "process", "step", "until", "path"}),
    **dict.fromkeys(INVITATIONS, frozenset({*_STEP, "on", "at", "uid", "sequence", "organiser"})),
}
"""Which tokens each single letter takes. An invitation carries a calendar, written from `on`, `at` (an hour, or empty),
`uid`, `sequence` and `organiser` (the mail address of a colleague) when it leaves."""


class ForbiddenTokenError(ValueError):
    """Something that may not stand in a mail was put into a line; always a fault in the code that queued it."""


@dataclass(frozen=True)
class Line:
    """One line of a digest. Raises ForbiddenTokenError for anything but the allowed tokens.

    Tokens: `reference` (K7M4P-2), `process` and `step` (keys), `on` (a date), `count` (a whole number), `kind` (of
    organisation), `path` (a link within Outreach). `path` is compulsory: every line has a link. `rule` is never sent:
    it tells whoever looks at the mail later why the line was written, in keys, numbers and days (ISO).
    """

    group: str
    subject: str
    key: str
    data: Mapping[str, Any]
    rule: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.group not in GROUPS or self.key not in LINE_TOKENS:
            raise ForbiddenTokenError(f"no line {self.key!r} in group {self.group!r}")
        if not _SUBJECT.fullmatch(self.subject):
            raise ForbiddenTokenError(f"not an opaque subject: {self.subject!r}")
        if set(self.data) != LINE_TOKENS[self.key]:
            raise ForbiddenTokenError(
                f"line {self.key!r} takes {sorted(LINE_TOKENS[self.key])}, not {sorted(self.data)}"
            )
        for name, value in self.data.items():
            _check(name, value)

    @property
    def about(self) -> str:
        """The thing the line is about: the first two parts of its subject."""
        return ":".join(self.subject.split(":", 2)[:2])

    def stored(self) -> dict[str, Any]:
        """The tokens as they are kept in the outbox."""
        return {token: value.isoformat() if isinstance(value, date) else value for token, value in self.data.items()}


@dataclass(frozen=True)
class LivingLine:
    """A line that nobody took back, as it stands in the outbox."""

    id: int
    about: str
    group: str
    key: str
    data: dict[str, Any]
    rule: dict[str, Any] | None = None


def check_letter(kind: str, tokens: Mapping[str, Any]) -> None:
    """Raises ForbiddenTokenError when a letter of this kind would say anything but its own tokens (days as ISO)."""
    if set(tokens) != LETTER_TOKENS.get(kind, frozenset()):
        raise ForbiddenTokenError(f"letter {kind!r} takes {sorted(LETTER_TOKENS.get(kind, ()))}, not {sorted(tokens)}")
    for name, value in tokens.items():
        kept = "signed path" if (kind, name) == ("step_link", "path") else name
        _check(kept, date.fromisoformat(value) if name in ("on", "until") else value)


def _check(name: str, value: Any) -> None:
    if name in ("on", "until"):
        sound = type(value) is date
    elif name in ("count", "sequence"):
        sound = type(value) is int and 0 <= value < 1_000_000
    elif name == "kind":
        sound = value in KINDS
    else:
        sound = isinstance(value, str) and _PATTERNS[name].fullmatch(value) is not None
    if not sound:
        raise ForbiddenTokenError(f"not a {name} a mail may show")
