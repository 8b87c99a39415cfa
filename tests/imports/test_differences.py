"""The December list against its March refresh: who is gone, who moved, and what nobody needs to look at again."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Case, Pause, Step
from outreach.cases.queries.verify import case_checks
from outreach.children.models import Child
from outreach.imports.models import DifferenceKind, ListDifference
from tests.conftest import IMPORT_DAY
from tests.ground.field import Field, make_field
from tests.imports.files import row
from tests.imports.loading import DECEMBER, MARCH, READ, load, load_sample

THEN, NOW = date(2026, 12, 15), date(2027, 3, 15)


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session, nis=("44021", "44088", "44013", "43018"))
    session.commit()
    return made


def kinds(session: Session) -> dict[str, set[str]]:
    """Which children stand in which group."""
    found: dict[str, set[str]] = {}
    statement = select(ListDifference.kind, Child.first_name).join(Child, Child.id == ListDifference.child_id)
    for kind, name in session.execute(statement, execution_options=READ):
        found.setdefault(kind, set()).add(name)
    return found


def test_the_march_list_says_what_it_says(field: Field) -> None:
    """Every true change is found, and none that is not there (truth.json)."""
    load_sample(field, DECEMBER, THEN)
    told = load_sample(field, MARCH, NOW).differences
    assert told == {
        "new": 22,
        "still": 136,
        "gone": 44,
        "moved": 17,
        "respelt": 14,
        "renumbered": 2,
        "outside_area": 0,
        "proposed": 0,
    }


def test_capitals_and_diacritics_are_a_group_of_their_own(field: Field, session: Session) -> None:
    load(field, row(Voornaam="Zoë", Naam="Ivanov"), row(Voornaam="Mohamed", INSZ=""), as_of=THEN)
    changed = row(Voornaam="ZOE", Naam="IVANOV")
    told = load(field, changed, row(Voornaam="Mohamed", INSZ=""), as_of=NOW).differences
    assert told["respelt"] == 1
    assert kinds(session) == {DifferenceKind.CAPITALS: {"Zoë"}}


def test_a_first_list_has_nobody_who_is_gone(field: Field) -> None:
    told = load(field, row(), as_of=THEN).differences
    assert (told["new"], told["still"], told["gone"]) == (1, 0, 0)


def test_visits_to_who_is_gone_wait_and_nothing_is_closed(field: Field, session: Session) -> None:
    """Ayaan is no longer on the list. Wim's visit rests ten working days; the case is open and its dates are kept."""
    load(field, row(), row(Voornaam="Noor", INSZ=""), as_of=THEN)
    ayaan = _case_of(session, "Ayaan")
    facts = {"organisation": field.organisations["de-brug"].id, "person": field.worker.person_id}
    step = session.scalars(select(Step).where(Step.case_id == ayaan.id), execution_options=READ).one()
    report_outcome(session, ayaan, step, outcome="assign", facts=facts, by=field.coordinator)
    session.commit()
    with clock.at(IMPORT_DAY + timedelta(days=90)):
        assert load(field, row(Voornaam="Noor", INSZ=""), as_of=NOW).differences["gone"] == 1
        pause = session.scalars(select(Pause).where(Pause.case_id == ayaan.id), execution_options=READ).one()
        assert (pause.reason, pause.until_on) == ("perhaps_enrolled", date(2027, 3, 30))  # Easter Monday does not count
    assert ayaan.ended_at is None
    assert kinds(session) == {DifferenceKind.GONE: {"Ayaan"}}
    assert [each for each in case_checks(session) if not each.ok] == []


def test_who_is_gone_and_whose_case_ended_is_no_question(field: Field, session: Session) -> None:
    load(field, row(), row(Voornaam="Noor", INSZ=""), as_of=THEN)
    ayaan = _case_of(session, "Ayaan")
    step = session.scalars(select(Step).where(Step.case_id == ayaan.id), execution_options=READ).one()
    report_outcome(session, ayaan, step, outcome="already_enrolled", facts={}, by=field.coordinator)
    session.commit()
    assert load(field, row(Voornaam="Noor", INSZ=""), as_of=NOW).differences["gone"] == 0


def test_what_the_list_before_said_already_is_not_asked_again(field: Field, session: Session) -> None:
    """Wim found out where Ayaan really lives. The list keeps its old address: no move."""
    load(field, row(), as_of=THEN)
    child = session.scalars(select(Child), execution_options=READ).one()
    child.first_name = "Ayan"
    session.commit()
    told = load(field, row(), row(Voornaam="Noor", INSZ=""), as_of=NOW).differences
    assert (told["respelt"], told["still"], told["new"]) == (0, 1, 1)


def test_who_comes_back_is_known_and_not_new(field: Field) -> None:
    """On the December list, not in January, on it again in March."""
    both: Iterable[list[object]] = (row(), row(Voornaam="Noor", INSZ=""))
    load(field, *both, as_of=THEN)
    assert load(field, row(Voornaam="Noor", INSZ=""), as_of=date(2027, 1, 15)).differences["gone"] == 1
    told = load(field, *both, as_of=NOW)
    assert (told.counts["known"], told.differences["still"], told.differences["gone"]) == (2, 1, 0)


def test_a_child_that_lives_elsewhere_now_is_told(field: Field, session: Session) -> None:
    load(field, row(), as_of=THEN)
    moved = row(Straat="Kerkstraat", Postcode="2000", Gemeente="Antwerpen", NIS_code="11002")
    told = load(field, moved, as_of=NOW).differences
    assert (told["moved"], told["outside_area"]) == (1, 1)
    assert set(kinds(session)) == {DifferenceKind.MOVED, DifferenceKind.OUTSIDE}


def _case_of(session: Session, first_name: str) -> Case:
    statement = select(Case).join(Child, Child.id == Case.child_id).where(Child.first_name == first_name)
    return session.scalars(statement, execution_options=READ).one()
