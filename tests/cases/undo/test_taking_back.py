"""A decision on many cases is taken back: every fact table is as it was, and what moved on is left."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.family import add_contact
from outreach.cases.commands.owning import take_step
from outreach.cases.commands.planning import pause_step
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.sides import ask_side_step
from outreach.cases.commands.undoing import remembered, undo_deed
from outreach.cases.models import Case, Deed, Step
from outreach.cases.queries.facts import IN_ORDER
from outreach.cases.queries.verify import case_checks
from outreach.database import metadata
from outreach.errors import Refused
from tests.cases.commands.test_one_child import READ, event_kinds, last_step
from tests.ground.field import Field, make_field

LEDGERS = frozenset(
    {
        *("event", "deed", "deed_item", "reading", "job_run", "reminder", "nudge", "spotted", "visit_invitation"),
        *("person", "membership", "list_difference"),
    }
)
"""Tables that keep both the deed and its taking back (mail is of the post room; a list's differences say both)."""


def all_facts(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that says something about a case, as it is stored."""
    session.flush()
    tables = [each.__table__ for each in IN_ORDER]
    found = {}
    for table in tables:
        raw = list(table.columns)
        rows = session.execute(select(*raw), execution_options=READ).all()
        found[table.name] = sorted(tuple(map(repr, row)) for row in rows)
    return found


def many(field: Field) -> list[Case]:
    return [field.case(name, date(2022, 3, 10)) for name in ("Milan", "Noor", "Adam")]


def the_move(field: Field, case: Case) -> Step:
    """The living step of a case that is no side step."""
    field.session.flush()
    statement = select(Step).where(Step.case_id == case.id, Step.side_of_id.is_(None)).order_by(Step.number.desc())
    return field.session.scalars(statement.limit(1), execution_options=READ).one()


def assign(field: Field, case: Case) -> None:
    facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
    step = the_move(field, case)
    report_outcome(field.session, case, step, outcome="assign", facts=facts, by=field.coordinator)


def rest(field: Field, case: Case) -> None:
    step, until = last_step(field.session, case), clock.today() + timedelta(days=14)
    details = {"reason": "family_away", "until_on": until, "remark": "Naar de grootouders"}
    pause_step(field.session, case, step, by=field.coordinator, **details)


def close(field: Field, case: Case) -> None:
    step = last_step(field.session, case)
    report_outcome(field.session, case, step, outcome="already_enrolled", facts={}, by=field.coordinator)


def meet(field: Field, case: Case) -> None:
    known = {"name": "Amina", "relation": "mother", "phone": "+32470000000", "email": None, "language": "ar"}
    add_contact(field.session, case, **known, school_may_ring=True, by=field.coordinator)
    partner = field.organisations["clb-gent"]
    step = last_step(field.session, case)
    question = {"kind": "clb_advice", "organisation": partner, "question": "Kan dit kind starten?"}
    ask_side_step(field.session, case, step, by=field.coordinator, **question)


DEEDS: dict[str, Callable[[Field, Case], None]] = {"assign": assign, "rest": rest, "close": close, "meet": meet}


def test_every_table_about_a_case_is_a_fact_or_a_ledger() -> None:
    """A new table that hangs on a case, a child or a household must be named in one of the two."""
    about = {
        table.name
        for table in metadata.tables.values()
        if table.name in {"case", "child", "household"}
        or any(key.column.table.name in {"case", "child", "household"} for key in table.foreign_keys)
    }
    kept = {each.__tablename__ for each in IN_ORDER}
    assert about - kept - LEDGERS <= {"batch_row", "pupil", "same_child", "search_words", "letter_text"}


@pytest.mark.parametrize("deed", DEEDS)
def test_every_fact_table_is_as_before(session: Session, deed: str) -> None:
    field = make_field(session)
    cases = many(field)
    before = all_facts(session)
    with remembered(session, "test", [case.id for case in cases], origin="batch:1", by=field.coordinator) as done:
        for case in cases:
            DEEDS[deed](field, case)
    assert all_facts(session) != before
    result = undo_deed(session, done, by=field.coordinator)
    assert (sorted(result.undone), result.left) == (sorted(case.id for case in cases), [])
    assert all_facts(session) == before
    assert event_kinds(session, cases[0])[-1] == "deed_undone"
    assert [each for each in case_checks(session) if not each.ok] == []


def test_a_case_that_moved_on_is_left_and_named(session: Session) -> None:
    """Wim took Noor's step meanwhile; the other two are put back."""
    field = make_field(session)
    cases = many(field)
    with remembered(session, "test", [case.id for case in cases], origin="batch:1", by=field.coordinator) as done:
        for case in cases:
            assign(field, case)
    milan, noor, adam = cases
    take_step(session, noor, last_step(session, noor), by=field.worker)
    result = undo_deed(session, done, by=field.coordinator)
    assert (sorted(result.undone), result.left) == (sorted([milan.id, adam.id]), [noor.id])
    assert last_step(session, milan).key == "intake"
    assert last_step(session, noor).key == "home_visit"
    assert [each for each in case_checks(session) if not each.ok] == []


def test_two_deeds_are_taken_back_one_after_the_other(session: Session) -> None:
    field = make_field(session)
    case = field.case("Milan", date(2022, 3, 10))
    before = all_facts(session)
    deeds: list[Deed] = []
    for deed in (meet, assign):
        with remembered(session, "test", [case.id], origin="batch:1", by=field.coordinator) as done:
            deed(field, case)
        deeds.append(done)
    for done in reversed(deeds):
        assert undo_deed(session, done, by=field.coordinator).left == []
    assert all_facts(session) == before


def test_the_first_of_two_deeds_alone_is_left(session: Session) -> None:
    field = make_field(session)
    case = field.case("Milan", date(2022, 3, 10))
    with remembered(session, "test", [case.id], origin="batch:1", by=field.coordinator) as first:
        meet(field, case)
    with remembered(session, "test", [case.id], origin="batch:1", by=field.coordinator):
        assign(field, case)
    assert undo_deed(session, first, by=field.coordinator).left == [case.id]


def test_once_and_within_thirty_days(session: Session) -> None:
    field = make_field(session)
    case = field.case("Milan", date(2022, 3, 10))
    with remembered(session, "test", [case.id], origin="batch:1", by=field.coordinator) as done:
        rest(field, case)
    with clock.at(clock.now() + timedelta(days=31)), pytest.raises(Refused, match="deed_too_old"):
        undo_deed(session, done, by=field.coordinator)
    undo_deed(session, done, by=field.coordinator)
    with pytest.raises(Refused, match="deed_undone"):
        undo_deed(session, done, by=field.coordinator)
