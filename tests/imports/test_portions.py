"""However a list is cut into portions, and whichever way its rows are written, the same stands there afterwards."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from outreach.cases.models import Case
from outreach.children import matching, resembling
from outreach.database import copying, metadata, seen_by
from outreach.extensions import db
from outreach.imports.commands import filling
from outreach.imports.queries import comparing
from tests.conftest import empty
from tests.ground.field import make_field
from tests.imports.loading import DECEMBER, MARCH, agree, load_sample

READ = seen_by("test")
RANDOM = ("id", "reference", "deed_id", "changes")
"""A reference is drawn, and named in what is kept of a change; the ids of grants and deeds follow the portions."""

BY_PORTION = ("deed",)
"""What there is one of for each portion."""

WRITTEN = {
    "household": 186,
    "child": 202,
    "household_membership": 202,
    "residence": 202,
    "case": 202,
    "track": 202,
    "step": 202,
    "assignment": 202,
    "batch": 2,
    "batch_row": 341,
}
"""How many rows December and March bring into tables that each child, case or row of a list has one of."""


@pytest.mark.parametrize("copied_from", [1, 1_000_000], ids=["copied", "inserted"])
def test_a_list_in_small_portions_brings_the_same(
    app: Flask, monkeypatch: pytest.MonkeyPatch, copied_from: int
) -> None:
    whole = loaded(app)
    for module, most in ((filling, 7), (comparing, 5), (matching, 6), (resembling, 11)):
        monkeypatch.setattr(module, "_PORTION", most)
    monkeypatch.setattr(copying, "_WORTH_COPYING", copied_from)
    small = loaded(app)
    assert {name: len(whole[name]) for name in WRITTEN} == WRITTEN
    assert whole["list_difference"]
    assert whole.keys() == small.keys()
    assert [name for name in whole if whole[name] != small[name]] == []


def loaded(app: Flask) -> dict[str, list[str]]:
    """Every row of every table after both sample lists, in an empty database."""
    db.session.rollback()
    empty(app)
    field = make_field(db.session)
    agree(field)
    db.session.commit()
    load_sample(field, DECEMBER, date(2026, 12, 15))
    load_sample(field, MARCH, date(2027, 3, 15))
    return {table.name: rows_of(db.session, table) for table in metadata.sorted_tables if table.name not in BY_PORTION}


def rows_of(session: Session, table: Table) -> list[str]:
    """The rows of a table as texts, without what is drawn by lot; a case is told by its id."""
    named = dict(session.execute(select(Case.reference, Case.id), execution_options=READ).all())
    columns = [column for column in table.columns if column.name not in RANDOM]
    found = session.execute(select(*columns), execution_options=READ) if columns else []
    return sorted(
        repr([told(column, value, named) for column, value in zip(columns, row, strict=True)]) for row in found
    )


def told(column: Column[Any], value: Any, named: dict[Any, Any]) -> Any:
    """A value as it is compared."""
    return named.get(value) if column.name == "case_reference" else value
