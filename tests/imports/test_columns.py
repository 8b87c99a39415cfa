"""Columns nobody has seen before: asked about once with examples, remembered, changed and forgotten."""

import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach.cases.models import Case
from outreach.children.models import Child
from outreach.cli import console
from outreach.imports.guessing import guessed_fields
from outreach.imports.models import ColumnTie, KeptFile, KeptPart
from outreach.imports.reading import Choice, guess_list, read_list
from outreach.imports.reading.examples import examples_of
from outreach.imports.reading.vocabulary import NOT_ENROLLED, PARTICIPATION, title_keys
from tests.cases.conftest import SignIn, Visitor, sign_in
from tests.ground.field import Field, make_field
from tests.imports.files import TITLES, csv_bytes, row, xlsx_bytes
from tests.imports.loading import READ, agree, children, names, number_of_rows
from tests.imports.test_pages import some_child, upload

__all__ = ["sign_in"]

STRANGE = ("Nr kind", "Clan", "Roepmij", "Ter wereld", "Plek", "Nr", "", "Zone", "Dorp", "Code", "Wie")
"""Titles of a source that no list of ours ever had, in the order of TITLES."""


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session, nis=("44021", "44088", "44013", "43018"))
    agree(made)
    return made


@pytest.fixture
def lies(sign_in: SignIn, field: Field) -> Visitor:
    """The coordinator of the LOP, signed in."""
    return sign_in(field.coordinator)


def strange_list(*numbers: int) -> bytes:
    return csv_bytes([STRANGE, *(some_child(number) for number in numbers)])


SAID = {"column_0": "insz", "column_1": "last_name", "column_2": "first_name", "column_3": "born_on",
        "column_4": "street", "column_5": "number", "column_8": "municipality"}  # fmt: skip


def test_a_list_of_a_strange_source_is_asked_about_once_and_then_read_by_itself(
    lies: Visitor, session: Session
) -> None:
    asked = upload(lies, strange_list(1, 2), "vreemd.csv")
    assert asked.location.endswith("/columns")
    page = html.unescape(lies.open(asked.location).text)
    for told in ("Ter wereld", "02/01/2022", "03/01/2022", "Kind1"):
        assert told in page
    looked = lies.send(asked.location, row="1", **SAID)
    assert looked.location.endswith("/preview"), looked.text
    lies.send(looked.location)
    assert names(children(session)) == ["Kind1", "Kind2"]
    session.rollback()
    again = upload(lies, strange_list(3), "vreemd-2.csv")
    assert again.location.endswith("/preview")
    lies.send(again.location)
    assert names(children(session)) == ["Kind1", "Kind2", "Kind3"]
    assert number_of_rows(session, KeptFile, KeptPart) == [0, 0]


def test_what_is_missing_or_said_twice_is_told_at_the_form_and_nothing_is_remembered(
    lies: Visitor, session: Session
) -> None:
    asked = upload(lies, strange_list(1))
    missing = lies.send(asked.location, row="1", column_1="last_name", column_3="")
    assert missing.status_code == 400
    assert "geboortedatum" in missing.text
    twice = lies.send(asked.location, row="1", **{**SAID, "column_2": "last_name"})
    assert twice.status_code == 400
    assert 'aria-describedby="column_2-fault"' in twice.text
    assert number_of_rows(session, ColumnTie, Child) == [0, 0]


def test_a_wrong_guess_is_put_right_from_the_preview(lies: Visitor, session: Session) -> None:
    titles = ["Ouder" if title == "Voornaam" else title for title in TITLES]
    titles[TITLES.index("Referentiepersoon")] = "Voornaam"
    looked = upload(lies, csv_bytes([titles, some_child(1)]))
    page = lies.open(looked.location).text
    columns = next(one for one in re.findall(r'href="([^"]+)"', page) if one.endswith("/columns"))
    first, wrong = titles.index("Ouder"), titles.index("Voornaam")
    chosen = re.compile(r'name="(column_\d+)".*?<option selected value="([^"]*)"', re.DOTALL)
    proposed = dict(chosen.findall(lies.open(columns).text))
    changed = {**proposed, f"column_{first}": "first_name", f"column_{wrong}": ""}
    again = lies.send(columns, row="1", **changed)
    lies.send(again.location)
    assert names(children(session)) == ["Kind1"]
    ties = {one.title: one.field for one in session.scalars(select(ColumnTie))}
    assert ties == {"Ouder": "first_name", "Voornaam": None}


def test_another_sheet_and_another_title_line_can_be_chosen(lies: Visitor, session: Session) -> None:
    old = [TITLES, some_child(5)]
    new = [["lijst van december"], ["nog eens"], STRANGE, some_child(6), some_child(7)]
    asked = upload(lies, xlsx_bytes(("Oud", old), ("Nieuw", new)), "map.xlsx")
    page = html.unescape(lies.open(asked.location).text)
    assert "“Oud”" in page
    columns = next(one for one in re.findall(r'href="([^"]+)"', page) if one.endswith("/columns"))
    shown = html.unescape(lies.open(f"{columns}?sheet=1&row=3").text)
    assert "Ter wereld" in shown
    looked = lies.send(columns, sheet="1", row="3", **SAID)
    assert "“Nieuw”" in html.unescape(lies.open(looked.location).text)
    lies.send(looked.location)
    assert names(children(session)) == ["Kind6", "Kind7"]


