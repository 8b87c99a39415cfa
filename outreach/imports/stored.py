"""A row of a list as text to keep encrypted, and back again: what was listed, or the refused row to correct."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from outreach.children.insz import Insz
from outreach.imports.checking import ListedChild, RefusedRow
from outreach.imports.findings import Finding
from outreach.imports.reading import CellError, RawRow
from outreach.imports.reading.rows import Cell

_DAY, _ERROR = "day", "error"
_written = json.JSONEncoder(ensure_ascii=False).encode  # made once: `json.dumps` makes one for each row
_PLAIN = tuple(one.name for one in fields(ListedChild) if one.name not in ("row_number", "insz", "born_on", "warnings"))


def stored_child(child: ListedChild, differences: Sequence[dict[str, str]] = ()) -> str:
    """A listed child, with what its row says otherwise than our rows did when it was loaded."""
    data = {name: getattr(child, name) for name in _PLAIN if getattr(child, name)}
    data["born_on"] = child.born_on.isoformat()
    if child.insz:
        data["insz"] = child.insz.number
    if child.warnings:
        data["warnings"] = [asdict(warning) for warning in child.warnings]
    if differences:
        data["differences"] = list(differences)
    return _written(data)


def listed_child(row_number: int, stored: str) -> ListedChild:
    """The listed child again."""
    data = json.loads(stored)
    empty: dict[str, Any] = dict.fromkeys(_PLAIN, "") | {"nis": None, "old_nis": None}
    return ListedChild(
        row_number=row_number,
        insz=Insz(data["insz"]) if "insz" in data else None,
        born_on=date.fromisoformat(data["born_on"]),
        warnings=tuple(Finding(**warning) for warning in data.get("warnings", ())),
        **{name: data.get(name, value) for name, value in empty.items()},
    )


def differences_of(stored: str) -> list[dict[str, str]]:
    """What a row said otherwise: `field`, `listed`, `ours`."""
    found: list[dict[str, str]] = json.loads(stored).get("differences", [])
    return found


def stored_refusal(refusal: RefusedRow) -> str:
    """A refused row: its cells as they stood, and every reason."""
    data = {
        "values": [_kept(value) for value in refusal.row.values],
        "faults": [asdict(fault) for fault in refusal.faults],
    }
    return _written(data)


def refused_row(row_number: int, stored: str) -> RefusedRow:
    """The refused row again, with its cells in the order of the titles."""
    data = json.loads(stored)
    values = tuple(_cell(value) for value in data["values"])
    faults = tuple(Finding(**fault) for fault in data["faults"])
    return RefusedRow(RawRow(row_number, {}, values), faults)


def _kept(value: Cell) -> Any:
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    return {_ERROR: str(value)} if isinstance(value, CellError) else value


def _cell(kept: Any) -> Cell:
    if not isinstance(kept, dict):
        plain: Cell = kept
        return plain
    return date.fromisoformat(kept[_DAY]) if _DAY in kept else CellError(kept[_ERROR])
