"""Whether anything a database knows about people stands in a mail, wherever in it and however written."""

import json
import quopri
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import labels
from outreach.accounts.models import Person
from outreach.cases.workflow import processes
from outreach.children.models import Child, FamilyContact, Household, Residence
from outreach.database import Model, seen_by
from outreach.database.types import EncryptedText
from outreach.notifications.models import OutboxMessage
from outreach.notifications.words import WORDS as POST
from outreach.partners.models import SCHOOL, Organisation

_READ = seen_by("test")

_SHORTEST = 3
_TO_THE_READER = ("to", "delivered-to")
"""The only headers that name somebody: whoever reads it."""


_TOO_COMMON = ("language", "autre", "other", "andere")
"""Reasons of one word that stands in any mail (`Content-Language`)."""


@dataclass
class Secrets:
    """What may not stand in a mail: words in a row, by the first of them, and numbers without what parts them."""

    rows: dict[str, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))
    numbers: set[str] = field(default_factory=set)

    def add(self, *texts: str | None) -> None:
        """Texts about somebody; a number of eight digits or more is also looked for written in another way."""
        for text in filter(None, texts):
            words = _words(text)
            digits = re.sub(r"\D", "", text)
            if len(digits) >= 8 and not re.search(r"[^\W\d]", text):
                self.numbers.add(digits)
            if words and sum(map(len, words)) >= _SHORTEST:
                self.rows[words[0]].add(words)

    def add_day(self, on: date) -> None:
        """A birth date, as people and machines write it."""
        self.add(
            *(f"{on:{form}}" for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%y", "%Y%m%d")),
            f"{on.day}/{on.month}/{on.year}",
        )
        for language in labels.LANGUAGES:
            self.add(labels.day(on, language).partition(" ")[2], labels.short_day(on, language).partition(" ")[2])

    def found_in(self, source: bytes) -> set[str]:
        """Each of them that stands in this mail."""
        found: set[str] = set()
        for text in _texts(source):
            found |= set(self._rows_in(_words(text)))
            squeezed = re.sub(r"[\s./()+:-]", "", text)
            found |= {number for number in self.numbers if number in squeezed}
        return found

    def _rows_in(self, words: tuple[str, ...]) -> Iterator[str]:
        for place, word in enumerate(words):
            for row in self.rows.get(word, ()):
                if words[place : place + len(row)] == row:
                    yield " ".join(row)


def secrets_of(session: Session) -> Secrets:
    """What the database knows about children, families, people who work and schools, every encrypted column (also one
    that comes tomorrow), and every reason there is."""
    secrets = Secrets()
    for child in session.scalars(select(Child), execution_options=_READ):
        secrets.add(child.first_name, child.last_name, child.insz)
        secrets.add_day(child.born_on)
    for home in session.scalars(select(Residence), execution_options=_READ):
        secrets.add(home.street, f"{home.street} {home.number}", home.postcode)
    secrets.add(*session.scalars(select(Household.reference_person), execution_options=_READ))
    secrets.add(*session.scalars(select(FamilyContact.name), execution_options=_READ))
    secrets.add(*session.scalars(select(Person.name).where(Person.actor_key.is_(None))))
    secrets.add(*session.scalars(select(Organisation.name).where(Organisation.kind == SCHOOL)))
    common = processes().common
    for reason in (*common.pauses, *common.closures, *common.barriers, *common.sides):
        secrets.add(*(label for label in reason.label.values() if not _is_ours(label)))
    for mapper in Model.registry.mappers:
        if mapper.class_ is not OutboxMessage:
            for column in (each for each in mapper.columns if isinstance(each.type, EncryptedText)):
                for value in session.scalars(select(getattr(mapper.class_, column.key)), execution_options=_READ):
                    secrets.add(*_leaves(value))
    return secrets


def _is_ours(label: str) -> bool:
    """Whether the words of our mails say this themselves, to everybody."""
    said = (POST.text(key, each, **_Blank()) for key in POST for each in labels.LANGUAGES if key.startswith("line."))
    return label.casefold() in _TOO_COMMON or any(label.casefold() in text.casefold() for text in said)


class _Blank(dict[str, str]):
    """Something for every field of every text."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(("reference", "step", "on", "count", "kind"), "-"))


def _leaves(value: str | None) -> Iterator[str]:
    """The texts in an encrypted column, which may hold JSON."""
    try:
        kept = json.loads(value or "null")
    except ValueError:
        kept = value
    waiting: list[Any] = [kept]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str) and (len(one.split()) > 1 or re.search(r"\d{4}|[A-Z]", one)):
            yield one


def _texts(source: bytes) -> Iterator[str]:
    """A mail in every way it can be read: as it travels, with what quoted-printable hides, and each part decoded."""
    message = cast(EmailMessage, message_from_bytes(source, policy=policy.default))
    head, _, body = source.partition(b"\r\n\r\n")
    for raw in (body.replace(b"=\r\n", b""), quopri.decodestring(body)):
        yield raw.decode("utf-8", "replace")
        yield raw.decode("latin-1")
    yield "\n".join(line for line in head.decode("latin-1").split("\r\n") if not line.lower().startswith("to:"))
    for part in message.walk():
        yield " ".join(str(value) for name, value in part.items() if name.lower() not in _TO_THE_READER)
        yield part.get_filename() or ""
        if not part.is_multipart():
            content = cast(bytes, part.get_payload(decode=True)).decode("utf-8", "replace")
            yield content.replace("\r\n ", "")
            yield unescape(re.sub(r"<[^>]+>", " ", content))
            yield unescape(" ".join(re.findall(r'="([^"]*)"', content)))


def _words(text: str) -> tuple[str, ...]:
    """Without accents and capitals, so that one way of writing stands for all."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return tuple(re.findall(r"\w+", plain.translate(_LETTERS).casefold()))


_LETTERS = str.maketrans({"ı": "i", "ł": "l", "Ł": "L", "ø": "o", "đ": "d", "_": " "})


def hidden_in_any(secrets: Secrets, sources: Iterable[bytes]) -> dict[str, int]:
    """What was found in these mails, and how often."""
    counts: dict[str, int] = defaultdict(int)
    for source in sources:
        for what in secrets.found_in(source):
            counts[what] += 1
    return dict(counts)
