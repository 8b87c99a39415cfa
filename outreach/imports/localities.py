"""Where a row says a child lives: postal code and municipality, by code or by name, old codes made new."""

import re
from dataclasses import dataclass

from outreach.imports.reading import CellError, RawRow
from outreach.imports.reading.values import as_text
from outreach.imports.remarks import Remarks
from outreach.partners import municipalities

_POSTCODE = re.compile(r"(?:[BF]\s*-?\s*)?(\d{4})(?!\d)[\s,\-]*", re.IGNORECASE)
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
    postcode, name = _written(row)
    code = _digits(as_text(row.cells.get("nis")))
    by_code = municipalities.current(code) if code else None
    if code and by_code is None:
        remarks.warn("nis_unknown", "nis", value=code[:12])
    by_name = municipalities.by_name(name, postcode) if name or not by_code else None
    found = by_code or by_name
    if found is None:
        _warn_unknown(remarks, name, postcode)
        return Locality(postcode, name, None, None)
    if by_code and by_name and by_name is not by_code:
        remarks.warn("municipality_differs", *_COLUMNS, by_code=by_code.name, by_name=name)
    return Locality(postcode, found.name, found.nis, code if by_code and code != found.nis else None)


def _written(row: RawRow) -> tuple[str, str]:
    """Postal code and name, also when both stand in one cell ("9050 Gentbrugge")."""
    postcode = as_text(row.cells.get("postcode"))
    name = as_text(row.cells.get("municipality") or row.cells.get("postcode_municipality"))
    if alone := _POSTCODE.fullmatch(postcode):
        postcode = alone[1]
    elif not name and (both := _POSTCODE.match(postcode)):
        postcode, name = both[1], postcode[both.end() :]
    if before := _POSTCODE.match(name):
        postcode, name = postcode or before[1], name[before.end() :]
    return postcode, name.strip()


def _digits(code: str) -> str:
    return re.sub(r"[\s.]", "", code)


def _warn_unknown(remarks: Remarks, name: str, postcode: str) -> None:
    if name or postcode:
        remarks.warn("municipality_unknown", *_COLUMNS, value=(name or postcode)[:60])
    else:
        remarks.warn("municipality_missing", *_COLUMNS)
