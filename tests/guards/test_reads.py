"""Fetching is authorising: a read of a protected table, in whatever form, is refused unless somebody vouches for it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Executable, Table, false, func, literal_column, select, text, true, union_all
from sqlalchemy.orm import Session, aliased

from outreach.cases.models import Case, Step
from outreach.children.models import Child, Household
from outreach.database import ReadRefused, metadata, seen_by
from outreach.database.guard import protected_tables
from outreach.partners.models import Area, Organisation
from tests.ground.field import make_field

OPEN_TABLES = frozenset(
    {
        # partners: public facts of organisations
        "agreement",
        "area",
        "area_municipality",
        "closing",
        "letterhead",
        "organisation",
        "organisation_area",
        "partner_change",
        # attendance: whether a school shares its counts
        "counts_shared",
        "registration_window",
        "report_day",
        "routing",
        # accounts: people who work here, not the children
        "calendar_feed",
        "kept_filter",
        "membership",
        "person",
        "reading",
        "search",
        "sign_in_attempt",
        "sign_in_session",
        "substitution",
        "walk",
        # cases: the words of an area's letters, the same for everybody
        "letter_text",
        # cases: whom a school named as its contact
        "school_contact",
        # cases: after how many days an area reminds
        "ladder_change",
        # the machine: keys, dates and letters without personal data
        "job_run",
        "outbox_line",
        "outbox_message",
        "submission",
        "column_tie",
        "list_place",
        # imports: what the words of somebody's own list mean; encrypted, and of no child
        "word_tie",
        "training_mark",
        "wrong_address",
    }
)
"""Tables without anything about a child or a case; every other table is protected."""

PROTECTED = sorted(protected_tables())


def _quoted(table: Table) -> str:
    return f'"{table.name}"'


READS: dict[str, Callable[[Table], Executable]] = {
    "rows": select,
    "one column": lambda table: select(next(iter(table.c))),
    "a count": lambda table: select(func.count()).select_from(table),
    "a join": lambda table: select(Area.id).join(table, true()),
    "an EXISTS": lambda table: select(Area.id).where(select(1).select_from(table).exists()),
    "an IN": lambda table: select(Area.id).where(Area.id.in_(select(func.count()).select_from(table))),
    "a scalar subquery": lambda table: select(select(func.count()).select_from(table).scalar_subquery()),
    "a derived table": lambda table: select(func.count()).select_from(select(table).subquery()),
    "a common table": lambda table: select(func.count()).select_from(select(table).cte()),
    "an alias": lambda table: select(table.alias("other")),
    "a union": lambda table: union_all(select(func.count()).select_from(table), select(Area.id)),
    "text": lambda table: text(f"SELECT count(*) FROM {_quoted(table)}"),
    "text after a comment": lambda table: text(f"/* a remark */ SELECT count(*) FROM {_quoted(table)}"),
    "text in brackets": lambda table: text(f"SELECT 1 FROM (SELECT count(*) FROM {_quoted(table)}) AS t"),
    "text with columns": lambda table: text(f"SELECT count(*) AS n FROM {_quoted(table)}").columns(),
    "a literal column": lambda table: select(literal_column(f"(SELECT count(*) FROM {_quoted(table)})")),
    "text in a SELECT": lambda table: select(text(f"count(*) FROM {_quoted(table)}")),
    "text of an ORM row": lambda table: select(Area).from_statement(text(f"SELECT * FROM {_quoted(table)}")),
    "rows an UPDATE gives back": lambda table: table.update().values({_plain(table): None}).returning(table),
    "rows a DELETE gives back": lambda table: table.delete().where(false()).returning(table),
}


def _plain(table: Table) -> str:
    return next((column.name for column in table.c if not column.primary_key), next(iter(table.c)).name)


def test_every_table_is_protected_or_known_to_hold_nothing_about_a_child() -> None:
    assert set(metadata.tables) - OPEN_TABLES == set(PROTECTED)


@pytest.mark.parametrize("form", READS)
def test_nobody_reads_unseen(session: Session, form: str) -> None:
    for name in PROTECTED:
        with pytest.raises(ReadRefused, match=f"nobody vouches for reading {name}"):
            session.execute(READS[form](metadata.tables[name]))


@pytest.mark.parametrize("form", sorted(READS.keys() - {"text of an ORM row"}))
def test_what_holds_no_child_is_read_freely(session: Session, form: str) -> None:
    session.execute(READS[form](metadata.tables["agreement"]))


ORM_READS: dict[str, Callable[[Session], Any]] = {
    "rows": lambda session: session.scalars(select(Child)),
    "get": lambda session: session.get(Case, 1),
    "a column": lambda session: session.scalars(select(Child.first_name)),
    "a count": lambda session: session.scalar(select(func.count(Step.id))),
    "an alias": lambda session: session.scalars(select(aliased(Child))),
    "a join": lambda session: session.scalars(select(Organisation).join(Case, Case.lead_id == Organisation.id)),
    "an EXISTS": lambda session: session.scalars(select(Area).where(select(Case).exists())),
    "a count of the connection": lambda session: session.connection().execute(select(func.count(Child.id))),
    "SQL of the driver": lambda session: session.connection().exec_driver_sql("SELECT * FROM child"),
    "a copy of the table": lambda session: session.connection().exec_driver_sql("WITH a AS (TABLE step) SELECT 1"),
}


@pytest.mark.parametrize("form", ORM_READS)
def test_nobody_reads_unseen_through_the_mapper(session: Session, form: str) -> None:
    with pytest.raises(ReadRefused):
        ORM_READS[form](session)


def test_who_vouches_reads_and_what_was_read_may_be_read_again(session: Session) -> None:
    field = make_field(session)
    reference = field.case("Lotte", date(2024, 5, 20)).reference
    session.commit()
    session.expire_all()
    case = session.scalars(select(Case), execution_options=seen_by("test")).one()
    session.expire(case)
    assert case.reference == reference  # loaded again, column by column
    session.refresh(case)
    assert case.reference == reference


def test_vouching_holds_for_one_statement_only(session: Session) -> None:
    session.scalars(select(Household), execution_options=seen_by("test")).all()
    with pytest.raises(ReadRefused):
        session.scalars(select(Household))
