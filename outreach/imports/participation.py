"""A report of participation: rows into the kleuters of each school, or into the reasons why a row cannot be one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from sys import intern

from outreach.attendance.commands.receiving import Attended
from outreach.imports.checking import RefusedRow
from outreach.imports.packed import PackedRows
from outreach.imports.pupils import read_pupil
from outreach.imports.reading import CellError, ListFile, RawRow
from outreach.imports.reading.values import as_text
from outreach.imports.remarks import Remarks

_LONGEST_YEAR = 400
"""No school year has so many half days: a larger number is something else."""

_MOST_ROWS = 10_000_000
"""More than any file has."""

FirstRows = dict[str, dict[str, int]]
"""Of each school and kleuter, by their numbers, the first row: as one number with the place of its file."""


@dataclass(frozen=True, slots=True)
class ReportedPupil:
    """One row: which school, by its number, and the kleuter."""

    row_number: int
    school_number: str
    school_name: str
    attended: Attended


@dataclass
class ReportedSchool:
    """The kleuters of one school, in the order in which they come; `file` is the place of its first file."""

    number: str
    name: str
    file: int
    pupils: list[Attended] = field(default_factory=list)

    @property
    def said(self) -> str:
        """The school as the file calls it."""
        return self.name or self.number


@dataclass
class ReportFile:
    """One file of reports: how many of its rows are taken, and the rows that are refused."""

    list_file: ListFile
    taken: int = 0
    refused: PackedRows[RefusedRow] = field(default_factory=PackedRows)

    @property
    def rows(self) -> int:
        """How many rows that were not blank."""
        return self.taken + len(self.refused)


@dataclass
class Reports:
    """Reports of one day: the schools in the order in which they come, by number, and the files they came in.

    A school may be spread over files; a kleuter that is told twice counts once.
    """

    files: list[ReportFile] = field(default_factory=list)
    schools: dict[str, ReportedSchool] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows that were not blank."""
        return sum(file.rows for file in self.files)

    @property
    def refused(self) -> int:
        """How many rows are not loaded."""
        return sum(len(file.refused) for file in self.files)


def receive_files(list_files: Iterable[ListFile], as_of: date) -> Reports:
    """Read every row as of the report's day. Raises Unreadable when a file is damaged further on."""
    reports = Reports()
    first_rows: FirstRows = {}
    for list_file in list_files:
        reports.files.append(ReportFile(list_file))
        for row in list_file.rows():
            _take(reports, row, check_pupil(row, list_file, as_of), first_rows)
    return reports


def check_pupil(row: RawRow, list_file: ListFile, as_of: date) -> ReportedPupil | RefusedRow:
    """Judge one row as of the report's day; all faults of a row are told at once."""
    remarks = Remarks(row, list_file)
    found = read_pupil(row, remarks, as_of)
    half_days = _half_days(row, remarks)
    if remarks.faults or found.born_year is None or half_days is None:
        return RefusedRow(row, tuple(remarks.faults))
    present, possible, accepted, unlawful = half_days
    attended = Attended(
        number=found.number,
        first_name=intern(found.names.first_name),  # kept once, however often a report has it
        last_name=intern(found.names.last_name),
        born_year=found.born_year,
        born_on=found.born_on,
        class_name=intern(found.class_name),
        site=intern(found.site),
        entry_on=found.entry_on,
        present=present,
        possible=possible,
        accepted=accepted,
        unlawful=unlawful,
    )
    return ReportedPupil(row.row_number, found.school_number, found.school_name, attended)


def _take(reports: Reports, row: RawRow, one: ReportedPupil | RefusedRow, first_rows: FirstRows) -> None:
    file = reports.files[-1]
    if isinstance(one, RefusedRow):
        file.refused.append(one)
        return
    of_school = first_rows.setdefault(one.school_number, {})
    first = of_school.setdefault(one.attended.number, (len(reports.files) - 1) * _MOST_ROWS + one.row_number)
    place, row_number = divmod(first, _MOST_ROWS)
    if (place, row_number) != (len(reports.files) - 1, one.row_number):
        told = f"{reports.files[place].list_file.file_name}:{row_number}" if len(reports.files) > 1 else str(row_number)
        remarks = Remarks(row, file.list_file)
        remarks.refuse("pupil_twice", "pupil_number", first=told, number=one.attended.number)
        file.refused.append(RefusedRow(row, tuple(remarks.faults)))
        return
    new = ReportedSchool(one.school_number, one.school_name, len(reports.files) - 1)
    school = reports.schools.setdefault(one.school_number, new)
    school.name = school.name or one.school_name
    school.pupils.append(one.attended)
    file.taken += 1


def _half_days(row: RawRow, remarks: Remarks) -> tuple[int, int | None, int | None, int | None] | None:
    """Present, possible, accepted and unlawful half days that fit together."""
    present, possible = _count(row, remarks, "present"), _count(row, remarks, "possible")
    absent = _count(row, remarks, "absent")
    accepted, unlawful = _count(row, remarks, "accepted"), _count(row, remarks, "unlawful")
    if remarks.faults:
        return None
    if present is None and possible is not None and absent is not None and absent <= possible:
        present = possible - absent
    if present is None:
        remarks.refuse("present_missing", "present", "absent")
        return None
    if possible is None and absent is not None:
        possible = present + absent
    if possible is not None and present > possible:
        remarks.refuse("present_beyond_possible", "present", present=present, possible=possible)
    elif possible is not None and (accepted or 0) + (unlawful or 0) > possible - present:
        remarks.refuse("absences_beyond_possible", "accepted", "unlawful", left=possible - present)
    return present, possible, accepted, unlawful


def _count(row: RawRow, remarks: Remarks, column: str) -> int | None:
    """A whole number of half days; None where the cell is empty. Refuses words, fractions and what no year has."""
    cell = row.cells.get(column)
    if cell is None:
        return None
    if isinstance(cell, CellError):
        remarks.refuse("cell_error", column, value=str(cell))
        return None
    text = as_text(cell).replace(",", ".").removesuffix(".0").removesuffix(".00")
    if not (text.isascii() and text.isdigit()):
        remarks.refuse("half_days_unreadable", column, value=as_text(cell)[:40])
        return None
    if int(text) > _LONGEST_YEAR:
        remarks.refuse("half_days_too_many", column, value=int(text), most=_LONGEST_YEAR)
        return None
    return int(text)
