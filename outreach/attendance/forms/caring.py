"""The table of kleuters at risk as it is sent: one care for each row that was shown, and which rows were ticked."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from outreach.attendance.commands.caring import Care

Sent = MultiDict[str, str]


@dataclass(frozen=True)
class Written:
    """What somebody wrote in one row, and the row of the database it was shown with."""

    care: Care
    seen_id: int | None


@dataclass(frozen=True)
class Table:
    """A table as it was sent."""

    rows: dict[int, Written]
    ticked: frozenset[int] = field(default_factory=frozenset)


def table_of(sent: Sent, *, whole: bool, kept: dict[int, Care]) -> Table:
    """Read the table. Somebody who only rings (`whole` is False) writes a reason; the rest stays as in `kept`.

    What is chosen above the table goes to the ticked rows.
    """
    ticked = frozenset(_numbers(sent.getlist("pupil")))
    rows = {}
    for pupil_id in _numbers(sent.getlist("row")):
        before = kept.get(pupil_id, Care())
        reason = sent.get(f"reason-{pupil_id}") or None
        care = Care(reason, before.rings_id, before.followed)
        if whole:
            rings = _number(sent.get(f"rings-{pupil_id}"))
            care = Care(reason, rings, f"followed-{pupil_id}" in sent)
            care = _for_ticked(sent, care) if pupil_id in ticked else care
        rows[pupil_id] = Written(care, _number(sent.get(f"seen-{pupil_id}")))
    return Table(rows, ticked)


def day_of(sent: Sent, pupil_id: int) -> date | None:
    """The day of birth somebody filled in for a kleuter."""
    try:
        return date.fromisoformat(sent.get(f"born-{pupil_id}", ""))
    except ValueError:
        return None


def same_of(sent: Sent, pupil_id: int) -> bool | None:
    """Whether the known child is the same; None when nobody said."""
    return {"yes": True, "no": False}.get(sent.get(f"same-{pupil_id}", ""))


def _for_ticked(sent: Sent, care: Care) -> Care:
    return Care(
        sent.get("all-reason") or care.reason,
        _number(sent.get("all-rings")) or care.rings_id,
        care.followed or "all-followed" in sent,
    )


def _numbers(texts: Collection[str]) -> list[int]:
    return [number for number in map(_number, texts) if number is not None]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
