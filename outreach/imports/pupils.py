"""What a row of a report says of the kleuter itself: school, number, names, birth, class."""

from dataclasses import dataclass
from datetime import date

from outreach.imports.checking import OLDEST
from outreach.imports.persons import Names, read_names
from outreach.imports.reading import CellError, RawRow
from outreach.imports.reading.values import as_date, as_text
from outreach.imports.remarks import Remarks
from outreach.schoolyear import school_year_of


@dataclass(frozen=True, slots=True)
class PupilCells:
    """The kleuter of a row; `born_year` is None when the row is refused."""

    school_number: str
    school_name: str
    number: str
    names: Names
    born_year: int | None
    born_on: date | None
    class_name: str
    site: str
    entry_on: date | None


def read_pupil(row: RawRow, remarks: Remarks, as_of: date) -> PupilCells:
    """Read the kleuter of a row as of the report's day; what is wrong is said in the remarks."""
    school, number = _school_number(row, remarks), _pupil_number(row, remarks)
    names = read_names(row, remarks)
    born_year, born_on = _born(row, remarks, as_of)
    return PupilCells(
        school_number=school,
        school_name=as_text(row.cells.get("school_name")),
        number=number,
        names=names,
        born_year=born_year,
        born_on=born_on,
        class_name=as_text(row.cells.get("class_name")),
        site=as_text(row.cells.get("site")),
        entry_on=as_date(row.cells.get("entry_on")),
    )


def _school_number(row: RawRow, remarks: Remarks) -> str:
    """Six digits; zeros that a spreadsheet dropped in front are put back."""
    written = as_text(row.cells.get("school_number")).replace(" ", "").replace(".", "")
    if not (written.isascii() and written.isdigit() and 1 <= len(written) <= 6):
        remarks.refuse("school_number_unreadable", "school_number", value=written[:40])
    return written.zfill(6)


def _pupil_number(row: RawRow, remarks: Remarks) -> str:
    written = as_text(row.cells.get("pupil_number"))
    if not written:
        remarks.refuse("pupil_number_missing", "pupil_number")
    return written


def _born(row: RawRow, remarks: Remarks, as_of: date) -> tuple[int | None, date | None]:
    """The year of birth, and the day where the report gives it."""
    column = "born_on" if row.cells.get("born_on") is not None else "born_year"
    cell = row.cells.get(column)
    if cell is None:
        remarks.refuse("born_missing", "born_on", "born_year")
        return None, None
    if isinstance(cell, CellError):
        remarks.refuse("cell_error", column, value=str(cell))
        return None, None
    born_on = as_date(cell) if column == "born_on" else None
    text = as_text(cell)
    year = born_on.year if born_on else int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None
    if year is None:
        remarks.refuse("born_unreadable", column, value=text[:40])
    elif year > as_of.year or (born_on and born_on > as_of):
        remarks.refuse("born_in_future", column, born_on=_told(born_on, year), as_of=as_of.isoformat())
    elif school_year_of(as_of).start - year > OLDEST:
        age = school_year_of(as_of).start - year
        remarks.refuse("too_old", column, born_on=_told(born_on, year), age=age, as_of=as_of.isoformat())
    return year, born_on


def _told(born_on: date | None, year: int) -> str:
    return born_on.isoformat() if born_on else str(year)
