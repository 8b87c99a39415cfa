"""Thousands of values are looked up in one statement, and find what a list of them would, on both databases."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from outreach.children.matching import Sought, match_children
from outreach.children.models import Child, Residence
from outreach.children.queries import special_addresses
from outreach.database import seen_by
from outreach.database.among import among, pairs_among
from tests.ground.field import make_field

READ = seen_by("test")
NAMES = ("Noor", "O'Neill", 'Zoë "Z"', "Ay\\an", "Łucja", "{Lou}", "")
DAYS = (date(2022, 1, 1), date(2022, 1, 2), date(2023, 12, 31))
TEXTS = st.one_of(st.sampled_from(NAMES), st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6))
SETTINGS = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def known(session: Session) -> list[tuple[int, str, date]]:
    """A child of each name on each day: id, name, birth date."""
    field = make_field(session)
    for name in NAMES:
        for day in DAYS:
            field.case(name, day)
    session.commit()
    statement = select(Child.id, Child.first_name, Child.born_on).order_by(Child.id)
    return [(row[0], row[1], row[2]) for row in session.execute(statement, execution_options=READ)]


@SETTINGS
@given(st.lists(TEXTS, max_size=8))
def test_texts(session: Session, known: list[tuple[int, str, date]], names: list[str]) -> None:
    found = select(Child.id).where(among(session, Child.first_name, names)).order_by(Child.id)
    assert list(session.scalars(found, execution_options=READ)) == [one for one, name, _ in known if name in names]


@SETTINGS
@given(
    st.lists(st.sampled_from((*DAYS, date(1999, 9, 9))), max_size=3), st.lists(st.integers(0, 2**31 - 1), max_size=3)
)
def test_days_and_numbers(
    session: Session, known: list[tuple[int, str, date]], days: list[date], numbers: list[int]
) -> None:
    born = select(Child.id).where(among(session, Child.born_on, days)).order_by(Child.id)
    assert list(session.scalars(born, execution_options=READ)) == [one for one, _, day in known if day in days]
    ids = [*numbers, known[3][0], known[5][0]]
    told = select(Child.id).where(among(session, Child.id, ids)).order_by(Child.id)
    assert list(session.scalars(told, execution_options=READ)) == [one for one, _, _ in known if one in ids]


@SETTINGS
@given(st.lists(st.tuples(st.sampled_from(DAYS), TEXTS), max_size=8))
def test_pairs(session: Session, known: list[tuple[int, str, date]], pairs: list[tuple[date, str]]) -> None:
    found = select(Child.id).where(pairs_among(session, (Child.born_on, Child.first_name), pairs)).order_by(Child.id)
    expected = [one for one, name, day in known if (day, name) in pairs]
    assert list(session.scalars(found, execution_options=READ)) == expected


def test_places_that_are_no_home_are_found_and_no_other(session: Session) -> None:
    field = make_field(session)
    field.case("Noor", DAYS[0])
    field.case("Ayaan", DAYS[1])
    where = dict(session.execute(select(Residence.child_id, Residence), execution_options=READ).all())
    first, second = (where[child_id] for child_id in sorted(where))
    first.kind, first.address_key = "shelter", "veilige straat|1||9000"
    session.commit()
    asked = [first.address_key, second.address_key, "elders|1||9000"]
    assert special_addresses(session, asked) == {first.address_key: "shelter"}


def test_what_a_list_looks_up_is_found_by_index(session: Session) -> None:
    """A number, names with a birth date, and a place that is no home: none reads all children or all residences."""
    plans = Plans(session)
    sought = [
        Sought("a" * 64, DAYS[0], "safi|noor", "kerkstraat|1||9000"),
        Sought(None, DAYS[1], "safi|lou", "x|1||9000"),
    ]
    with plans.of_what_is_said():
        match_children(session, sought)
        special_addresses(session, ["kerkstraat|1||9000"])
    assert len(plans.said) == 4
    assert plans.read_whole() & {"child", "residence"} == set()


class Plans:
    """What is said to the database meanwhile, and which tables it would read from end to end for it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.said: list[tuple[str, Any]] = []

    @contextmanager
    def of_what_is_said(self) -> Iterator[None]:
        engine = self._session.get_bind()
        self._session.rollback()
        event.listen(engine, "before_cursor_execute", self._note)
        try:
            yield
        finally:
            event.remove(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            self.said.append((statement, parameters))

    def read_whole(self) -> set[str]:
        connection = self._session.connection()
        postgres = connection.dialect.name == "postgresql"
        if postgres:  # a small table is read whole, unless there is no other way left
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain, whole = ("EXPLAIN", r"Seq Scan on (\w+)") if postgres else ("EXPLAIN QUERY PLAN", r"SCAN (\w+)")
        plans = [
            connection.exec_driver_sql(f"{explain} {statement}", parameters, execution_options=READ).all()
            for statement, parameters in self.said
        ]
        return set(re.findall(whole, str(plans)))
