"""Where a row says a child lives: postal code and municipality, by code or by name, old codes made new."""

import re
from dataclasses import dataclass
from functools import lru_cache

from outreach.imports.reading import CellError, RawRow
from outreach.imports.reading.values import as_text
from outreach.imports.remarks import Remarks
from outreach.partners import municipalities

_POSTCODE = re.compile(r"(?:[BF]\s*-?\s*)?(\d{4})(?!\d)[\s,\-]*", re.IGNORECASE)
_Warning = tuple[str, tuple[str, ...], dict[str, str]]
"""Its key, the columns it is about, and its data."""

_COLUMNS = ("municipality", "postcode_municipality", "nis", "postcode")


@dataclass(frozen=True, slots=True)
class Locality:
    """Postal code, municipality as shown, today's code, and the old code when the list had one."""

    postcode: str
    municipality: str
    nis: str | None
    old_nis: str | None


def locate(row: RawRow, remarks: Remarks) -> Locality:
    """The code decides, then the name with the postal code; an unknown municipality warns and never refuses."""
    for name in _COLUMNS:
        if isinstance(row.cells.get(name), CellError):
            remarks.warn("cell_error", name, value=str(row.cells[name]))
    place = "municipality" if row.cells.get("municipality") else "postcode_municipality"
    postcode, name, nis = (as_text(row.cells.get(column)) for column in ("postcode", place, "nis"))
    found, warnings = _located(postcode, name, nis)
    for key, columns, data in warnings:
        remarks.warn(key, *columns, **data)
    return found


@lru_cache(maxsize=4096)  # a list names the same few hundred places again and again
def _located(postcode: str, name: str, nis: str) -> tuple[Locality, tuple[_Warning, ...]]:
    """Where these cells say a child lives, and what is remarkable about them."""
    postcode, name = _apart(postcode, name)
    code = _digits(nis)
    warnings: list[_Warning] = []
    by_code = municipalities.current(code) if code else None
    if code and by_code is None:
        warnings.append(("nis_unknown", ("nis",), {"value": code[:12]}))
    by_name = municipalities.by_name(name, postcode) if name or not by_code else None
    found = by_code or by_name
    if found is None:
        warnings.append(_unknown(name, postcode))
        return Locality(postcode, name, None, None), tuple(warnings)
    if by_code and by_name and by_name is not by_code:
        warnings.append(("municipality_differs", _COLUMNS, {"by_code": by_code.name, "by_name": name}))
    old_nis = code if by_code and code != found.nis else None
    return Locality(postcode, found.name, found.nis, old_nis), tuple(warnings)


def _apart(postcode: str, name: str) -> tuple[str, str]:
    """Postal code and name, also when both stand in one cell ("9050 Gentbrugge")."""
    if alone := _POSTCODE.fullmatch(postcode):
        postcode = alone[1]
    elif not name and (both := _POSTCODE.match(postcode)):
        postcode, name = both[1], postcode[both.end() :]
    if before := _POSTCODE.match(name):
        postcode, name = postcode or before[1], name[before.end() :]
    return postcode, name.strip()


def _digits(code: str) -> str:
    return re.sub(r"[\s.]", "", code)


def _unknown(name: str, postcode: str) -> _Warning:
    if name or postcode:
        return "municipality_unknown", _COLUMNS, {"value": (name or postcode)[:60]}
    return "municipality_missing", _COLUMNS, {}
