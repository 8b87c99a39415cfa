"""Municipalities by code, by name, and from before the mergers of 2025."""

from datetime import date

import pytest

from outreach.partners import municipalities


def test_every_municipality_of_flanders_and_brussels_is_known() -> None:
    gent = municipalities.find("44021")
    assert gent is not None
    assert (gent.name, gent.name_fr, "9050" in gent.postcodes) == ("Gent", "Gand", True)
    assert municipalities.find("62063") is None  # Liège


def test_old_codes_mean_the_municipality_they_went_into() -> None:
    melle = municipalities.current("44040")
    assert melle is not None
    assert (melle.nis, melle.name) == ("44088", "Merelbeke-Melle")
    assert municipalities.find("44040") is None
    merger = municipalities.merger("44040")
    assert merger is not None
    assert (merger.old_name, merger.new_nis, merger.effective_on) == ("Melle", "44088", date(2025, 1, 1))
    assert municipalities.merger("11002") is None  # Antwerp kept its code
    assert municipalities.name("44040") == "Merelbeke-Melle"
    assert municipalities.name("44021", "fr") == "Gand"
    assert municipalities.name("99999") == "99999"


@pytest.mark.parametrize(
    ("name", "postcode", "nis"),
    [
        ("Gent", "", "44021"),
        ("GENT", "9000", "44021"),
        ("Gand", "", "44021"),
        ("Gentbrugge", "9050", "44021"),
        ("Gentbrugge (Gent)", "", "44021"),
        ("Merelbeke", "", "44088"),
        ("Melle", "9090", "44088"),
        ("Beveren-Waas", "9120", "46030"),
        ("Sint Niklaas", "", "46021"),
        ("St.-Niklaas", "", "46021"),
        ("Bruxelles", "1000", "21004"),
    ],
)
def test_a_list_without_codes_is_understood_by_name_and_postcode(name: str, postcode: str, nis: str) -> None:
    found = municipalities.by_name(name, postcode)
    assert found is not None
    assert found.nis == nis


def test_a_postcode_of_two_municipalities_decides_nothing() -> None:
    assert len(municipalities.by_postcode("1040")) == 2
    assert municipalities.by_name("Onbekend", "1040") is None
    assert municipalities.by_name("", "") is None
    assert municipalities.by_name("Luik", "4000") is None
