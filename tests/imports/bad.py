"""Spreadsheets as they really come, wrong in one way each: a name, the file, and what has to be said of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.imports.files import AYAAN, SHEET_XML, TITLES, csv_bytes, number_of, row, with_part, with_sheet, xlsx_bytes

NOA = row(INSZ=number_of(date(2023, 5, 4)), Naam="Maes", Voornaam="Noa", Geboortedatum="04/05/2023", Huisnummer="9")
REPORT = ("Schoolnummer", "Leerlingnummer", "Naam", "Voornaam", "Geboortejaar", "Mogelijk", "Aanwezig", "Aanvaard")
PUPIL = ("012345", "77", "Safi", "Ayaan", "2022", "120", "100", "5")
OTHER = ("012345", "78", "Maes", "Noa", "2023", "120", "110", "0")

NOT_ENROLLED, PARTICIPATION = "not-enrolled", "participation"


@dataclass(frozen=True)
class Bad:
    """One file. `refused` are (row, column, reason); a file that cannot be read at all has `unreadable`."""

    kind: str
    content: bytes
    refused: tuple[tuple[int, str, str], ...] = ()
    unreadable: str = ""
    good: int = 1
    """How many rows are good all the same."""


BAD_CELLS = (
    ("Geboortedatum", "", "born_missing"),
    ("Geboortedatum", "31/02/2023", "born_unreadable"),
    ("Geboortedatum", "29/02/2023", "born_unreadable"),
    ("Geboortedatum", "13/13/2023", "born_unreadable"),
    ("Geboortedatum", "2024-13-01", "born_unreadable"),
    ("Geboortedatum", "00/00/0000", "born_unreadable"),
    ("Geboortedatum", "maart 2024", "born_unreadable"),
    ("Geboortedatum", "onbekend", "born_unreadable"),
    ("Geboortedatum", "99999", "born_unreadable"),
    ("Geboortedatum", "0", "born_unreadable"),
    ("Geboortedatum", "2023", "born_unreadable"),
    ("Geboortedatum", "#N/B", "cell_error"),
    ("Geboortedatum", "#VERW!", "cell_error"),
    ("Geboortedatum", "#VALEUR!", "cell_error"),
    ("Geboortedatum", "########", "born_unreadable"),
    ("Geboortedatum", "01/01/2030", "born_in_future"),
    ("Geboortedatum", "16/12/2026", "born_in_future"),
    ("Geboortedatum", "14/12/2018", "too_old"),
    ("Geboortedatum", "01/03/1924", "too_old"),
    ("INSZ", "24030199911", "insz_check_digits"),
    ("INSZ", "24.03.01-999.11", "insz_check_digits"),
    ("INSZ", "123", "insz_form"),
    ("INSZ", "240301999100", "insz_form"),
    ("INSZ", "2,40302E+10", "insz_form"),
    ("INSZ", "93051822361", "insz_only_19xx"),
)

BAD_REPORTS = (
    ("Schoolnummer", "", "school_number_unreadable"),
    ("Schoolnummer", "De Regenboog", "school_number_unreadable"),
    ("Schoolnummer", "1234567", "school_number_unreadable"),
    ("Leerlingnummer", "", "pupil_number_missing"),
    ("Geboortejaar", "", "born_missing"),
    ("Geboortejaar", "20x2", "born_unreadable"),
    ("Geboortejaar", "22", "born_unreadable"),
    ("Geboortejaar", "2030", "born_in_future"),
    ("Geboortejaar", "2001", "too_old"),
    ("Geboortejaar", "#N/A", "cell_error"),
    ("Aanwezig", "", "present_missing"),
    ("Aanwezig", "-1", "half_days_unreadable"),
    ("Aanwezig", "12,5", "half_days_unreadable"),
    ("Aanwezig", "veel", "half_days_unreadable"),
    ("Aanwezig", "#DEEL/0!", "cell_error"),
    ("Aanwezig", "999", "half_days_too_many"),
    ("Aanwezig", "121", "present_beyond_possible"),
    ("Mogelijk", "1e2", "half_days_unreadable"),
    ("Mogelijk", "#NAAM?", "cell_error"),
    ("Aanvaard", "21", "absences_beyond_possible"),
)


def bad_files() -> dict[str, Bad]:
    """Every bad file, by what is wrong with it; no two are the same bytes for the same kind of list."""
    return {**dict(_cells()), **dict(_rows()), **dict(_shapes()), **dict(_no_lists())}


def _cells() -> Iterator[tuple[str, Bad]]:
    """One cell wrong, in a text file and in a workbook, with a good row below it."""
    for layout, write in (("csv", csv_bytes), ("xlsx", _workbook)):
        for column, value, key in BAD_CELLS:
            rows = [TITLES, row(**{column: value}), NOA]
            yield f"{layout} {column} {value!r}", Bad(NOT_ENROLLED, write(rows), ((2, column, key),))
        for column, value, key in BAD_REPORTS:
            changed = [value if title == column else cell for title, cell in zip(REPORT, PUPIL, strict=True)]
            rows = [REPORT, changed, OTHER]
            yield f"{layout} {column} {value!r}", Bad(PARTICIPATION, write(rows), ((2, column, key),))


def _rows() -> Iterator[tuple[str, Bad]]:
    """A whole row wrong."""
    nameless = row(Naam="", Voornaam="")
    yield "no name", Bad(NOT_ENROLLED, csv_bytes([TITLES, nameless, NOA]), ((2, "Naam", "name_missing"),))
    numbers = row(Naam="12345", Voornaam="-")
    yield "a number for a name", Bad(NOT_ENROLLED, csv_bytes([TITLES, numbers, NOA]), ((2, "Naam", "name_missing"),))
    both = (2, "Geboortedatum", "born_missing"), (2, "INSZ", "insz_form")
    wrong_twice = row(Geboortedatum="", INSZ="1")
    yield "two faults in a row", Bad(NOT_ENROLLED, csv_bytes([TITLES, wrong_twice, NOA]), both)
    yield (
        "a pupil twice",
        Bad(PARTICIPATION, csv_bytes([REPORT, PUPIL, PUPIL]), ((3, "Leerlingnummer", "pupil_twice"),)),
    )


def _shapes() -> Iterator[tuple[str, Bad]]:
    """Written in a way that no row may be lost by; everything in them is good."""
    for kind, titles, first, second in ((NOT_ENROLLED, TITLES, AYAAN, NOA), (PARTICIPATION, REPORT, PUPIL, OTHER)):
        rows: list[Sequence[Any]] = [titles, first, second]
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"):
            yield f"{kind} in {encoding}", Bad(kind, csv_bytes(rows, encoding=encoding), good=2)
        for mark in "\t,|":
            yield f"{kind} parted by {mark!r}", Bad(kind, csv_bytes(rows, delimiter=mark), good=2)
        hint = b"sep=;\r\n" + csv_bytes(rows, encoding="utf-8")
        yield f"{kind} with the hint of Excel", Bad(kind, hint, good=2)
        yield f"{kind} short rows", Bad(kind, csv_bytes([[*titles, "Opmerking", "Extra"], first, second]), good=2)
        yield f"{kind} long rows", Bad(kind, csv_bytes([titles, [*first, "", "x"], second]), good=2)
        stray = [*first[:2], f'"{first[2]}', *first[3:]]
        yield f"{kind} a quote that never ends", Bad(kind, csv_bytes([titles, stray, second]), good=2)
        printed = [["Lijst van december"], [], *rows[:2], titles, second, ["Totaal: 2"]]
        yield f"{kind} printed with totals and titles again", Bad(kind, csv_bytes(printed), good=2)
        blank = [[], [None], titles, [], first, [""] * len(titles), second, []]
        yield f"{kind} blank rows between", Bad(kind, csv_bytes(blank), good=2)
        yield f"{kind} old Mac line ends", Bad(kind, csv_bytes(rows).replace(b"\r\n", b"\r"), good=2)
        yield f"{kind} hidden sheet", Bad(kind, xlsx_bytes(("Oud", rows[:2]), ("Nu", rows), hidden=["Oud"]), good=2)
        yield f"{kind} merged cells", Bad(kind, _workbook([["Titel"], [], *rows], merged="A1:D1"), good=2)
        yield f"{kind} list on the second sheet", Bad(kind, xlsx_bytes(("Lees mij", [["Hallo"]]), ("L", rows)), good=2)
        padded = [titles, [f"\u00a0{cell} " for cell in first], second]
        yield f"{kind} spaces one cannot see", Bad(kind, csv_bytes(padded), good=2)


def _no_lists() -> Iterator[tuple[str, Bad]]:
    """Nothing that could be read."""
    for kind, titles, first in ((NOT_ENROLLED, TITLES, AYAAN), (PARTICIPATION, REPORT, PUPIL)):
        sound = _workbook([titles, first])
        entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>'
        sheet = "xl/worksheets/sheet1.xml"
        yield f"{kind} half a workbook", Bad(kind, sound[: len(sound) // 2], unreadable="file_damaged")
        yield f"{kind} entities", Bad(kind, with_part(sound, sheet, entities), unreadable="file_doctype")
        endless = with_part(sound, sheet, SHEET_XML + b"<row>" + b" " * 1_200_000)
        yield f"{kind} one row without end", Bad(kind, endless, unreadable="file_bomb")
        unordered = with_sheet(b'<row r="3"/><row r="2"/>')
        yield f"{kind} rows out of order", Bad(kind, unordered, unreadable="file_damaged")
        yield f"{kind} no titles", Bad(kind, csv_bytes([first, first]), unreadable="list_header_missing")
        two = csv_bytes([titles[:2], first[:2]])
        yield f"{kind} titles missing", Bad(kind, two, unreadable="list_columns_missing")
    yield "empty file", Bad(NOT_ENROLLED, b"", unreadable="file_empty")
    yield "a PDF", Bad(NOT_ENROLLED, b"%PDF-1.7", unreadable="file_other")
    yield "a picture", Bad(NOT_ENROLLED, b"\x89PNG\r\n\x1a\n", unreadable="file_other")
    yield "a web page", Bad(NOT_ENROLLED, b"<html><table><tr><td>Naam</td></tr></table>", unreadable="file_web_page")
    yield "packed", Bad(NOT_ENROLLED, b"\x1f\x8b\x08 packed", unreadable="file_packed")


def _workbook(rows: Sequence[Sequence[Any]], merged: str = "") -> bytes:
    return xlsx_bytes(("Lijst", rows), merged=merged)
