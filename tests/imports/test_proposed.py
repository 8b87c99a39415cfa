"""A child of a list that is probably known: laid beside the known one, and decided pair by pair."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.models import Case, Pause
from outreach.cases.queries.verify import case_checks
from outreach.children.likeness import Verdict
from outreach.children.models import Child, TwoChildren
from outreach.errors import Refused
from outreach.imports.commands.proposed import say_not_same, say_same, take_back_proposed
from outreach.imports.models import Batch, DifferenceKind, ListDifference
from outreach.imports.queries.adding_up import import_checks
from outreach.imports.queries.proposals import ProposedPair, proposals_of
from tests.cases.undo.test_taking_back import all_facts, assign
from tests.ground.field import Field, make_field
from tests.imports.files import row
from tests.imports.loading import READ, load

THEN, NOW = date(2026, 12, 15), date(2027, 3, 15)
AGAIN = row(INSZ="", Voornaam="Ayan", Naam="Saffi", Straat="Kerkstraat", Huisnummer="5")
"""Ayaan of the Sleepstraat, respelt, moved and without a number."""


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session)
    session.commit()
    return made


def loaded(field: Field) -> tuple[Batch, list[ProposedPair]]:
    """Ayaan in December; in March somebody who is probably he."""
    load(field, row(), as_of=THEN)
    second = load(field, AGAIN, as_of=NOW)
    batch = field.session.get_one(Batch, second.batch_id, execution_options=READ)
    return batch, proposals_of(field.session, field.coordinator, batch)


def open_kinds(session: Session, batch: Batch) -> set[str]:
    statement = select(ListDifference.kind).where(ListDifference.batch_id == batch.id, ListDifference.answer.is_(None))
    return set(session.scalars(statement, execution_options=READ))


def broken(session: Session) -> list[object]:
    return [each for each in (*case_checks(session), *import_checks(session)) if not each.ok]


def test_the_two_are_laid_beside_each_other(field: Field) -> None:
    _batch, (found,) = loaded(field)
    assert found.pair is not None
    assert found.coordinator == "LOP Gent"
    told = {each.field: (each.one, each.other, each.said.verdict) for each in found.pair.beside}
    assert told["name"] == ("Ayan Saffi", "Ayaan Safi", Verdict.ALIKE)
    assert told["born_on"] == (date(2024, 3, 1), date(2024, 3, 1), Verdict.AGREES)
    assert told["address"] == ("Kerkstraat 5 bus 1, 9000 Gent", "Sleepstraat 171 bus 1, 9000 Gent", Verdict.DIFFERS)
    assert told["reference_person"][2] is Verdict.AGREES
    assert found.kept is found.pair.other, "the known one goes on"


def test_said_to_be_one_child_they_are_one(field: Field, session: Session) -> None:
    """The known case goes on, its visits too, and what the list says otherwise is left to decide."""
    load(field, row(), as_of=THEN)
    ayaan = session.scalars(select(Case), execution_options=READ).one()
    assign(field, ayaan)
    session.commit()
    second = load(field, AGAIN, as_of=NOW)
    batch = session.get_one(Batch, second.batch_id, execution_options=READ)
    assert open_kinds(session, batch) == {DifferenceKind.GONE, DifferenceKind.PROPOSED}
    waiting = select(Pause.id).where(Pause.ended_at.is_(None))
    assert session.scalars(waiting, execution_options=READ).all() != []
    (found,) = proposals_of(session, field.coordinator, batch)
    say_same(session, batch, found, by=field.coordinator)
    assert ayaan.ended_at is None
    assert session.scalars(waiting, execution_options=READ).all() == []
    assert open_kinds(session, batch) == {DifferenceKind.MOVED, DifferenceKind.RESPELT}
    assert proposals_of(session, field.coordinator, batch) == []
    assert broken(session) == []
    third = load(field, AGAIN, as_of=date(2027, 5, 15))
    assert (third.counts["new"], third.counts["known"], third.differences["proposed"]) == (0, 1, 0)


def test_taken_back_it_is_asked_again(field: Field, session: Session) -> None:
    batch, (found,) = loaded(field)
    facts, kinds = all_facts(session), open_kinds(session, batch)
    deed = say_same(session, batch, found, by=field.coordinator)
    take_back_proposed(session, deed, by=field.coordinator)
    assert all_facts(session) == facts
    assert open_kinds(session, batch) == kinds
    assert len(proposals_of(session, field.coordinator, batch)) == 1
    assert broken(session) == []


def test_said_to_be_two_children_nobody_is_asked_again(field: Field, session: Session) -> None:
    batch, (found,) = loaded(field)
    facts = all_facts(session)
    deed = say_not_same(session, found, by=field.coordinator)
    pair = session.scalars(select(TwoChildren), execution_options=READ).one()
    assert {pair.child_id, pair.other_id} == {found.new.child_id, found.difference.child_id}
    assert proposals_of(session, field.coordinator, batch) == []
    with pytest.raises(Refused, match="proposal_decided"):
        say_same(session, batch, found, by=field.coordinator)
    take_back_proposed(session, deed, by=field.coordinator)
    assert all_facts(session) == facts
    assert len(proposals_of(session, field.coordinator, batch)) == 1


def test_a_child_of_another_area_is_known_there_and_nothing_more_is_told(field: Field, session: Session) -> None:
    """Ayaan is followed in Antwerp. Ghent reads who coordinates there, no name and no address, and decides nothing."""
    other = make_field(session, key="antwerpen", nis=("11002",))
    session.commit()
    load(other, row(Gemeente="Antwerpen", Postcode="2000", NIS_code="11002"), as_of=THEN)
    second = load(field, AGAIN, as_of=NOW)
    batch = session.get_one(Batch, second.batch_id, execution_options=READ)
    (found,) = proposals_of(session, field.coordinator, batch)
    assert (found.pair, found.kept, found.coordinator) == (None, None, "LOP Antwerpen")
    with pytest.raises(Refused, match="pair_of_others"):
        say_same(session, batch, found, by=field.coordinator)


def test_twins_on_one_list_are_two_children(field: Field, session: Session) -> None:
    """Ayaan is known; on the new list stand Ayaan and his sister, born the same day."""
    load(field, row(), as_of=THEN)
    told = load(field, row(), row(INSZ="", Voornaam="Ayana"), as_of=NOW).differences
    assert (told["new"], told["proposed"]) == (1, 0)
    assert len(session.scalars(select(Child), execution_options=READ).all()) == 2
