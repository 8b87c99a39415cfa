"""Which child of a list is which known child; the rules of the design, word by word."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from outreach.accounts.actors import builtin
from outreach.children.addresses import address_key
from outreach.children.commands import NewChild, add_children, insz_index, note_number, undo_number
from outreach.children.insz import Insz
from outreach.children.matching import Match, Sought, match_children
from outreach.children.models import Child
from outreach.children.names import name_key
from outreach.database import seen_by
from outreach.errors import Refused

BORN = date(2024, 3, 1)
FIRST, SECOND, THIRD = Insz("24030199910"), Insz("24030100052"), Insz("24230199959")


def known(session: Session, first_name: str, insz: Insz | None, number: str = "12") -> int:
    """A child of the Sleepstraat; its id."""
    child = NewChild(first_name, "Safi", BORN, insz, "Sleepstraat", number, "", "9000", "Gent", "44021", "Grâce Safi")
    return add_children(session, [child], by=builtin(session, "import"))[0].id


def sought(first_name: str, insz: Insz | None, number: str = "12", street: str = "SLEEPSTRAAT") -> Sought:
    """The same street in capitals."""
    key = address_key(street, number, "", "9000", "44021")
    return Sought(insz_index(insz), BORN, name_key(first_name, "SAFI"), key)


def test_by_number_whatever_else_is_said(session: Session) -> None:
    child = known(session, "Ayaan", FIRST)
    assert match_children(session, [sought("Somebody", FIRST, "99")]) == [Match(child)]


def test_with_another_number_when_the_rest_is_equal(session: Session) -> None:
    child = known(session, "Ayaan", FIRST)
    assert match_children(session, [sought("AYAAN", SECOND)]) == [Match(child, renumbered=True)]
    assert match_children(session, [sought("Ayaan", SECOND, "13")]) == [None]
    assert match_children(session, [sought("Aya", SECOND)]) == [None]


def test_not_when_the_old_number_is_on_the_list_too(session: Session) -> None:
    child = known(session, "Ayaan", FIRST)
    assert match_children(session, [sought("Ayaan", SECOND), sought("Ayaan", FIRST)]) == [None, Match(child)]


def test_one_of_two_whose_number_is_not_on_the_list(session: Session) -> None:
    twin, other = known(session, "Ayaan", FIRST), known(session, "Ayaan", SECOND)
    assert match_children(session, [sought("Ayaan", THIRD)]) == [None]
    rows = [sought("Ayaan", THIRD), sought("Ayaan", FIRST)]
    assert match_children(session, rows) == [Match(other, renumbered=True), Match(twin)]


def test_no_child_is_found_twice(session: Session) -> None:
    child = known(session, "Ayaan", FIRST)
    rows = [sought("Ayaan", SECOND), sought("Ayaan", THIRD)]
    assert match_children(session, rows) == [Match(child, renumbered=True), None]


def test_without_a_number_by_the_rest_and_never_without_an_address(session: Session) -> None:
    child = known(session, "Ayaan", None)
    nowhere = known(session, "Kwame", None, number="")
    assert match_children(session, [sought("Ayaan", None)]) == [Match(child)]
    assert match_children(session, [sought("Ayaan", FIRST)]) == [Match(child, renumbered=True)]
    assert match_children(session, [sought("Kwame", None, street="")]) == [None]
    assert nowhere != child


def test_a_list_of_thousands_is_compared_in_few_statements(session: Session) -> None:
    child = known(session, "Ayaan", FIRST)
    rows = [sought(f"Kind{number}", None, str(number)) for number in range(2_000)]
    assert match_children(session, [*rows, sought("x", FIRST)])[-1] == Match(child)


def test_a_noted_number_can_be_undone_once(session: Session) -> None:
    by = builtin(session, "import")
    child = session.get_one(Child, known(session, "Ayaan", FIRST), execution_options=seen_by("test"))
    change = note_number(session, child, SECOND, source="batch:1", by=by)
    assert match_children(session, [sought("x", SECOND)]) == [Match(child.id)]
    undo_number(session, change, child)
    assert match_children(session, [sought("x", FIRST)]) == [Match(child.id)]
    with pytest.raises(Refused, match="change_not_the_last"):
        undo_number(session, change, child)


def test_a_number_of_another_child_is_refused(session: Session) -> None:
    known(session, "Kwame", SECOND)
    child = session.get_one(Child, known(session, "Ayaan", FIRST), execution_options=seen_by("test"))
    with pytest.raises(Refused, match="number_of_other_child"):
        note_number(session, child, SECOND, source="batch:1", by=builtin(session, "import"))
