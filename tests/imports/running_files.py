"""Lists of running cases as coordinators keep them in Excel: two lines of titles, colours, days in words."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import PatternFill

from tests.imports.files import csv_bytes, number_of

RUNNING_TITLES = (
    "INSZ", "Naam", "Voornaam", "Geboortedatum", "Straat", "Huisnr", "Postcode", "Gemeente", "Ouder", "GSM",
    "Status", "Laatste contact", "Soort contact", "Bereikt", "Wie", "Opmerkingen",
)  # fmt: skip

BORN = date(2023, 5, 4)


def running_row(counter: int, status: str = "", who: str = "", **changes: Any) -> list[Any]:
    """A row of an invented child; `counter` makes it another one, at an address of its own."""
    row: dict[str, Any] = {
        "INSZ": "",
        "Naam": f"Safi{counter}",
        "Voornaam": "Ayaan",
        "Geboortedatum": f"{BORN:%d/%m/%Y}",
        "Straat": "Sleepstraat",
        "Huisnr": 100 + counter,
        "Postcode": "9000",
        "Gemeente": "Gent",
        "Status": status,
        "Wie": who,
    } | {title.replace("_", " "): value for title, value in changes.items()}
    return [row.get(title, "") for title in RUNNING_TITLES]


def running_csv(*rows: Sequence[Any], titles: Sequence[Any] = RUNNING_TITLES) -> bytes:
    return csv_bytes([titles, *rows])


def own_spreadsheet() -> bytes:
    """As one was kept for years: a title over it, groups of columns merged over a second line, colours, two sheets,
    a half-empty row, a column nobody else has, days as they were typed."""
    workbook = Workbook()
    cover = workbook.active
    cover.title = "Legende"
    cover.append(["groen", "in orde"])
    cover.append(["rood", "dringend"])
    sheet = workbook.create_sheet("LOPEND 26-27")
    lines: Iterable[Sequence[Any]] = [
        ["Toeleiding kleuters Gent, werklijst Lies"],
        ["KIND", None, None, None, "ADRES", None, None, "OPVOLGING"],
        ["Naam", "Voornaam", "geb.datum", "taal", "Straat + nr", "PC", "Gemeente", "STATUS", "laatste contact", "hoe?",
         "Wie?", "info", "Zus/broer op school"],
        ["EL AMRANI", "Yusra", date(2023, 2, 11), "Arabisch", "Sleepstraat 12", 9000, "Gent", "2x niet thuis",
         date(2026, 11, 12), "HB", "Wim", "kaartje gestoken", "ja"],
        ["DE SMET", "Lou", "11/3/2023", "", "Brusselsesteenweg 5", 9050, "Gentbrugge", "wil na paasvakantie starten",
         "12/11", "tel", "Hanne", "", "nee"],
        ["KAYA", "Elif", "4 mei 2023", "Turks", "Dok Noord 4", 9000, "Gent", "ingeschreven", "begin november", "?",
         "", "school De Linde", None],
        ["PEETERS", "Bo", date(2022, 8, 30), None, "Voskenslaan 8", 9000, "Gent", "verhuisd naar buitenland", None,
         None, "Lies", None, None],
        ["NOWAK", "Zofia", date(2023, 1, 20), "Pools", "Hundelgemsesteenweg 1", 9050, "Gent", "doorgegeven aan HvhK",
         date(2026, 11, 3), "mail", "Huis van het Kind Gent", None, None],
        ["", "", "", "", "", "", "", "", "", "", "", "zie ook mail van Wim", ""],
    ]  # fmt: skip
    for cells in lines:
        sheet.append(list(cells))
    for place in ("A2:D2", "E2:G2", "H2:M2"):
        sheet.merge_cells(place)
    for row, colour in ((4, "FF92D050"), (5, "FFFF0000")):
        for cell in sheet[row]:
            cell.fill = PatternFill("solid", fgColor=colour)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def numbered(counter: int) -> str:
    """The national number of the child of a row."""
    return number_of(BORN, 999 - 2 * counter)