def test_a_list_without_any_titles_can_be_read(lies: Visitor, session: Session) -> None:
    asked = upload(lies, csv_bytes([some_child(1), some_child(2)]), "kaal.csv")
    shown = lies.open(f"{asked.location}?row=0").text
    assert 'name="column_3"' in shown
    lies.send(lies.send(asked.location, row="0", **SAID).location)
    assert names(children(session)) == ["Kind1", "Kind2"]


def test_what_was_said_can_be_forgotten(lies: Visitor, session: Session) -> None:
    asked = upload(lies, strange_list(1))
    lies.send(asked.location, row="1", **SAID)
    page = lies.open("/lists/columns").text
    assert "Ter wereld" in page
    (tie,) = session.scalars(select(ColumnTie.id).where(ColumnTie.title == "Ter wereld"))
    session.rollback()
    assert lies.send(f"/lists/columns/{tie}/forget").status_code == 302
    assert "Ter wereld" not in lies.open("/lists/columns").text
    assert upload(lies, strange_list(2)).location.endswith("/columns")


def test_a_kept_file_and_what_was_said_are_of_who_sent_it(lies: Visitor, sign_in: SignIn, session: Session) -> None:
    asked = upload(lies, strange_list(1))
    lies.send(asked.location, row="1", **SAID)
    tie = session.scalars(select(ColumnTie.id)).first()
    other = make_field(session, "aalst", ("41002",))
    session.commit()
    lies.send("/sign-out")
    stranger = sign_in(other.person("Stef", "lop-aalst", "coordinator"))
    assert stranger.open(asked.location).status_code == 404
    assert stranger.send(asked.location, row="1").status_code == 404
    assert stranger.send(f"/lists/columns/{tie}/forget").status_code == 404
    assert "Ter wereld" not in stranger.open("/lists/columns").text
    assert upload(stranger, strange_list(1)).location.endswith("/columns")


def test_the_content_of_a_kept_file_cannot_be_read_in_the_database(lies: Visitor, session: Session) -> None:
    upload(lies, strange_list(1))
    stored = (
        session.connection().exec_driver_sql("select content from kept_part", execution_options=READ).scalars().all()
    )
    assert stored
    assert not any("Kind1" in one for one in stored)


def test_an_empty_sheet_says_so_instead_of_failing(lies: Visitor) -> None:
    asked = upload(lies, xlsx_bytes(("Lijst", [STRANGE, some_child(1)]), ("Leeg", [])), "map.xlsx")
    answer: TestResponse = lies.open(f"{asked.location}?sheet=1")
    assert answer.status_code in (200, 302)


def test_titles_are_told_apart_by_place_and_by_count() -> None:
    assert title_keys(["Naam", "", "naam", "Adres", ""]) == ["naam", "#2", "naam#2", "adres", "#5"]


def test_examples_are_three_different_values() -> None:
    values: list[list[Any]] = [["Titel"], ["a"], ["a"], ["b"], [None], ["c"], ["d"]]
    found = guess_list(io.BytesIO(xlsx_bytes(("Lijst", [["Titel", "Ander"], *values]))), "x.xlsx", NOT_ENROLLED)
    assert examples_of(found)[0] == ["Titel", "a", "b"]


def test_what_stands_in_a_column_proposes_what_it_is() -> None:
    found = guess_list(io.BytesIO(strange_list(1, 2)), "x.csv", NOT_ENROLLED)
    proposed = {found.titles[place]: name for place, name in guessed_fields(found, examples_of(found)).items()}
    assert proposed == {
        "Nr kind": "insz",
        "Ter wereld": "born_on",
        "Zone": "postcode",
        "Dorp": "municipality",
        "Code": "nis",
    }


def test_a_report_of_a_strange_school_program_is_read_with_its_ties() -> None:
    titles = ["Inrichting", "Stam", "Wie", "Jaar", "Er"]
    words = PARTICIPATION.with_ties(
        {
            "inrichting": "school_number",
            "stam": "pupil_number",
            "wie": "full_name",
            "jaar": "born_year",
            "er": "present",
        }
    )
    content = csv_bytes([titles, ["012345", "77", "Safi Ayaan", "2022", "120"]])
    (found,) = read_list(io.BytesIO(content), "x.csv", words, Choice()).rows()
    assert found.cells["present"] == "120"


