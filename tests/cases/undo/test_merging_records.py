"""Two records of one child become one, both histories stay, and it can be taken apart again."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.cases.commands.closing import close_all_tracks
from outreach.cases.commands.family import add_contact, become_companion, set_secrecy
from outreach.cases.commands.merging_records import merge_cases, part_cases
from outreach.cases.commands.opening import NewCase, open_case, reopen_case
from outreach.cases.commands.owning import take_step
from outreach.cases.commands.words import add_note
from outreach.cases.models import Case, Closure, Step, Track
from outreach.cases.queries.verify import case_checks
from outreach.children.commands import insz_index
from outreach.children.insz import Insz
from outreach.children.matching import Match, Sought, match_children
from outreach.children.models import Child, FamilyContact
from outreach.children.search_keys import search_checks
from outreach.errors import Refused
from tests.cases.commands.test_one_child import READ, event_kinds, last_step
from tests.cases.undo.test_taking_back import all_facts, assign
from tests.ground.field import Field, make_field
from tests.imports.generated import number_for

BORN = date(2022, 3, 10)
PROVISIONAL, OWN = number_for(BORN, 0, provisional=True), number_for(BORN, 999)


@pytest.fixture
def field(session: Session) -> Field:
    return make_field(session)


def known(field: Field, first_name: str, *, insz: str | None = None, number: str = "12") -> Case:
    """A child with a case at intake."""
    child = field.child(first_name, BORN, last_name="Safi", number=number)
    child.insz, child.insz_index = insz, insz_index(Insz(insz)) if insz else None
    wanted = NewCase(child, field.area.id, field.area.coordinator_id)
    return open_case(field.session, wanted, origin="list", by=builtin(field.session, "import"))


def child_of(field: Field, case: Case) -> Child:
    return field.session.get_one(Child, case.child_id, execution_options=READ)


def broken(session: Session) -> list[object]:
    return [each for each in (*case_checks(session), *search_checks(session)) if not each.ok]


def test_one_case_goes_on_and_the_other_ends_as_a_double(field: Field, session: Session) -> None:
    """Ayaan was known with a provisional number; the new list has Ayan with one of the National Register."""
    ayaan, ayan = known(field, "Ayaan", insz=PROVISIONAL), known(field, "Ayan", insz=OWN, number="14")
    assign(field, ayaan)
    merge_cases(session, ayaan, ayan, by=field.coordinator)
    assert ayaan.ended_at is None
    assert ayan.ended_at is not None
    closure = session.scalars(select(Closure).where(Closure.case_id == ayan.id), execution_options=READ).one()
    assert closure.key == "administrative"
    assert child_of(field, ayan).merged_into_id == ayaan.child_id
    assert child_of(field, ayaan).insz == OWN
    assert event_kinds(session, ayaan)[-1] == event_kinds(session, ayan)[-1] == "children_merged"
    assert broken(session) == []


def test_a_list_finds_the_child_by_both_numbers_and_both_names(field: Field, session: Session) -> None:
    ayaan, ayan = known(field, "Ayaan", insz=PROVISIONAL), known(field, "Ayan", number="14")
    merge_cases(session, ayaan, ayan, by=field.coordinator)
    place = "sleepstraat 14"
    rows = [Sought(insz_index(Insz(PROVISIONAL)), BORN, "x", ""), Sought(None, BORN, "safi|ayan", place)]
    assert match_children(session, rows[:1]) == [Match(ayaan.child_id)]
    assert match_children(session, rows[1:]) == [Match(ayaan.child_id)]


def test_what_only_the_double_knew_is_kept(field: Field, session: Session) -> None:
    """Whom to ring, who accompanies the family, and that its address must stay hidden."""
    ayaan, ayan = known(field, "Ayaan"), known(field, "Ayan", number="14")
    assign(field, ayan)
    mother = {"name": "Grâce", "relation": "mother", "phone": "+32470000000", "email": None, "language": "so"}
    add_contact(session, ayan, **mother, school_may_ring=False, by=field.worker)
    become_companion(session, ayan, by=field.worker)
    set_secrecy(session, ayan, secrecy="shelter", by=field.coordinator)
    merge_cases(session, ayaan, ayan, by=field.coordinator)
    assert (ayaan.companion_id, ayaan.secrecy) == (field.worker.person_id, "shelter")
    household = child_of(field, ayaan).household_id
    rung = select(FamilyContact.name).where(FamilyContact.household_id == household)
    assert session.scalars(rung, execution_options=READ).all() == ["Grâce"]
    assert broken(session) == []


def test_a_track_that_only_the_double_had_goes_on_in_the_kept_case(field: Field, session: Session) -> None:
    """The school follows Ayan for rare presence; the list knows Ayaan as not enrolled. Sofie keeps her step."""
    ayaan, ayan = known(field, "Ayaan"), known(field, "Ayan", number="14")
    track = session.scalars(select(Track).where(Track.case_id == ayan.id), execution_options=READ).one()
    step = last_step(session, ayan)
    track.process, track.process_version, step.key = "attendance", 1, "signal"
    session.flush()
    take_step(session, ayan, step, by=field.coordinator)
    deed = merge_cases(session, ayaan, ayan, by=field.coordinator)
    living = select(Step.key, Step.person_id).where(Step.case_id == ayaan.id, Step.ended_at.is_(None))
    keys = dict(session.execute(living.order_by(Step.number), execution_options=READ).all())
    assert keys == {"intake": None, "signal": field.coordinator.person_id}
    assert broken(session) == []
    part_cases(session, deed, by=field.coordinator)
    assert last_step(session, ayaan).key == "intake"
    assert broken(session) == []


def test_taken_apart_every_fact_table_is_as_before(field: Field, session: Session) -> None:
    ayaan, ayan = known(field, "Ayaan", insz=PROVISIONAL), known(field, "Ayan", insz=OWN, number="14")
    assign(field, ayaan)
    mother = {"name": "Grâce", "relation": "mother", "phone": "+32470000000", "email": None, "language": "so"}
    add_contact(session, ayan, **mother, school_may_ring=False, by=field.coordinator)
    before = all_facts(session)
    deed = merge_cases(session, ayaan, ayan, by=field.coordinator)
    assert all_facts(session) != before
    result = part_cases(session, deed, by=field.coordinator)
    assert (sorted(result.undone), result.left) == (sorted([ayaan.id, ayan.id]), [])
    assert all_facts(session) == before
    assert broken(session) == []
    with pytest.raises(Refused, match="deed_undone"):
        part_cases(session, deed, by=field.coordinator)


def test_three_records_become_one_and_are_taken_apart_one_by_one(field: Field, session: Session) -> None:
    one, two, three = known(field, "Ayaan"), known(field, "Ayan", number="14"), known(field, "Ayane", number="16")
    facts = [all_facts(session)]
    first = merge_cases(session, two, three, by=field.coordinator)
    facts.append(all_facts(session))
    second = merge_cases(session, one, two, by=field.coordinator)
    assert child_of(field, three).merged_into_id == one.child_id
    part_cases(session, second, by=field.coordinator)
    assert all_facts(session) == facts[1]
    part_cases(session, first, by=field.coordinator)
    assert all_facts(session) == facts[0]


def test_what_happened_since_stays_with_the_kept_case(field: Field, session: Session) -> None:
    """Wim took the step after the merge. Taken apart, the double is as before and has its number again."""
    ayaan, ayan = known(field, "Ayaan", insz=PROVISIONAL), known(field, "Ayan", insz=OWN, number="14")
    assign(field, ayaan)
    deed = merge_cases(session, ayaan, ayan, by=field.coordinator)
    add_note(session, ayaan, text="De moeder belt terug.", shared=True, by=field.worker)
    result = part_cases(session, deed, by=field.coordinator)
    assert (result.undone, result.left) == ([ayan.id], [ayaan.id])
    assert (child_of(field, ayaan).insz, child_of(field, ayan).insz) == (PROVISIONAL, OWN)
    assert (ayan.ended_at, child_of(field, ayan).merged_into_id) == (None, None)
    assert event_kinds(session, ayaan)[-1] == "children_parted"
    assert broken(session) == []


def test_the_open_case_is_the_one_that_stays(field: Field, session: Session) -> None:
    closed, open_one = known(field, "Ayaan"), known(field, "Ayan", number="14")
    close_all_tracks(session, closed, key="not_reached", by=field.coordinator)
    with pytest.raises(Refused, match="keep_the_open_case"):
        merge_cases(session, closed, open_one, by=field.coordinator)
    merge_cases(session, open_one, closed, by=field.coordinator)
    with pytest.raises(Refused, match="children_merged_already"):
        reopen_case(session, closed, by=field.coordinator)
    with pytest.raises(Refused, match="children_merged_already"):
        merge_cases(session, open_one, closed, by=field.coordinator)


def test_a_child_that_died_is_merged_with_nobody(field: Field, session: Session) -> None:
    ayaan, ayan = known(field, "Ayaan"), known(field, "Ayan", number="14")
    child_of(field, ayan).died_on = clock.today()
    with pytest.raises(Refused, match="child_died"):
        merge_cases(session, ayaan, ayan, by=field.coordinator)
