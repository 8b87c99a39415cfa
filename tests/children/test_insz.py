"""Numbers as lists bring them: of today's children only."""

from datetime import date

import pytest
from hypothesis import given, strategies as st
from stdnum.be import ssn

from outreach.children import insz
from outreach.errors import Refused

BORN = st.dates(date(2000, 1, 1), date(2026, 11, 1))


def number_of(born_on: date, counter: int = 999, month_plus: int = 0) -> str:
    """A number nobody has: counters 000 and 999 are never issued."""
    base = f"{born_on:%y}{born_on.month + month_plus:02}{born_on:%d}{counter:03}"
    return f"{base}{97 - int('2' + base) % 97:02}"


@pytest.mark.parametrize(
    ("number", "born_on"),
    [
        ("24030199910", date(2024, 3, 1)),
        ("23080900007", date(2023, 8, 9)),
        ("21022999970", None),  # 29 February 2021 does not exist: the day is unknown
        ("22000099974", None),  # only the year is known
        ("24230199953", date(2024, 3, 1)),
        ("24430199996", date(2024, 3, 1)),
        ("01490700185", date(2001, 9, 7)),  # the example in the documentation of python-stdnum
    ],
)
def test_a_number_of_a_child_is_read_with_the_birth_date_in_it(number: str, born_on: date | None) -> None:
    assert insz.parse(number).number == number
    assert insz.parse(number).born_on == born_on


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("24030199911", "insz_check_digits"),
        ("12345678901", "insz_check_digits"),
        ("24030199978", "insz_only_19xx"),
        ("85073003328", "insz_only_19xx"),
        ("98472899765", "insz_only_19xx"),
        ("2403019991", "insz_form"),
        ("240301999100", "insz_form"),
        ("2,10613E+10", "insz_form"),
        ("24.03.01-999", "insz_form"),
        ("", "insz_form"),
        ("٢٤٠٣٠١٩٩٩١٠", "insz_form"),
        (-24030199910, "insz_form"),
        (float("nan"), "insz_form"),
        (float("inf"), "insz_form"),
    ],
)
def test_what_is_no_number_of_a_child_is_refused_with_the_reason(number: str | float, key: str) -> None:
    with pytest.raises(Refused) as refused:
        insz.parse(number)
    assert refused.value.key == key


@pytest.mark.parametrize(
    "written",
    [
        "24.03.01-999.10",
        "24 03 01 999 10",
        " 24030199910 ",
        "240301-999-10",
        "24030199910.0",
        24030199910,
        24030199910.0,
    ],
)
def test_the_same_number_is_read_however_it_is_written(written: str | float) -> None:
    assert insz.parse(written).formatted == "24.03.01-999.10"


@given(born_on=st.dates(date(2001, 1, 1), date(2009, 12, 31)), bis=st.sampled_from([0, 20, 40]))
def test_zeros_a_spreadsheet_dropped_come_back(born_on: date, bis: int) -> None:
    number = number_of(born_on, month_plus=bis)
    assert insz.parse(float(number)) == insz.parse(int(number)) == insz.parse(number)


@given(born_on=BORN, bis=st.sampled_from([0, 20, 40]))
def test_every_number_of_this_century_agrees_with_an_independent_reader(born_on: date, bis: int) -> None:
    number = number_of(born_on, month_plus=bis)
    assert ssn.validate(number) == number
    assert insz.parse(number).born_on == born_on == ssn.get_birth_date(number)


@given(born_on=BORN, place=st.integers(0, 10), digit=st.integers(1, 9))
def test_one_wrong_digit_is_never_accepted(born_on: date, place: int, digit: int) -> None:
    number = number_of(born_on)
    wrong = f"{number[:place]}{(int(number[place]) + digit) % 10}{number[place + 1 :]}"
    with pytest.raises(Refused):
        insz.parse(wrong)


@given(st.one_of(st.text(max_size=20), st.integers(), st.floats()))
def test_anything_else_is_read_or_refused(value: str | float) -> None:
    try:
        number = insz.parse(value).number
    except Refused:
        return
    assert len(number) == 11


def test_another_birth_date_differs_only_in_the_parts_the_number_tells() -> None:
    assert not insz.born_differs(insz.parse("24030199910"), date(2024, 3, 1))
    assert insz.born_differs(insz.parse("24030199910"), date(2024, 3, 2))
    assert not insz.born_differs(insz.parse("22000099974"), date(2022, 7, 2))
    assert insz.born_differs(insz.parse("22000099974"), date(2023, 7, 2))
    assert not insz.born_differs(insz.parse("21022999970"), date(2021, 2, 28))
    assert insz.born_differs(insz.parse("21022999970"), date(2021, 3, 1))


def test_a_number_does_not_show_itself_in_a_traceback() -> None:
    assert "24" not in repr(insz.parse("24030199910"))
