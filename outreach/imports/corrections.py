"""The refused rows as a file to correct and load again: the list's own columns, and beside them what is wrong."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO, Literal, Protocol

from outreach.children.names import fold
from outreach.imports.checking import RefusedRow
from outreach.imports.findings import CATALOGUE
from outreach.imports.reading.headers import OUR_REMARKS
from outreach.imports.writing import Value, write_csv, write_xlsx


class Titled(Protocol):
    """A list, or what was kept of one: its columns as they stood in the file."""

    @property
    def titles(self) -> Sequence[str]: ...


def write_refused(
    stream: BinaryIO, list_file: Titled, refused: Iterable[RefusedRow], language: str, layout: Literal["csv", "xlsx"]
) -> None:
    """Write the refused rows; Excel is the safer layout, it keeps a number of eleven digits whole.

    The reader skips the columns added here, and they are not added twice when such a file is refused again.
    """
    kept = [position for position, title in enumerate(list_file.titles) if fold(title) not in OUR_REMARKS]
    titles = [list_file.titles[position] for position in kept]
    titles += [CATALOGUE.text(f"column.{key}", language) for key in ("row", "wrong", "todo")]
    rows = (_row(refusal, kept, language) for refusal in refused)
    if layout == "csv":
        write_csv(stream, titles, rows)
    else:
        write_xlsx(stream, titles, rows)


def write_places(stream: BinaryIO, refused: Iterable[RefusedRow], language: str) -> None:
    """Write where refused rows stand and what to do, as CSV: nothing of what they say."""
    titles = [CATALOGUE.text(f"column.{key}", language) for key in ("row", "column", "todo")]
    rows: Iterable[Sequence[Value]] = (
        (one.row_number, fault.column, fault.todo(language)) for one in refused for fault in one.faults
    )
    write_csv(stream, titles, rows)


def _row(refusal: RefusedRow, kept: list[int], language: str) -> list[Value]:
    values: list[Value] = [refusal.row.values[position] for position in kept]
    wrong = " ".join(
        f"{fault.column}: {fault.wrong(language)}" if fault.column else fault.wrong(language)
        for fault in refusal.faults
    )
    todo = " ".join(dict.fromkeys(fault.todo(language) for fault in refusal.faults))
    return [*values, refusal.row_number, wrong, todo]
