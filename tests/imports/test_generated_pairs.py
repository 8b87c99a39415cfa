"""Two lists of a made-up town with known truth: every change is found, and nobody becomes somebody else."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.imports.models import BatchRow, DifferenceKind, ListDifference, RowResult
from tests.ground.field import Field, make_field
from tests.imports.generated import KNOWN_BY_ITSELF, NOBODY, TO_PROPOSE, Fate, Told, make_town
from tests.imports.loading import READ, load

THEN, NOW = date(2026, 12, 15), date(2027, 3, 15)
UNTOLD = (Fate.NUMBER_LOST, Fate.UNMARKED)
"""Without a number but with equal names, birth date and address: known by itself too."""


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session)
    session.commit()
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_change_is_found_and_nobody_is_taken_for_somebody_else(field: Field, session: Session, seed: int) -> None:
    town = make_town(seed)
    first = load(field, *(one.row() for one in town.first), as_of=THEN)
    second = load(field, *(one.row() for one in town.second), as_of=NOW)
    ids = {town.first[number - 2].key: row.child_id for number, row in rows_of(session, first.batch_id).items()}
    rows = rows_of(session, second.batch_id)
    told = {number: town.second[number - 2] for number in rows}
    proposed = proposals_of(session, second.batch_id)
    wrong = [
        (told[number], row.result)
        for number, row in rows.items()
        if row.result == RowResult.KNOWN and row.child_id != ids.get(told[number].key)
    ]
    assert wrong == [], "taken for somebody else"
    missed = [
        each
        for number, each in told.items()
        if each.fate in (*KNOWN_BY_ITSELF, *UNTOLD) and rows[number].result != RowResult.KNOWN
    ]
    assert missed == [], "known by itself"
    _is_right(told, {number: (ids.get(told[number].key), child) for number, child in proposed.items()}, seed)
    assert second.differences["proposed"] == len(proposed)
    assert second.differences["moved"] == sum(each.fate is Fate.MOVED for each in town.second)


def _is_right(told: dict[int, Told], proposed: dict[int, tuple[int | None, int]], seed: int) -> None:
    """Every child that should be proposed is, beside the right one; the figures are printed (`-s`)."""
    wanted = {number for number, each in told.items() if each.fate in TO_PROPOSE}
    right = {number for number, (truly, child) in proposed.items() if truly == child}
    lost = Counter(told[number].fate.value for number in wanted - right)
    false = Counter(told[number].fate.value for number in proposed.keys() - right)
    recall, precision = len(right & wanted) / len(wanted), len(right) / len(proposed)
    figures = f"recall {recall:.3f}, precision {precision:.3f}, lost {dict(lost)}, false {dict(false)}"
    print(f"\ntown {seed}: {len(told)} rows, {len(wanted)} to propose, {figures}")
    assert [told[number] for number in proposed if told[number].fate in NOBODY] == []
    assert [told[number] for number in sorted(wanted - right)] == [], "proposed"
    assert precision == 1.0
    assert recall == 1.0


def rows_of(session: Session, batch_id: int) -> dict[int, BatchRow]:
    statement = select(BatchRow).where(BatchRow.batch_id == batch_id)
    return {row.row_number: row for row in session.scalars(statement, execution_options=READ)}


def proposals_of(session: Session, batch_id: int) -> dict[int, int]:
    statement = select(ListDifference.row_number, ListDifference.child_id).where(
        ListDifference.batch_id == batch_id, ListDifference.kind == DifferenceKind.PROPOSED
    )
    return {row[0]: row[1] for row in session.execute(statement, execution_options=READ)}
