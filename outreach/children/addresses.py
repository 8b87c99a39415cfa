"""Addresses as lists and people write them: street, number and box, and a key that is equal for the same place."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from outreach.children.names import fold


class AddressKind(StrEnum):
    """What sort of place it is; `none` is a child without an address."""

    HOME = "home"
    RECEPTION_CENTRE = "reception_centre"
    OCMW_REFERENCE = "ocmw_reference"
    CARAVAN_SITE = "caravan_site"
    SHELTER = "shelter"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Place:
    """Street, house number and box; what is not known is empty."""

    street: str
    number: str
    box: str

    @property
    def line(self) -> str:
        """On one line, as written on an envelope: Sleepstraat 171 bus 1."""
        box = f" bus {self.box}" if self.box else ""
        return f"{self.street} {self.number}{box}".strip()


_NUMBER = r"\d{1,5}(?:\s*[-+]\s*\d{1,4})?\s?(?:(?:bis|ter|quater|[a-z])(?![a-z0-9]))?"
_BOX_WORD = r"(?:bus|busnr|bte|bo[iî]te|box|app|appt|b)\b\.?|(?:bus|bte|box|b)(?=\d)"
_BOX = rf"(?:\s*,?\s*(?:{_BOX_WORD})\s*:?\s*|\s*/\s*(?:(?:{_BOX_WORD})\s*)?|\s+)(?P<box>[\w][\w .\-/]*?)"
_YEAR_IN_NAME = r"(?!(?:18|19)\d\d\s+\d)"
_LINE = re.compile(
    rf"(?P<street>.*?[^\W\d].*?)\s*,?\s*(?:\bnr\.?|\bn°|\bnummer)?(?<![\d])\s*{_YEAR_IN_NAME}(?P<number>{_NUMBER})(?:{_BOX})?",
    re.IGNORECASE,
)
_NUMBER_FIRST = re.compile(rf"(?P<number>{_NUMBER})\s*,?\s+(?P<street>[^\W\d].*?[^\W\d])", re.IGNORECASE)
_NUMBER_ONLY = re.compile(rf"(?:nr\.?\s*|n°\s*)?(?P<number>{_NUMBER})(?:{_BOX})?", re.IGNORECASE)
_BOX_ONLY = re.compile(rf"(?:(?:{_BOX_WORD})\s*:?\s*|/\s*)?(?P<box>.*)", re.IGNORECASE)
_WITHOUT_NUMBER = re.compile(r"\s*,?\s*\b(?:z\.?/?n\.?|s\.?/?n\.?|zonder nummer|sans numéro)$", re.IGNORECASE)


def split(line: str) -> Place:
    """An address on one line ("Kerkstr. 12A b3", "12 rue Neuve"); without a number all of it is street."""
    line = _plain(line)
    bare = _WITHOUT_NUMBER.sub("", line)
    if bare != line:
        return Place(bare, "", "")
    if found := _LINE.fullmatch(line):
        return Place(found["street"].strip(" ,"), _number(found["number"]), _plain(found["box"] or ""))
    if found := _NUMBER_FIRST.fullmatch(line):
        return Place(found["street"], _number(found["number"]), "")
    return Place(line, "", "")


@lru_cache(maxsize=4096)  # brothers and sisters live together
def place(street: str, number: str = "", box: str = "") -> Place:
    """An address in columns; a number or box in the wrong column ("12/3", "Kerkstraat 5") is taken apart."""
    street, number, box = _plain(street), _plain(number), _plain(box)
    if not number:
        found = split(street)
        street, number, box = found.street, found.number, _bare_box(box) or found.box
    elif apart := _NUMBER_ONLY.fullmatch(number):
        number, box = _number(apart["number"]), _bare_box(box) or _plain(apart["box"] or "")
    return Place(street, number, _bare_box(box))


@lru_cache(maxsize=8192)  # asked several times for each row of a list
def address_key(street: str, number: str, box: str, postcode: str, nis: str | None) -> str:
    """Equal for the same address however it is written; empty when there is no street, and then equal to nothing.

    The postcode tells the place (it outlives a merger, and a street name may occur twice in one municipality); the
    municipality code stands in where it is missing.
    """
    street_key = street_fold(street)
    if not street_key:
        return ""
    number_key = fold(number).lstrip("0")
    box_key = fold(_bare_box(box)).lstrip("0")
    return f"{street_key}|{number_key}|{box_key}|{fold(postcode) or nis or ''}"


_SHORT_ENDS = (
    (re.compile(r"(?<=\w{2})str\b\.?|(?<=\s)str\b\.?", re.IGNORECASE), "straat"),
    (re.compile(r"(?:stwg|stw|stg|steenwg)\b\.?", re.IGNORECASE), "steenweg"),
    (re.compile(r"(?<=\w{3})ln\b\.?", re.IGNORECASE), "laan"),
    (re.compile(r"(?<=\w{3})pln?\b\.?|(?<=\s)pl\b\.?", re.IGNORECASE), "plein"),
    (re.compile(r"\bst[.\-\s]+(?=\w)", re.IGNORECASE), "sint"),
    (re.compile(r"\bburg(?:em)?\.\s*", re.IGNORECASE), "burgemeester"),
    (re.compile(r"\bdr\.?\s+", re.IGNORECASE), "dokter"),
    (re.compile(r"\bav\.?\s+", re.IGNORECASE), "avenue"),
    (re.compile(r"\b(?:bd|bld|boul)\.?\s+", re.IGNORECASE), "boulevard"),
    (re.compile(r"\b(?:ch|chée)\.?\s+", re.IGNORECASE), "chaussee"),
)


@lru_cache(maxsize=8192)  # a list names the same streets again and again
def street_fold(street: str) -> str:
    """A street name in one shape, usual abbreviations written out."""
    for short, whole in _SHORT_ENDS:
        street = short.sub(whole, street)
    return fold(street)


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" ,;")


def _number(text: str) -> str:
    return re.sub(r"\s+", "", text).upper() if len(text) < 8 else text


def _bare_box(box: str) -> str:
    found = _BOX_ONLY.fullmatch(_plain(box))
    return _plain(found["box"]) if found else _plain(box)
