"""A row of a list as text to keep encrypted, and back again: what was listed, or the refused row to correct."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from outreach.children.insz import Insz
from outreach.imports.checking import RefusedRow
from outreach.imports.findings import Finding
from outreach.imports.listed import ListedChild
from outreach.imports.reading import CellError, RawRow
from outreach.imports.reading.rows import Cell
from outreach.imports.running import Followed

_DAY, _ERROR = "day", "error"
_written = json.JSONEncoder(ensure_ascii=False).encode  # made once: `json.dumps` makes one for each row
_PLAIN = tuple(name for name in ListedChild._fields if name not in ("row_number", "insz", "born_on", "warnings"))


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


def with_followed(stored: str, followed: Followed, became: Mapping[str, Any] | None = None) -> str:
    """A listed child as it was stored, with what its row notes beside it, and what became of it when it was loaded."""
    told = {name: value for name, value in asdict(followed).items() if value not in ("", None)}
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}
    return json.dumps(
        {**json.loads(stored), "followed": plain, **({"became": dict(became)} if became else {})}, ensure_ascii=False
    )


def followed_of(stored: str) -> Followed:
    """What a row notes beside the child."""
    told = json.loads(stored).get("followed", {})
    days = {name: date.fromisoformat(told[name]) for name in ("contact_on", "since_on", "entry_on") if name in told}
    return Followed(**{**told, **days})


def became_of(stored: str) -> dict[str, Any]:
    """What became of a row of a list of running cases: nothing before it is loaded."""
    found: dict[str, Any] = json.loads(stored).get("became", {})
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
