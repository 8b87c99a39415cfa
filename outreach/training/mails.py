"""The mails of the sink, as a person reads them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from outreach.training.sink import LEDGER

SHOWN = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Reply-To", "Content-Language")
_ID = re.compile(r"\d{6,9}")


@dataclass(frozen=True)
class Listed:
    """One line of the list."""

    id: str
    to: str
    subject: str
    at: datetime | None


@dataclass(frozen=True)
class Mail:
    """One mail: who got it, its headers, and its two bodies; `html` is None for a mail of text alone."""

    id: str
    recipients: list[str]
    headers: list[tuple[str, str]]
    subject: str
    sender: str
    at: datetime | None
    text: str
    html: str | None


def mails(folder: Path, *, first: int = 0, count: int = 100) -> tuple[list[Listed], int]:
    """A page of the mails, newest first, and how many there are."""
    lines = list(_ledger(folder))
    lines.reverse()
    chosen = [Listed(line["id"], ", ".join(line["to"]), line["subject"], _moment(line["date"])) for line in lines]
    return chosen[first : first + count], len(lines)


def find_mail(folder: Path, mail_id: str) -> Mail | None:
    """The mail with this number, None when there is none; the number is never taken for a path."""
    file = folder / f"{mail_id}.eml"
    if not _ID.fullmatch(mail_id) or not file.exists():
        return None
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    listed: list[str] = next((line["to"] for line in _ledger(folder) if line["id"] == mail_id), [])
    return Mail(
        id=mail_id,
        recipients=listed,
        headers=[(name, str(message[name])) for name in SHOWN if message[name]],
        subject=str(message["subject"] or ""),
        sender=str(message["from"] or ""),
        at=_moment(str(message["date"] or "")),
        text=_body(message, "plain") or "",
        html=_body(message, "html"),
    )


def _ledger(folder: Path) -> Iterator[dict[str, Any]]:
    ledger = folder / LEDGER
    if not ledger.exists():
        return
    for line in ledger.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:  # the last line of a run that was killed while writing
            continue


def _body(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else None


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
