"""A list of a source nobody has seen before: the coordinator says once what its columns are."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.imports.test_columns import strange_list

from .site import Site


@pytest.mark.parametrize("width", [390, 1200])
def test_a_coordinator_says_what_the_columns_of_a_strange_list_are(site: Site, tmp_path: Path, width: int) -> None:
    file = tmp_path / "vreemd.csv"
    file.write_bytes(strange_list(1, 2, 3))
    lies = site.sign_in(site.field.coordinator, width=width)
    lies.goto("/lists/upload")
    lies.get_by_label("Bestand").set_input_files(file)
    lies.get_by_label("Datum van de lijst").fill("2026-12-15")
    lies.get_by_role("button", name="Bekijken wat erin staat").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Wat staat er in elke kolom?")
    expect(lies.get_by_text("Kind2", exact=True)).to_be_visible()
    expect(lies.get_by_label("Wat is “Ter wereld”?")).to_have_value("born_on")  # told from what stands in it
    lies.get_by_label("Wat is “Ter wereld”?").select_option("")
    lies.get_by_label("Wat is “Clan”?").select_option("familienaam van het kind")
    lies.get_by_role("button", name="Bekijken wat erin staat").click()
    expect(lies.get_by_role("alert")).to_contain_text("de geboortedatum")
    lies.get_by_label("Wat is “Roepmij”?").select_option("voornaam van het kind")
    lies.get_by_label("Wat is “Ter wereld”?").select_option("geboortedatum")
    lies.get_by_role("button", name="Bekijken wat erin staat").click()
    lies.wait_for_url(re.compile(r"/lists/\d+/preview$"))
    lies.get_by_role("link", name="Klopt het niet? Bekijk de kolommen").click()
    expect(lies.get_by_label("Wat is “Roepmij”?")).to_have_value("first_name")
    lies.goto("/lists/columns")
    lies.get_by_role("button", name="Vergeten Clan").click()
    expect(lies.get_by_role("row", name=re.compile("^Clan"))).to_have_count(0)
