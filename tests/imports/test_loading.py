"""Lists loaded into the database: every row accounted for, every new child with a case."""

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.models import Case, Step
from outreach.cases.queries.verify import case_checks
from outreach.children.models import Child, IdentityChange
from outreach.imports.models import Batch, BatchRow
from outreach.imports.queries import import_checks
from tests.ground.field import Field, make_field
from tests.imports.loading import DATA, DECEMBER, MARCH, READ, load_sample, number_of_rows

MARCH_DAY = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
TRUTH = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session, nis=("44021", "44088", "44013", "43018"))
    session.commit()
    return made


def broken(session: Session) -> list[str]:
    """The promises that do not hold."""
    return [check.key for check in [*case_checks(session), *import_checks(session)] if not check.ok]


def test_the_december_list_brings_180_children_with_a_case_each(session: Session, field: Field) -> None:
    loaded = load_sample(field, DECEMBER, date(2026, 12, 15))
    assert loaded.answer() == {
        "rows": TRUTH["december_rows"],
        "new": TRUTH["children"],
        "known": 0,
        "double": TRUTH["duplicate_rows"],
        "refused": 0,
        "outside": 0,
        "cases_opened": TRUTH["children"],
        "same_file": False,
        "loaded": True,
        "batch": loaded.batch_id,
        "differences": loaded.differences,
    }
    assert number_of_rows(session, Child, Case, Step, BatchRow) == [180, 180, 180, 183]
    assert broken(session) == []


def test_the_march_list_knows_who_stayed_and_who_got_another_number(session: Session, field: Field) -> None:
    load_sample(field, DECEMBER, date(2026, 12, 15))
    with clock.at(MARCH_DAY):
        loaded = load_sample(field, MARCH, date(2027, 3, 15))
    counts = loaded.answer()
    assert counts["rows"] == TRUTH["march_rows"]
    assert counts["known"] == TRUTH["still"]
    assert counts["new"] == len(TRUTH["new"]) == counts["cases_opened"]
    assert (counts["double"], counts["refused"]) == (0, 0)
    changes = session.scalars(select(IdentityChange), execution_options=READ).all()
    assert sorted([change.before, change.after] for change in changes) == sorted(TRUTH["renumbered"])
    assert broken(session) == []


def test_the_march_list_says_what_is_otherwise_and_changes_no_address(session: Session, field: Field) -> None:
    load_sample(field, DECEMBER, date(2026, 12, 15))
    loaded = load_sample(field, MARCH, date(2027, 3, 15))
    statement = select(BatchRow).where(BatchRow.batch_id == loaded.batch_id)
    rows = session.scalars(statement, execution_options=READ).all()
    said = [field for row in rows for field in row.differs]
    assert said.count("address") == len(TRUTH["moved"])
    assert said.count("name") == len(TRUTH["respelt"])
    assert said.count("number") == len(TRUTH["renumbered"])


def test_no_child_of_the_samples_has_a_date_that_is_past_on_the_day_of_import(session: Session, field: Field) -> None:
    load_sample(field, DECEMBER, date(2026, 12, 15))
    with clock.at(MARCH_DAY):
        load_sample(field, MARCH, date(2027, 3, 15))
    for step in session.scalars(select(Step), execution_options=READ):
        assert step.too_late_on is None or step.too_late_on >= step.opened_on
        assert step.aim_on is None or step.too_late_on is None or step.aim_on <= step.too_late_on
        assert step.due_on is not None


def test_the_same_file_again_changes_nothing(session: Session, field: Field) -> None:
    first = load_sample(field, DECEMBER, date(2026, 12, 15))
    before = number_of_rows(session, Child, Case, Batch, BatchRow)
    again = load_sample(field, DECEMBER, date(2026, 12, 15)).answer()
    assert (again["same_file"], again["loaded"], again["batch"]) == (True, False, first.batch_id)
    assert (again["rows"], again["new"], again["known"], again["double"]) == (183, 0, 180, 3)
    assert number_of_rows(session, Child, Case, Batch, BatchRow) == before
