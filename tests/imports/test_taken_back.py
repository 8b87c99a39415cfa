"""A loaded list is taken back: known cases are as they were before it, those it opened end, and open again later."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.undoing import TakenBack, remembered, undo_deed
from outreach.cases.commands.words import add_note
from outreach.cases.models import Case, Deed, Pause, Proposal, Step, StepState
from outreach.cases.queries.facts import facts_of, subjects_of
from outreach.children.models import Child
from outreach.database import transaction
from outreach.errors import Refused
from outreach.imports.commands.taking_back import take_back_list
from outreach.imports.models import Batch, BatchState, DifferenceKind, ListDifference
from outreach.imports.queries import import_checks
from outreach.imports.queries.accounting import accounts_of
from outreach.imports.queries.begun import would_stay
from tests.cases.undo.test_taking_back import assign
from tests.ground.field import Field, make_field
from tests.imports.deciding import AYAAN, LOU, NOOR, NOW, THEN, case_of, ids_of, move_of, sound
from tests.imports.files import number_of, row
from tests.imports.generated import make_town
from tests.imports.loading import READ, load

ZOE = {"Voornaam": "Zoe", "INSZ": number_of(date(2023, 7, 8)), "Geboortedatum": "08/07/2023"}


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session)
    assert made.coordinator.organisation_id == made.area.coordinator_id
    session.commit()
    return made


def batch(session: Session, batch_id: int | None) -> Batch:
    return session.get_one(Batch, batch_id, execution_options=READ)


def take_back(field: Field, batch_id: int | None) -> TakenBack:
    with transaction(field.session) as session:
        return take_back_list(session, batch(session, batch_id), by=field.coordinator)


def whole(session: Session) -> None:
    sound(session)
    assert [each for each in import_checks(session) if not each.ok] == []


def close(field: Field, case: Case) -> None:
    report_outcome(
        field.session, case, move_of(field.session, case), outcome="already_enrolled", facts={}, by=field.coordinator
    )


def test_the_wrong_list_opens_nothing_in_the_end_and_the_right_one_opens_it_all_again(
    field: Field, session: Session
) -> None:
    rows = [row(**AYAAN), row(**NOOR), row(**LOU)]
    first = load(field, *rows)
    references = {case_of(session, name).reference for name in ("Ayaan", "Noor", "Lou")}
    result = take_back(field, first.batch_id)
    assert (len(result.undone), result.left) == (3, [])
    cases = session.scalars(select(Case), execution_options=READ).all()
    assert [case.ended_at is None for case in cases] == [False] * 3
    assert session.scalars(select(Step).where(Step.ended_at.is_(None)), execution_options=READ).all() == []
    assert batch(session, first.batch_id).state == BatchState.TAKEN_BACK
    account = accounts_of(session, field.coordinator, field.area).total
    assert (account.rows, account.listed, account.adds_up) == (0, 0, True)
    whole(session)
    again = load(field, *rows)
    assert (again.same_file, again.counts["known"], again.counts["cases_opened"]) == (False, 3, 3)
    assert {case.reference for case in session.scalars(select(Case), execution_options=READ)} == references
    for name in ("Ayaan", "Noor", "Lou"):
        assert case_of(session, name).ended_at is None
        assert move_of(session, case_of(session, name)).number == 2
    assert ids_of(session, again.batch_id or 0, DifferenceKind.AGAIN) == []
    whole(session)
    assert take_back(field, again.batch_id).left == []
    assert case_of(session, "Lou").ended_at is not None
    whole(session)


@pytest.mark.parametrize("seed", [1, 2])
def test_known_cases_of_a_town_are_as_they_were_row_by_row(field: Field, session: Session, seed: int) -> None:
    """Moved, respelt, renumbered, gone, proposed, closed and on it again: whatever a second list says."""
    town = make_town(seed)
    load(field, *(one.row() for one in town.first), as_of=THEN)
    cases = session.scalars(select(Case).order_by(Case.id), execution_options=READ).all()
    for case in cases[:4]:
        close(field, case)
    session.commit()
    known = subjects_of(session, [case.id for case in cases])
    before = facts_of(session, known)
    with clock.at(clock.now() + timedelta(days=1)):
        second = load(field, *(one.row() for one in town.second), as_of=NOW)
        assert facts_of(session, known) != before
        assert would_stay(session, batch(session, second.batch_id)) == 0
        assert take_back(field, second.batch_id).left == []
    assert facts_of(session, known) == before
    assert session.scalars(select(ListDifference), execution_options=READ).all() == []
    opened = [case for case in session.scalars(select(Case), execution_options=READ) if case not in cases]
    assert opened
    assert [case for case in opened if case.ended_at is None] == []
    whole(session)


def test_a_child_that_was_gone_is_visited_as_before(field: Field, session: Session) -> None:
    load(field, row(**AYAAN), row(**NOOR), as_of=THEN)
    noor = case_of(session, "Noor")
    assign(field, noor)
    session.commit()
    wrong = load(field, row(**AYAAN), as_of=NOW)
    assert move_of(session, noor).state == StepState.PAUSED
    take_back(field, wrong.batch_id)
    assert move_of(session, noor).state == StepState.OPEN
    assert session.scalars(select(Pause), execution_options=READ).all() == []
    whole(session)


def test_a_number_that_changed_of_a_child_that_opens_again_is_put_back_too(field: Field, session: Session) -> None:
    first = load(field, row(**NOOR))
    take_back(field, first.batch_id)
    renumbered = NOOR | {"INSZ": number_of(date(2023, 4, 2), 0)}
    second = load(field, row(**renumbered))
    assert second.counts["cases_opened"] == 1
    take_back(field, second.batch_id)
    assert session.scalars(select(Child.insz), execution_options=READ).all() == [NOOR["INSZ"]]
    whole(session)


def test_what_moved_on_since_is_left_and_counted_before(field: Field, session: Session) -> None:
    load(field, row(**AYAAN), row(**NOOR), as_of=THEN)
    second = load(field, row(**AYAAN), row(**LOU), row(**ZOE), as_of=NOW)
    with transaction(session):
        for name in ("Noor", "Lou"):  # one that is gone from the list, one that it opened
            add_note(session, case_of(session, name), text="gebeld", shared=False, by=field.coordinator)
    assert would_stay(session, batch(session, second.batch_id)) == 2
    result = take_back(field, second.batch_id)
    assert result.left == sorted(case_of(session, name).id for name in ("Noor", "Lou"))
    assert case_of(session, "Lou").ended_at is None
    assert case_of(session, "Zoe").ended_at is not None
    whole(session)


def test_why_a_list_stays(field: Field, session: Session) -> None:
    first = load(field, row(**AYAAN), row(**NOOR), as_of=THEN)
    second = load(field, row(**AYAAN), as_of=NOW)
    with pytest.raises(Refused, match="list_leaned_on"):
        take_back(field, first.batch_id)
    with transaction(session):
        noor = case_of(session, "Noor")
        with remembered(session, "gone.keep", [noor.id], origin=f"batch:{second.batch_id}", by=field.coordinator):
            add_note(session, noor, text="blijft", shared=False, by=field.coordinator)
    with pytest.raises(Refused, match="list_decided_about"):
        take_back(field, second.batch_id)
    with transaction(session):
        deed = session.scalars(select(Deed).where(Deed.key == "gone.keep"), execution_options=READ).one()
        undo_deed(session, deed, by=field.coordinator)
    with clock.at(clock.now() + timedelta(days=31)), pytest.raises(Refused, match="list_too_old"):
        take_back(field, second.batch_id)
    assert take_back(field, second.batch_id).left == [], "a decision that was taken back is no longer in the way"
    with pytest.raises(Refused, match="deed_undone"):
        take_back(field, second.batch_id)
    take_back(field, first.batch_id)
    whole(session)


def test_whether_to_open_a_case_again_is_asked_with_the_list_before(field: Field, session: Session) -> None:
    load(field, row(**AYAAN), row(**NOOR), as_of=THEN)
    close(field, case_of(session, "Noor"))
    session.commit()
    second = load(field, row(**NOOR), row(**AYAAN), as_of=NOW)
    third = load(field, row(**AYAAN), row(**NOOR), row(**LOU), as_of=NOW)
    asked = ids_of(session, third.batch_id or 0, DifferenceKind.AGAIN)
    take_back(field, third.batch_id)
    assert ids_of(session, second.batch_id or 0, DifferenceKind.AGAIN) == asked
    assert len(asked) == 1
    take_back(field, second.batch_id)
    assert session.scalars(select(ListDifference), execution_options=READ).all() == []
    assert session.scalars(select(Proposal), execution_options=READ).all() == []
    whole(session)
