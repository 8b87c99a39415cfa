"""Which rows are refused, which are only remarked on, and which are the same child twice."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from outreach.imports.doubles import doubles
from outreach.imports.listed import ListedChild
from outreach.labels import LANGUAGES
from tests.imports.files import AS_OF, AYAAN, TITLES, csv_bytes, judged, number_of, only_child, only_refusal, row


@pytest.mark.parametrize(
    ("changes", "key", "column"),
    [
        ({"Naam": "", "Voornaam": ""}, "name_missing", "Naam"),
        ({"Naam": "---", "Voornaam": "12"}, "name_missing", "Naam"),
        ({"Geboortedatum": ""}, "born_missing", "Geboortedatum"),
        ({"Geboortedatum": "31/02/2024"}, "born_unreadable", "Geboortedatum"),
        ({"Geboortedatum": "#N/A"}, "cell_error", "Geboortedatum"),
        ({"Geboortedatum": "16/12/2026"}, "born_in_future", "Geboortedatum"),
        ({"Geboortedatum": "15/12/2018"}, "too_old", "Geboortedatum"),
        ({"INSZ": "24030199911"}, "insz_check_digits", "INSZ"),
        ({"INSZ": "24030199978"}, "insz_only_19xx", "INSZ"),
        ({"INSZ": "2,40302E+10"}, "insz_form", "INSZ"),
    ],
)
def test_a_row_is_refused_for_these_reasons_only(changes: dict[str, str], key: str, column: str) -> None:
    (fault,) = only_refusal(row(**changes)).faults
    assert (fault.key, fault.column, fault.row_number) == (key, column, 2)
    for language in LANGUAGES:
        assert fault.wrong(language)
        assert fault.todo(language)


def test_all_faults_of_a_row_are_told_at_once() -> None:
    refused = only_refusal(row(Naam="", Voornaam="", Geboortedatum="?", INSZ="24030199911"))
    assert [fault.key for fault in refused.faults] == ["name_missing", "born_unreadable", "insz_check_digits"]


def test_a_child_of_seven_is_read_until_the_day_before_it_turns_eight() -> None:
    assert only_child(row(Geboortedatum="16/12/2018", INSZ="")).born_on == date(2018, 12, 16)
    assert only_child(row(Geboortedatum="15/12/2026", INSZ="")).born_on == AS_OF


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"INSZ": "onbekend"}, "insz_in_words"),
        ({"INSZ": "#N/B"}, "cell_error"),
        ({"Geboortedatum": "02/03/2024"}, "insz_born_differs"),
        ({"Voornaam": ""}, "first_name_missing"),
        ({"Naam": ""}, "last_name_missing"),
        ({"Naam": "Y?lmaz"}, "name_letter_lost"),
        ({"Straat": "", "Huisnummer": "", "Bus": ""}, "address_missing"),
        ({"Gemeente": "Luik", "NIS_code": "62063", "Postcode": "4000"}, "nis_unknown"),
        ({"Gemeente": "Luik", "NIS_code": "", "Postcode": "4000"}, "municipality_unknown"),
        ({"Gemeente": "", "NIS_code": "", "Postcode": ""}, "municipality_missing"),
        ({"Gemeente": "Aalst"}, "municipality_differs"),
    ],
)
def test_what_is_only_remarked_on_keeps_the_row(changes: dict[str, str], key: str) -> None:
    child = only_child(row(**changes))
    assert key in {warning.key for warning in child.warnings}
    assert all(
        warning.wrong(language) and warning.todo(language) for warning in child.warnings for language in LANGUAGES
    )


def test_a_child_without_number_is_read_without_remark() -> None:
    child = only_child(row(INSZ=""))
    assert child.insz is None
    assert not child.warnings


@pytest.mark.parametrize(
    ("changes", "nis", "old"),
    [
        ({"NIS_code": "44040", "Gemeente": "Melle", "Postcode": "9090"}, "44088", "44040"),
        ({"NIS_code": "", "Gemeente": "Melle", "Postcode": "9090"}, "44088", None),
        ({"NIS_code": "", "Gemeente": "Gentbrugge", "Postcode": "9050"}, "44021", None),
        ({"NIS_code": "", "Gemeente": "9050 Gentbrugge", "Postcode": ""}, "44021", None),
    ],
)
def test_old_codes_and_names_lead_to_the_municipality_of_today(
    changes: dict[str, str], nis: str, old: str | None
) -> None:
    child = only_child(row(**changes))
    assert (child.nis, child.old_nis) == (nis, old)


def listed(*rows: list[Any]) -> list[ListedChild]:
    found = judged(csv_bytes([TITLES, *rows]))
    return [child for child in found if isinstance(child, ListedChild)]


def test_a_later_row_with_the_same_number_is_a_double_whatever_else_it_says() -> None:
    assert doubles(listed(list(AYAAN), row(Voornaam="Ayan", Straat="Elders"), list(AYAAN))) == {3: 2, 4: 2}


def test_without_number_birth_date_names_and_address_decide() -> None:
    without = row(INSZ="")
    assert doubles(listed(without, row(INSZ="", Naam="SÀFI", Straat="sleepstr."))) == {3: 2}
    assert doubles(listed(without, row(INSZ="", Bus="2"))) == {}
    assert doubles(listed(without, row(INSZ="", Geboortedatum="02/03/2024"))) == {}
    assert doubles(listed(without, row(INSZ="", Voornaam="Aya"))) == {}


def test_one_of_the_two_without_number_is_still_the_same_child() -> None:
    assert doubles(listed(list(AYAAN), row(INSZ=""))) == {3: 2}
    assert doubles(listed(row(INSZ=""), list(AYAAN))) == {3: 2}


def test_two_numbers_are_two_children_however_alike() -> None:
    assert doubles(listed(list(AYAAN), row(INSZ=number_of(date(2024, 3, 1), 0)))) == {}


@given(st.lists(st.sampled_from(range(4)), max_size=12))
def test_rows_are_either_first_or_double(picks: list[int]) -> None:
    people = [list(AYAAN), row(INSZ=""), row(INSZ="", Voornaam="Kwame"), row(INSZ=number_of(date(2024, 3, 1), 0))]
    children = listed(*(people[pick] for pick in picks))
    found = doubles(children)
    assert all(first < later and first not in found for later, first in found.items())


@given(st.lists(st.text(max_size=25).filter(lambda text: "\x1a" not in text), min_size=11, max_size=11))
def test_any_cells_make_a_child_or_a_refusal_with_a_reason(cells: list[str]) -> None:
    quoted = ['"' + cell.replace('"', '""').encode(errors="replace").decode() + '"' for cell in cells]
    for result in judged(csv_bytes([TITLES, quoted])):
        assert isinstance(result, ListedChild) or result.faults