def test_the_console_reads_with_what_was_said_on_the_page(
    lies: Visitor, app: Flask, session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "vreemd.csv"
    file.write_bytes(strange_list(1, 2))
    asked = ["import", str(file), "--kind", "not-enrolled", "--area", "gent", "--as-of", "2026-12-15", "--dry-run"]
    shell = ScriptInfo(create_app=lambda: app)
    refused = CliRunner().invoke(console, asked, obj=shell)
    assert refused.exit_code == 2
    assert "vreemd.csv" in refused.stderr
    session.rollback()
    lies.send(upload(lies, strange_list(1)).location, row="1", **SAID)
    answer = CliRunner().invoke(console, [*asked, "--json"], obj=shell)
    assert answer.exit_code == 0, answer.stderr
    assert json.loads(answer.stdout)["new"] == 2


def test_a_list_read_by_ties_counts_every_row(lies: Visitor, session: Session) -> None:
    wrong = some_child(9, Geboortedatum="31/02/2023")
    asked = upload(lies, csv_bytes([STRANGE, some_child(1), some_child(1), wrong, row(Voornaam="Ander")]))
    looked = lies.send(asked.location, row="1", **SAID)
    page = lies.open(looked.location).text
    assert "Ter wereld" in page  # the refused row names the column as the file does
    lies.send(looked.location)
    assert number_of_rows(session, Case) == [2]
    assert session.scalars(select(Child.first_name), execution_options=READ).all() == ["Kind1", "Ander"]


def test_a_report_with_strange_titles_is_asked_about_too_and_shows_no_name_to_who_may_only_count(
    lies: Visitor,
) -> None:
    report = csv_bytes([["Inrichting", "Stam", "Wie", "Jaar", "Er"], ["012345", "77", "Safi Ayaan", "2022", "120"]])
    page = lies.open("/reports/upload").text
    area = re.search(r'name="area".*?value="(\d+)"', page, re.DOTALL)
    fields = {"area": area[1]} if area else {}

    def send() -> TestResponse:
        return lies.send("/reports/upload", as_of="2026-10-15", files=(io.BytesIO(report), "verslag.csv"), **fields)

    asked = send()
    assert asked.location.endswith("/columns"), asked.text
    shown = lies.open(asked.location).text
    assert "Xxxx Xxxxx" in shown
    assert "Ayaan" not in shown
    said = {"column_0": "school_number", "column_1": "pupil_number", "column_2": "full_name",
            "column_3": "born_year", "column_4": "present"}  # fmt: skip
    looked = lies.send(asked.location, row="1", **said)
    assert re.search(r"/reports/upload/\d+$", looked.location), "the files are not asked for again"
    assert "1 bestand" in lies.open(looked.location).text
    assert re.search(r"/reports/upload/\d+$", send().location)


def test_of_two_reports_with_strange_titles_each_is_asked_about_and_none_is_chosen_again(lies: Visitor) -> None:
    titles = [["Inrichting", "Stam", "Wie", "Jaar", "Er"], ["Huis", "Nummer kind", "Heet", "Van", "Keren"]]
    files = [csv_bytes([one, [f"01234{place}", "77", "Safi Ayaan", "2022", "120"]]) for place, one in enumerate(titles)]
    sent = [(io.BytesIO(content), f"verslag-{place}.csv") for place, content in enumerate(files)]
    asked = lies.send("/reports/upload", as_of="2026-10-15", files=sent)
    said = {"column_0": "school_number", "column_1": "pupil_number", "column_2": "full_name",
            "column_3": "born_year", "column_4": "present"}  # fmt: skip
    assert "verslag-0.csv" in lies.open(asked.location).text
    second = lies.send(asked.location, row="1", **said)
    assert "verslag-1.csv" in lies.open(second.location).text
    looked = lies.send(second.location, row="1", **said)
    assert "2 bestanden" in lies.open(looked.location).text


def test_the_sheet_that_was_pointed_out_is_looked_at_first_next_time_and_can_be_forgotten(
    lies: Visitor, session: Session
) -> None:
    def book(*numbers: int) -> bytes:
        return xlsx_bytes(("Oud", [TITLES, some_child(5)]), ("Nieuw", [TITLES, *map(some_child, numbers)]))

    looked = upload(lies, book(6), "map.xlsx")
    assert "“Oud”" in html.unescape(lies.open(looked.location).text)
    page = html.unescape(lies.open(looked.location).text)
    columns = next(one for one in re.findall(r'href="([^"]+)"', page) if one.endswith("/columns"))
    chosen = re.compile(r'name="(column_\d+)".*?<option selected value="([^"]*)"', re.DOTALL)
    said = dict(chosen.findall(lies.open(f"{columns}?sheet=1&row=1").text))
    lies.send(columns, sheet="1", row="1", **said)
    again = upload(lies, book(7, 8), "map-2.xlsx")
    assert "“Nieuw”" in html.unescape(lies.open(again.location).text)
    without = upload(lies, xlsx_bytes(("Oud", [TITLES, some_child(9)])), "map-3.xlsx")
    assert "“Oud”" in html.unescape(lies.open(without.location).text), "a file without that sheet is read as any other"
    assert "Nieuw" in lies.open("/lists/columns").text
    lies.send("/lists/columns/places/not-enrolled/forget")
    third = upload(lies, book(10), "map-4.xlsx")
    assert "“Oud”" in html.unescape(lies.open(third.location).text)
