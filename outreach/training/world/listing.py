"""The lists of the world as files, written the way a list is received: semicolons, a byte order mark, Belgian dates."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from outreach.training.world.children import Listed

COLUMNS = (
    "INSZ",
    "Naam",
    "Voornaam",
    "Geboortedatum",
    "Straat",
    "Huisnummer",
    "Bus",
    "Postcode",
    "Gemeente",
    "NIS-code",
    "Referentiepersoon",
)
Row = tuple[str, ...]

REFUSED, DOUBLE = 4, 3


def first_list(children: Sequence[Listed], on: date) -> bytes:
    """These children as received `on` that day, with four rows nobody can use and three that stand there twice."""
    rows = [row_of(child) for child in children]
    for place, spoilt in zip((13, 40, 76, 120), _spoilt(children[-4:], on), strict=True):
        rows.insert(place, spoilt)
    rows += _again(children[20:23])
    return as_file(rows)


def later_list(children: Sequence[Listed]) -> bytes:
    """A list of later, as it should be."""
    return as_file(row_of(child) for child in children)


def row_of(child: Listed) -> Row:
    """A child as a row."""
    street = child.street
    address = (street.name, child.number, child.box, street.postcode, street.municipality, street.nis)
    return (child.insz, child.last_name, child.first_name, _day(child.born_on), *address, child.reference_person)


def _spoilt(children: Sequence[Listed], on: date) -> list[Row]:
    """Born in the future, wrong check digits, no name, an impossible date; of children the list does not have."""
    future, digits, nameless, impossible = (replace(child, number=child.number + "A") for child in children)
    later = row_of(replace(future, born_on=on + timedelta(days=200), insz="", first_name="Alix"))
    wrong = row_of(replace(digits, insz=_wrong(digits), first_name="Robin"))
    unnamed = row_of(replace(nameless, insz="", first_name="", last_name=""))
    row = list(row_of(replace(impossible, insz="", first_name="Sam")))
    row[COLUMNS.index("Geboortedatum")] = f"31/02/{impossible.born_on.year}"
    return [later, wrong, unnamed, tuple(row)]


def _wrong(child: Listed) -> str:
    base = f"{child.born_on:%y%m%d}000"
    return f"{base}{(97 - int('2' + base) % 97) % 97 + 1:02d}"


def _again(children: Sequence[Listed]) -> list[Row]:
    """The same three children once more: as they were, with dots in the number, with another spelling of the street."""
    same, dotted, respelt = children
    number = dotted.insz
    dots = f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"
    shouted = tuple(
        field.upper() if name == "Straat" else field for name, field in zip(COLUMNS, row_of(respelt), strict=True)
    )
    return [row_of(same), row_of(replace(dotted, insz=dots)), shouted]


def as_file(rows: Iterable[Row]) -> bytes:
    """The bytes of a list."""
    return file_of(COLUMNS, rows)


def file_of(titles: Row, rows: Iterable[Row]) -> bytes:
    """A file as one receives it: these titles, then these rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
