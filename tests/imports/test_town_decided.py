"""A made-up town with known truth: each group holds its children alone, and what is decided is taken back exactly."""

import random
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.models import Case
from outreach.cases.queries.verify import case_checks
from outreach.children.search_keys import search_checks
from outreach.database import transaction
from outreach.imports.answers import ANSWERS, Answer
from outreach.imports.commands.planning_answers import plan_answer
from outreach.imports.commands.settling import settle, take_back
from outreach.imports.models import Batch, BatchRow, DifferenceKind, ListDifference
from outreach.imports.queries.accounting import accounts_of
from outreach.imports.queries.deciding import items_of
from tests.cases.undo.test_taking_back import all_facts
from tests.ground.field import Field, make_field
from tests.imports.generated import TO_PROPOSE, Fate, Town, make_town
from tests.imports.loading import READ, load

THEN, NOW = date(2026, 12, 15), date(2027, 3, 15)
CHILDREN, DECISIONS = 120, 14
TRUTH = {
    DifferenceKind.MOVED: (Fate.MOVED,),
    DifferenceKind.RESPELT: (Fate.RESPELT,),
    DifferenceKind.RENUMBERED: (Fate.RENUMBERED,),
}
"""Which fates of the second list make a difference of each kind; who is gone is not on it."""


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session)
    session.commit()
    return made


def loaded(field: Field, town: Town) -> tuple[Batch, dict[int, int]]:
    """Both lists are loaded; the second, and which child of ours each child of the first is."""
    session = field.session
    first = load(field, *(one.row() for one in town.first), as_of=THEN)
    second = load(field, *(one.row() for one in town.second), as_of=NOW)
    statement = select(BatchRow.row_number, BatchRow.child_id).where(BatchRow.batch_id == first.batch_id)
    ours = {town.first[number - 2].key: child for number, child in session.execute(statement, execution_options=READ)}
    return session.get_one(Batch, second.batch_id, execution_options=READ), ours


def found_in(session: Session, batch: Batch, *kinds: DifferenceKind) -> set[int]:
    statement = select(ListDifference.child_id).where(
        ListDifference.batch_id == batch.id, ListDifference.kind.in_(kinds)
    )
    return set(session.scalars(statement, execution_options=READ))


def groups(field: Field, town: Town, batch: Batch, ours: dict[int, int]) -> Iterator[tuple[str, set[int], set[int]]]:
    """Each kind with the children that truly changed so, and those that were found."""
    on_second = {each.key for each in town.second if each.fate not in TO_PROPOSE}
    gone = {ours[each.key] for each in town.first if each.key not in on_second}
    yield "gone", gone, found_in(field.session, batch, DifferenceKind.GONE)
    for kind, fates in TRUTH.items():
        truly = {ours[each.key] for each in town.second if each.fate in fates and each.key in ours}
        also = (DifferenceKind.CAPITALS,) if kind is DifferenceKind.RESPELT else ()
        yield kind.value, truly, found_in(field.session, batch, kind) | (truly & found_in(field.session, batch, *also))


@pytest.mark.parametrize("seed", [11, 12])
def test_each_group_holds_its_children_and_every_decision_is_taken_back(
    field: Field, session: Session, seed: int
) -> None:
    """Decided at random about some of each group, in any order; afterwards taken back, the last one first."""
    town, chance = make_town(seed, CHILDREN), random.Random(seed)
    batch, ours = loaded(field, town)
    for kind, truly, found in groups(field, town, batch, ours):
        precision, recall = len(truly & found) / max(len(found), 1), len(truly & found) / max(len(truly), 1)
        print(f"\ntown {seed}, {kind}: {len(truly)} true, precision {precision:.3f}, recall {recall:.3f}")
        assert found == truly, kind
    ended = set(session.scalars(select(Case.id).where(Case.ended_at.is_not(None)), execution_options=READ))
    before, deeds = all_facts(session), []
    session.rollback()
    for _ in range(DECISIONS):
        kind = chance.choice(list(ANSWERS))
        answer = chance.choice(ANSWERS[kind])
        with transaction(session):
            items = items_of(session, field.coordinator, batch, kind, for_change=True)
            some = [item for item in items if chance.random() < 0.5]
            settled = settle(session, batch, plan_answer(session, batch, some, answer=answer), by=field.coordinator)
            assert len(settled.done) + len(settled.stayed) == len(some)
            if settled.deed is not None:
                deeds.append(settled.deed)
    assert deeds
    now = set(session.scalars(select(Case.id).where(Case.ended_at.is_not(None)), execution_options=READ))
    assert now == ended, "no decision closes a case"
    assert all_facts(session) != before
    _is_sound(field)
    for deed in reversed(deeds):
        with transaction(session):
            assert take_back(session, deed, by=field.coordinator).left == []
    session.expire_all()
    assert all_facts(session) == before
    answers = select(ListDifference.answer).where(ListDifference.batch_id == batch.id).distinct()
    assert session.scalars(answers, execution_options=READ).all() == [None]
    _is_sound(field)


def test_a_decision_beneath_another_is_left_until_that_one_is_taken_back(field: Field, session: Session) -> None:
    """Who is gone is put off, then visited on: the putting off is not taken back under that."""
    batch, _ours = loaded(field, make_town(13, 60))
    deeds = []
    for kind, answer in ((DifferenceKind.GONE, Answer.LATER), (DifferenceKind.GONE, Answer.KEEP)):
        with transaction(session):
            items = items_of(session, field.coordinator, batch, kind, for_change=True)
            settled = settle(session, batch, plan_answer(session, batch, items, answer=answer), by=field.coordinator)
            assert settled.deed is not None
            deeds.append(settled.deed)
    with transaction(session):
        result = take_back(session, deeds[0], by=field.coordinator)
        assert result.undone == []
        assert len(result.left) == len(items)


def _is_sound(field: Field) -> None:
    checks = [*case_checks(field.session), *search_checks(field.session)]
    assert [each for each in checks if not each.ok] == []
    assert accounts_of(field.session, field.coordinator, field.area).total.adds_up
