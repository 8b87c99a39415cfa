"""A list of running cases is taken back: known cases are as before, those it opened end, what moved on stays."""

import pytest
from sqlalchemy.orm import Session

from outreach.cases.commands.undoing import moved_on
from outreach.cases.commands.words import add_note
from outreach.cases.models import Case
from outreach.database import transaction
from outreach.imports.commands.taking_back import take_back_list
from outreach.imports.models import Batch, BatchState
from outreach.imports.queries.followers import STATUS
from tests.cases.undo.test_taking_back import all_facts
from tests.ground.field import Field
from tests.imports.loading import READ
from tests.imports.running_files import running_csv, running_row
from tests.imports.running_loading import broken, case_of, living, newest_deed, running_field, say, take


@pytest.fixture
def field(session: Session) -> Field:
    return running_field(session)


def test_taken_back_a_list_leaves_known_cases_as_they_were_and_ends_those_it_opened(
    field: Field, session: Session
) -> None:
    say(field, STATUS, **{"2x niet thuis": "step:home_visit", "weg": "closure:moved_abroad"})
    take(field, running_csv(running_row(1, Laatste_contact="2/11/2026")))
    known = case_of(session, "Safi1").id
    before = all_facts(session)
    session.rollback()
    wrong = running_csv(
        running_row(1, "2x niet thuis", Laatste_contact="20/11/2026", GSM="0470123456", Opmerkingen="fout"),
        running_row(2, "2x niet thuis", "Wim", Laatste_contact="20/11/2026", Opmerkingen="ook fout"),
        running_row(3, "weg"),
        running_row(4),
    )
    said = take(field, wrong, "fout.csv")
    with transaction(session):
        batch, deed = session.get_one(Batch, said.batch_id, execution_options=READ), newest_deed(session)
        assert moved_on(session, deed) == set()
        result = take_back_list(session, batch, by=field.coordinator)
        assert result.left == []
    after = all_facts(session)
    for table in ("attempt", "note", "report", "family_contact"):
        assert after[table] == before[table]
    assert session.get_one(Case, known, execution_options=READ).ended_at is None
    for name in ("Safi2", "Safi3", "Safi4"):
        assert case_of(session, name).ended_at is not None
    assert session.get_one(Batch, said.batch_id, execution_options=READ).state == BatchState.TAKEN_BACK
    assert broken(session) == []
    again = take(field, wrong, "fout.csv")
    assert (again.same_file, again.counts["cases_opened"]) == (False, 3)
    assert living(session, "Safi2").key == "home_visit"
    assert broken(session) == []


def test_a_case_that_moved_on_since_is_named_and_left(field: Field, session: Session) -> None:
    say(field, STATUS, **{"2x niet thuis": "step:home_visit"})
    said = take(field, running_csv(running_row(1, "2x niet thuis", "Wim"), running_row(2), running_row(3)))
    with transaction(session):
        for name in ("Safi1", "Safi2"):
            add_note(session, case_of(session, name), text="gebeld", shared=False, by=field.coordinator)
    with transaction(session):
        batch = session.get_one(Batch, said.batch_id, execution_options=READ)
        result = take_back_list(session, batch, by=field.coordinator)
    assert sorted(result.left) == [case_of(session, "Safi1").id, case_of(session, "Safi2").id]
    assert case_of(session, "Safi3").ended_at is not None
    assert broken(session) == []
