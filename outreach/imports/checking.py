"""A row of a not-enrolled list into a child, or into the reasons why it cannot be one (design: doors, import)."""

import re
from dataclasses import dataclass
from datetime import date
from sys import intern

from outreach.children import addresses, insz
from outreach.children.insz import Insz
from outreach.errors import Refused
from outreach.imports.findings import Finding
from outreach.imports.listed import ListedChild
from outreach.imports.localities import locate
from outreach.imports.persons import Names, read_names, reference_person
from outreach.imports.reading import CellError, ListFile, RawRow
from outreach.imports.reading.values import as_date, as_text
from outreach.imports.remarks import Remarks

OLDEST = 7
"""Age in completed years on the list's date; a child that has turned eight is refused."""

_HAS_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not loaded, with every reason, and the row itself to correct."""

    row: RawRow
    faults: tuple[Finding, ...]

    @property
    def row_number(self) -> int:
        return self.row.row_number


def check(row: RawRow, list_file: ListFile, as_of: date) -> ListedChild | RefusedRow:
    """Judge one row as of the list's date; all faults of a row are told at once."""
    remarks = Remarks(row, list_file)
    names = read_names(row, remarks)
    born_on = _born_on(row, remarks, as_of)
    number = _insz(row, remarks)
    if remarks.faults or born_on is None:
        return RefusedRow(row, tuple(remarks.faults))
    return _listed(row, remarks, names, born_on, number)


def _listed(row: RawRow, remarks: Remarks, names: Names, born_on: date, number: Insz | None) -> ListedChild:
    if number and insz.born_differs(number, born_on):
        remarks.warn("insz_born_differs", "born_on", born_on=born_on.isoformat(), in_number=_told(number))
    locality = locate(row, remarks)
    place = _place(row, remarks)
    if row.surplus:
        remarks.warn("row_too_long", cells=row.surplus)
    return ListedChild(
        row_number=row.row_number,
        insz=number,
        first_name=intern(names.first_name),  # kept once, however often a list has it
        last_name=intern(names.last_name),
        born_on=born_on,
        street=intern(place.street),
        number=intern(place.number),
        box=intern(place.box),
        postcode=intern(locality.postcode),
        municipality=locality.municipality,
        nis=locality.nis,
        old_nis=locality.old_nis,
        reference_person=reference_person(row),
        language=as_text(row.cells.get("language")),
        warnings=tuple(remarks.warnings),
    )


def _born_on(row: RawRow, remarks: Remarks, as_of: date) -> date | None:
    """The birth date; a row without a possible one is refused."""
    cell = row.cells["born_on"]
    born_on = as_date(cell)
    if born_on is None:
        if cell is None:
            remarks.refuse("born_missing", "born_on")
        elif isinstance(cell, CellError):
            remarks.refuse("cell_error", "born_on", value=str(cell))
        else:
            remarks.refuse("born_unreadable", "born_on", value=as_text(cell)[:40])
        return None
    age = as_of.year - born_on.year - ((as_of.month, as_of.day) < (born_on.month, born_on.day))
    if born_on > as_of:
        remarks.refuse("born_in_future", "born_on", born_on=born_on.isoformat(), as_of=as_of.isoformat())
    elif age > OLDEST:
        remarks.refuse("too_old", "born_on", born_on=born_on.isoformat(), age=age, as_of=as_of.isoformat())
    return born_on


def _insz(row: RawRow, remarks: Remarks) -> Insz | None:
    """The number; without one a child is as welcome, and words such as "onbekend" mean without."""
    cell = row.cells.get("insz")
    if isinstance(cell, CellError):
        remarks.warn("cell_error", "insz", value=str(cell))
        return None
    written = cell if isinstance(cell, int | float) else as_text(cell)
    if isinstance(written, str) and not _HAS_DIGIT.search(written):
        if written.strip("-–—./? "):
            remarks.warn("insz_in_words", "insz", value=written[:40])
        return None
    try:
        return insz.parse(written)
    except Refused as refused:
        remarks.refuse(refused.key, "insz", **refused.data)
        return None


def _told(number: Insz) -> str:
    """The birth date in a number as far as it tells one."""
    if number.born_on:
        return number.born_on.isoformat()
    year, month, _ = number.born_parts
    return f"{month}/{year}" if month else str(year)


def _place(row: RawRow, remarks: Remarks) -> addresses.Place:
    for name in ("street", "address", "number", "box"):
        if isinstance(row.cells.get(name), CellError):
            remarks.warn("cell_error", name, value=str(row.cells[name]))
    line = as_text(row.cells.get("address") or row.cells.get("street"))
    number, box = as_text(row.cells.get("number")), as_text(row.cells.get("box"))
    if isinstance(day := row.cells.get("number"), date):  # a spreadsheet made a day of "12/3"
        number = f"{day.day}/{day.month}"
        remarks.warn("number_was_date", "number", value=number)
    found = addresses.place(line, number, box)
    if not found.street:
        remarks.warn("address_missing", "street", "address")
    return found
