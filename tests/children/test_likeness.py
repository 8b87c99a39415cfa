"""When two records are probably one child, and the points that say so; twins and cousins never are."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from outreach.children.insz import Insz
from outreach.children.likeness import PROPOSED, Portrait, Verdict, compare_children
from outreach.children.names_alike import NameReason, compare_names
from outreach.children.near_dates import near_dates
from outreach.training.world.names import CIRCLES
from tests.imports.generated import number_for

BORN = date(2023, 4, 8)
HOME, ELSEWHERE = "sleepstraat|12||9000", "meersstraat|4||9000"
MOTHER, AUNT = "Grâce Safi", "Hibo Warsame"

FIRST = st.sampled_from([name for circle in CIRCLES for name in circle.first_names])
LAST = st.sampled_from([name for circle in CIRCLES for name in circle.last_names])
BIRTH = st.dates(date(2020, 1, 2), date(2025, 12, 31))
PORTRAITS = st.builds(
    Portrait,
    FIRST,
    LAST,
    BIRTH,
    st.none(),
    st.sampled_from([HOME, ELSEWHERE, ""]),
    st.sampled_from([MOTHER, AUNT, ""]),
)


def child(first_name: str = "Ayaan", last_name: str = "Safi", born_on: date = BORN, **known: str) -> Portrait:
    """Somebody in the Sleepstraat; `number` as text."""
    number = Insz(known["number"]) if "number" in known else None
    place, reference = known.get("address_key", HOME), known.get("reference_person", MOTHER)
    return Portrait(first_name, last_name, born_on, number, place, reference)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (("Youssef", "El Amrani"), ("Yusuf", "Amrani"), NameReason.FEWER_WORDS),
        (("Finn", "Ben Salah"), ("Ben", "Salah Finn"), NameReason.ORDER),
        (("Zoë", "Van de Velde"), ("ZOE", "Vandevelde"), NameReason.CAPITALS),
        (("Mohamed Amin", "Kaya"), ("Muhammad", "Kaya"), NameReason.FEWER_WORDS),
        (("Yılmaz", "Çınar"), ("Cinar", "Yilmas"), NameReason.ORDER),
        (("Adam", "Horváthová"), ("Adam", "Horvath"), NameReason.SPELLING),
        (("Khadija", "Benali"), ("Chadidja", "Benali"), NameReason.SPELLING),
        (("Raya", "Kaya"), ("Raia", "Kaia"), NameReason.SPELLING),
        (("Aleksandr", "Dimitrova"), ("Alexander", "Dimitrov"), NameReason.SPELLING),
    ],
)
def test_one_name_written_in_two_ways(one: tuple[str, str], other: tuple[str, str], reason: NameReason) -> None:
    assert compare_names(one, other).reason is reason
    assert compare_names(other, one).reason is reason
    assert compare_children(child(*one), child(*other)).proposed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hassan", "Hussein"),
        ("Amin", "Amina"),
        ("Lina", "Lena"),
        ("Louis", "Louise"),
        ("Mila", "Milan"),
        ("Nour", "Nora"),
        ("Sami", "Samir"),
        ("Yasin", "Yasmin"),
        ("Mohamed", "Mahmoud"),
        ("Mohamed Amin", "Mohamed Ali"),
        ("Ivan", "Ivana"),
        ("Noor", "Adam"),
    ],
)
def test_twins_are_never_proposed_as_one(one: str, other: str) -> None:
    """Same birth date, surname, address and parents; only the first name is another."""
    assert not compare_children(child(one), child(other)).proposed


def test_cousins_at_one_address_are_never_proposed_as_one() -> None:
    """Two boys named after their grandfather, of two sisters in one house: born another year, or the same week."""
    for born_on in (date(2024, 4, 8), date(2023, 8, 4), date(2023, 4, 9)):
        cousin = child("Mohamed", born_on=born_on, reference_person=AUNT)
        assert not compare_children(child("Mohamed"), cousin).proposed


def test_two_numbers_of_the_national_register_are_two_children_unless_the_first_name_is_the_same() -> None:
    one, other = number_for(BORN, 0), number_for(BORN, 999)
    assert not compare_children(child(number=one), child("Ayan", number=other)).proposed
    assert compare_children(child(number=one), child(last_name="Saffi", number=other)).proposed
    namesake = child(number=other, address_key=ELSEWHERE, reference_person=AUNT)
    assert not compare_children(child(number=one), namesake).proposed


def test_a_provisional_number_that_was_replaced_says_nothing_against_it() -> None:
    provisional, own = number_for(BORN, 0, provisional=True), number_for(BORN, 999)
    found = compare_children(child(number=provisional), child("Ayan", number=own, address_key=ELSEWHERE))
    assert found.proposed
    assert [(each.verdict, each.reason) for each in found.fields if each.field == "number"] == [
        (Verdict.ALIKE, "provisional")
    ]


def test_a_birth_date_written_wrongly_weighs_less() -> None:
    right, swapped = compare_children(child(), child()), compare_children(child(), child(born_on=date(2023, 8, 4)))
    assert right.score > swapped.score >= PROPOSED
    assert not compare_children(
        child(), child(born_on=date(2023, 8, 4), address_key=ELSEWHERE, reference_person="")
    ).proposed


def test_first_of_january_often_means_that_nobody_knows() -> None:
    new_year = date(2023, 1, 1)
    found = compare_children(child(born_on=new_year), child(born_on=new_year))
    assert (found.fields[1].verdict, found.fields[1].points, found.fields[1].reason) == (Verdict.ALIKE, 30, "new_year")


def test_another_last_name_needs_the_same_home_and_the_same_parent() -> None:
    """A father recognised his child. A namesake of another family in the same house is somebody else."""
    assert compare_children(child(), child(last_name="Kabongo")).proposed
    assert not compare_children(child(), child(last_name="Kabongo", reference_person=AUNT)).proposed
    assert not compare_children(child(), child(last_name="Kabongo", address_key=ELSEWHERE)).proposed


@given(PORTRAITS, PORTRAITS)
def test_it_does_not_matter_who_is_laid_beside_whom(one: Portrait, other: Portrait) -> None:
    there, back = compare_children(one, other), compare_children(other, one)
    assert (there.score, there.proposed) == (back.score, back.proposed)


@given(PORTRAITS, PORTRAITS)
def test_the_points_of_the_fields_are_the_score(one: Portrait, other: Portrait) -> None:
    found = compare_children(one, other)
    assert found.score == max(0, min(100, sum(each.points for each in found.fields)))
    assert {each.field for each in found.fields} == {"name", "born_on", "address", "reference_person", "number"}


@given(PORTRAITS)
def test_capitals_and_order_never_hide_a_child(one: Portrait) -> None:
    shouted = Portrait(one.first_name.upper(), one.last_name.upper(), one.born_on, None, one.address_key)
    turned = Portrait(one.last_name, one.first_name, one.born_on, None, one.address_key)
    if (one.born_on.month, one.born_on.day) != (1, 1):
        assert compare_children(one, shouted).proposed
        assert compare_children(one, turned).proposed


@given(BIRTH, BIRTH)
def test_a_slip_goes_both_ways(one: date, other: date) -> None:
    assert (other in set(near_dates(one))) == (one in set(near_dates(other)))
    assert one not in set(near_dates(one))
