"""A search reads by index on both databases, in as many statements for one family as for thirty."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from outreach.cases.queries.search import search_cases
from outreach.database import seen_by
from tests.ground.field import Field, make_field

READ = seen_by("test")
BIG = ("child", "case", "household", "child_search_key", "family_search_key", "child_grant")

Statements = list[tuple[str, Any]]


@pytest.fixture
def field(session: Session) -> Field:
    field = make_field(session)
    for number in range(30):
        field.case("Mohamed", date(2022, 1, 1) + timedelta(days=number), last_name="El Amrani")
    field.case("Lotte", date(2022, 3, 10), last_name="Van den Broecke")
    session.commit()
    return field


def said(session: Session, field: Field, words: str) -> Statements:
    """What one search says to the database."""
    found: Statements = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        found.append((statement, parameters))

    actor, engine = field.coordinator, session.get_bind()
    session.rollback()
    event.listen(engine, "before_cursor_execute", note)
    try:
        search_cases(session, actor, words)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return [each for each in found if each[0].lstrip().upper().startswith(("SELECT", "WITH"))]


def test_one_or_thirty_families_take_as_many_statements(session: Session, field: Field) -> None:
    few, many = said(session, field, "Lotte vandenbroecke"), said(session, field, "Muhammad Elamrani")
    assert len(few) == len(many) <= 8


@pytest.mark.parametrize(
    "words",
    ["Muhammad Elamrani", "Lotte vandenbroecke 10/3/2022", "0470 12 34 56", "Muhamad 5/1/2022", "Lotje Broekcx"],
)
def test_no_large_table_is_read_from_end_to_end(session: Session, field: Field, words: str) -> None:
    statements = said(session, field, words)
    connection = session.connection()
    postgres = connection.dialect.name == "postgresql"
    if postgres:  # a small table is read whole, unless there is no other way left
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    explain = "EXPLAIN" if postgres else "EXPLAIN QUERY PLAN"
    whole = r'Seq Scan on "?(\w+)"?' if postgres else r"SCAN (\w+)"
    for statement, parameters in statements:
        plan = connection.exec_driver_sql(f"{explain} {statement}", parameters, execution_options=READ).all()
        read = {name for row in plan for name in re.findall(whole, str(row))}
        assert read.isdisjoint(BIG), (words, read, plan)
