"""Absences by day: rows into the half days of the kleuters of each school, or into the reasons why a row cannot be one.

A row tells one day of one kleuter: a code for a half day, for the whole day, or one before noon and one after.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from outreach.attendance.commands.receiving_days import DayPupil
from outreach.attendance.day_by_day import HalfDay, has_half_day
from outreach.children.names import fold
from outreach.imports.checking import RefusedRow
from outreach.imports.participation import ReportFile
from outreach.imports.pupils import PupilCells, read_pupil
from outreach.imports.reading import ListFile, RawRow
from outreach.imports.reading.values import as_date, as_text
from outreach.imports.remarks import Remarks
from outreach.schoolyear import Counts, age_in, codes_named, counted_as, school_year_of

_HALVES = {
    1: ("1", "vm", "voormiddag", "ochtend", "am", "morning", "matin", "av", "avantmidi"),
    2: ("2", "nm", "namiddag", "pm", "afternoon", "apresmidi", "middag"),
}
_HALF_NAMED = {name: half for half, names in _HALVES.items() for name in names}
_WHOLE_DAY = ("", "heledag", "volledag", "volledigedag", "dag", "day", "wholeday", "journee", "12")

Told = dict[HalfDay, str]


@dataclass
class AbsentSchool:
    """The kleuters of one school by number, in the order in which they come."""

    number: str
    name: str
    file: int
    pupils: dict[str, DayPupil] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The school as the file calls it."""
        return self.name or self.number


@dataclass
class DayReports:
    """Absences up to one day: the schools in the order in which they come, by number, and the files they came in."""

    files: list[ReportFile] = field(default_factory=list)
    schools: dict[str, AbsentSchool] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows that were not blank."""
        return sum(file.rows for file in self.files)

    @property
    def refused(self) -> int:
        """How many rows are not loaded."""
        return sum(len(file.refused) for file in self.files)


def receive_days(list_files: Iterable[ListFile], as_of: date) -> DayReports:
    """Read every row as of the last day that is told. Raises Unreadable when a file is damaged further on."""
    reports = DayReports()
    for list_file in list_files:
        reports.files.append(ReportFile(list_file))
        for row in list_file.rows():
            _take(reports, row, as_of)
    return reports


def _take(reports: DayReports, row: RawRow, as_of: date) -> None:
    """Add the row to its school, or to what is refused; all faults of a row are told at once."""
    file = reports.files[-1]
    remarks = Remarks(row, file.list_file)
    found = read_pupil(row, remarks, as_of)
    told = _half_days(row, remarks, found, as_of)
    school = reports.schools.get(found.school_number)
    known = school.pupils.get(found.number) if school else None
    if known and not remarks.faults:
        _fit(known, found, told, remarks)
    if remarks.faults or found.born_year is None:
        file.refused.append(RefusedRow(row, tuple(remarks.faults)))
        return
    if school is None:
        school = AbsentSchool(found.school_number, found.school_name, len(reports.files) - 1)
        reports.schools[found.school_number] = school
    school.name = school.name or found.school_name
    pupil = school.pupils.setdefault(found.number, known or _pupil(found, found.born_year))
    pupil.half_days.update(told)
    file.taken += 1


def _pupil(found: PupilCells, born_year: int) -> DayPupil:
    return DayPupil(
        number=found.number,
        first_name=found.names.first_name,
        last_name=found.names.last_name,
        born_year=born_year,
        born_on=found.born_on,
        class_name=found.class_name,
        site=found.site,
        entry_on=found.entry_on,
        half_days={},
    )


def _fit(known: DayPupil, found: PupilCells, told: Told, remarks: Remarks) -> None:
    """One number is one kleuter, and a half day is told once."""
    if (known.born_year, fold(known.last_name)) != (found.born_year, fold(found.names.last_name)):
        remarks.refuse("pupil_otherwise", "pupil_number", number=found.number)
    elif not known.half_days.keys().isdisjoint(told):
        remarks.refuse("absence_twice", "day", day=next(iter(told))[0].isoformat())


def _half_days(row: RawRow, remarks: Remarks, found: PupilCells, as_of: date) -> Told:
    """The half days of a row with their codes; presence is told by a code of presence or an empty half."""
    day = _day(row, remarks, as_of)
    codes = list(_codes(row, remarks, day))
    if day is None or found.born_year is None:
        return {}
    told: Told = {}
    for half, column, code in codes:
        if code and not _is_valid(code, day, found.born_year, column, remarks):
            continue
        absent = bool(code) and counted_as(code) is not Counts.PRESENT
        if has_half_day(day, half):
            told[day, half] = code if absent else ""
        elif absent:
            remarks.refuse("absence_no_school", "day", day=day.isoformat())
            return {}
    return told


def _day(row: RawRow, remarks: Remarks, as_of: date) -> date | None:
    cell = row.cells.get("day")
    day = as_date(cell)
    if day is None:
        remarks.refuse("absence_day_unreadable", "day", value=as_text(cell)[:40])
    elif day > as_of:
        remarks.refuse("absence_day_ahead", "day", day=day.isoformat(), as_of=as_of.isoformat())
    elif school_year_of(day) != school_year_of(as_of):
        remarks.refuse("absence_other_year", "day", day=day.isoformat(), as_of=as_of.isoformat())
    else:
        return day
    return None


def _codes(row: RawRow, remarks: Remarks, day: date | None) -> Iterator[tuple[int, str, str]]:
    """Half, column and code; a code without a half is of every half day there is."""
    apart = [(1, "code_morning"), (2, "code_afternoon")]
    if any(column in row.cells for _, column in apart):
        for half, column in apart:
            if column in row.cells:
                yield half, column, _code(row, column)
        return
    code = _code(row, "code")
    if not code:
        remarks.refuse("absence_code_missing", "code")
        return
    written = fold(as_text(row.cells.get("half")))
    half_day = _HALF_NAMED.get(written)
    if half_day:
        yield half_day, "code", code
    elif written not in _WHOLE_DAY:
        remarks.refuse("absence_half_unreadable", "half", value=as_text(row.cells.get("half"))[:40])
    else:
        yield 1, "code", code
        if day is None or has_half_day(day, 2):
            yield 2, "code", code


def _code(row: RawRow, column: str) -> str:
    return as_text(row.cells.get(column)).strip().upper()


def _is_valid(code: str, day: date, born_year: int, column: str, remarks: Remarks) -> bool:
    """Whether the code could be given on that day to a child of that age."""
    age = age_in(school_year_of(day), born_year)
    rows = codes_named(code)
    then = [each for each in rows if each.holds_on(day)]
    if not rows:
        remarks.refuse("absence_code_unknown", column, value=code[:40])
    elif not then:
        remarks.refuse("absence_code_not_then", column, code=code, day=day.isoformat())
    elif not any(each.is_for(age) for each in then):
        remarks.refuse("absence_code_not_at_age", column, code=code, age=age)
    else:
        return True
    return False
