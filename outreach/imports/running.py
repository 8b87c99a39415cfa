"""A row of a coordinator's own list of running cases: the child, and what was noted about following it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from outreach.children import insz
from outreach.errors import Refused
from outreach.imports.checking import RefusedRow, check
from outreach.imports.findings import Finding
from outreach.imports.judging import Incoming, sort_out
from outreach.imports.listed import ListedChild
from outreach.imports.reading import CellError, ListFile, RawRow
from outreach.imports.reading.rows import Cell
from outreach.imports.reading.short_days import day_written
from outreach.imports.reading.values import as_text
from outreach.imports.reading.vocabulary import LEFT_ALONE, title_keys
from outreach.imports.remarks import Remarks
from outreach.imports.running_words import About, meant, says_only

_PHONE = re.compile(r"\+?\d[\d\s./-]{7,20}")
_DIGITS_OF_A_PHONE = (8, 15)


@dataclass(frozen=True, slots=True)
class Followed:
    """What a row notes beside the child. `note` holds every word no other field could take, title by title.

    `reached`: whether somebody was reached at the last contact; None when the list does not tell.
    """

    status: str = ""
    who: str = ""
    contact_on: date | None = None
    channel: str | None = None
    reached: bool | None = None
    note: str = ""
    since_on: date | None = None
    entry_on: date | None = None
    school: str = ""
    phone: str = ""


@dataclass(frozen=True)
class RunningList:
    """A list of running cases that was read and judged, and what each row that is taken notes, by its number."""

    incoming: Incoming
    followed: dict[int, Followed]


def receive_running(list_file: ListFile, as_of: date) -> RunningList:
    """Read every row as of the list's date. Raises Unreadable when the file is damaged further on."""
    followed: dict[int, Followed] = {}
    kept = list(_kept_as_note(list_file))

    def checked() -> Iterator[ListedChild | RefusedRow]:
        for row in list_file.rows():
            found = check(_with_born_on(row), list_file, as_of)
            told, remarks = _followed(row, list_file, kept, as_of)
            followed[row.row_number] = told
            yield found._replace(warnings=(*found.warnings, *remarks)) if isinstance(found, ListedChild) else found

    judged = sort_out(checked())
    incoming = Incoming(list_file.file_name, list_file.digest, list_file.layout, list_file.titles, judged)
    return RunningList(incoming, followed)


def _with_born_on(row: RawRow) -> RawRow:
    """A row without a birth date has the one its number tells."""
    if row.cells.get("born_on") is not None:
        return row
    cell = row.cells.get("insz")
    try:
        number = None if cell is None else insz.parse(cell if isinstance(cell, int | float) else as_text(cell))
    except Refused:
        number = None
    return replace(row, cells={**row.cells, "born_on": number.born_on if number else None})


def _kept_as_note(list_file: ListFile) -> Iterator[tuple[int, str]]:
    """The columns that are nothing else and are kept as a note, with their titles."""
    taken = set(list_file.columns.values()) | list_file.header.silent
    tied = list_file.vocabulary.tied
    for place, key in enumerate(title_keys(list_file.titles)):
        if place not in taken and tied.get(key) != LEFT_ALONE:
            yield place, list_file.titles[place]


class _Reading:
    """One row while it is read: what cannot be taken as meant goes to the note, under its title."""

    def __init__(self, row: RawRow, list_file: ListFile) -> None:
        self.row = row
        self.list_file = list_file
        self.lines: list[str] = []
        self.remarks = Remarks(row, list_file)

    def text(self, field: str) -> str:
        """The words of a cell."""
        return as_text(self.row.cells.get(field)).strip()

    def keep(self, field: str) -> None:
        """Keep a cell as it stands."""
        if text := self.text(field):
            self.lines.append(f"{self.list_file.title(field)}: {text}")

    def day(self, field: str, as_of: date, *, ahead: bool) -> date | None:
        """A day; one that is ahead of the list only where it can be."""
        found = day_written(self.row.cells.get(field), as_of, ahead=ahead)
        if found is None and self.text(field):
            self.remarks.warn("kept_as_note", field, value=self.text(field)[:60])
            self.keep(field)
        return found


def _followed(
    row: RawRow, list_file: ListFile, kept: list[tuple[int, str]], as_of: date
) -> tuple[Followed, list[Finding]]:
    reading = _Reading(row, list_file)
    if note := reading.text("note"):
        reading.lines.append(note)
    contact_on = reading.day("contact_on", as_of, ahead=False)
    status = reading.text("status")
    told = Followed(
        status=status,
        who=_who(reading),
        contact_on=contact_on,
        channel=_meant(reading, "channel", "contact_kind", status),
        reached={"yes": True, "no": False}.get(_meant(reading, "reached", "contact_result", status) or ""),
        since_on=reading.day("followed_since", as_of, ahead=False),
        entry_on=reading.day("entry_on", as_of, ahead=True),
        school=reading.text("school"),
        phone=_phone(reading),
    )
    reading.lines += [
        f"{title}: {text}" if title else text for place, title in kept if (text := _as_it_stands(row.values[place]))
    ]
    return replace(told, note="\n".join(dict.fromkeys(reading.lines))), list(reading.remarks.warnings)


def _as_it_stands(cell: Cell) -> str:
    return "" if isinstance(cell, CellError) else as_text(cell).strip()


def _who(reading: _Reading) -> str:
    """Who follows the child: a name, else the organisation; with a name the organisation is kept as a note."""
    who, organisation = reading.text("who"), reading.text("organisation")
    if who and organisation and who != organisation:
        reading.keep("organisation")
    return who or organisation


def _meant(reading: _Reading, about: About, field: str, status: str) -> str | None:
    """What a cell means, else what the status tells; words that say more than that are kept as well."""
    text = reading.text(field)
    if not text:
        return meant(about, status)
    found = meant(about, text)
    if found is None or not says_only(about, text):
        reading.keep(field)
    return found


def _phone(reading: _Reading) -> str:
    """The first number of a cell; whatever else stands there is kept as it stands."""
    text = reading.text("phone")
    numbers = [
        found.group().strip(" ./-")
        for found in _PHONE.finditer(text)
        if _DIGITS_OF_A_PHONE[0] <= sum(char.isdigit() for char in found.group()) <= _DIGITS_OF_A_PHONE[1]
    ]
    if text and (not numbers or numbers[0] != text):
        reading.keep("phone")
    return numbers[0] if numbers else ""
