"""Files that should not be read, or only in part: always a clear sentence, never an accident."""

import io
import random
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from outreach.errors import Unreadable
from outreach.imports.checking import check
from outreach.imports.findings import CATALOGUE
from outreach.imports.reading import package, read_list, source
from outreach.imports.reading.package import inspect_package
from outreach.imports.words import refusal
from outreach.labels import LANGUAGES
from tests.imports.files import AS_OF, AYAAN, SHEET_XML, TITLES, csv_bytes, read, with_part, with_sheet, xlsx_bytes

SOUND = xlsx_bytes(("Lijst", [TITLES, AYAAN]))
BILLION = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>"
)


def ole(content: bytes) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000) + content + bytes(3000)


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def locked(content: bytes) -> bytes:
    """The same zip with the flag that says its parts are encrypted."""
    changed = bytearray(content)
    place = changed.find(b"PK\x01\x02")
    while place != -1:
        changed[place + 8] |= 1
        place = changed.find(b"PK\x01\x02", place + 1)
    return bytes(changed)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "file_empty"),
        (SOUND[: len(SOUND) // 2], "file_damaged"),
        (b"PK\x03\x04 and nothing more", "file_damaged"),
        (ole("EncryptedPackage".encode("utf-16-le")), "file_protected"),
        (locked(SOUND), "file_protected"),
        (ole(b"Workbook"), "file_old_excel"),
        (zipped("content.xml", b"<x/>"), "file_old_excel"),
        (zipped("lijst.csv", csv_bytes([TITLES, AYAAN])), "file_packed"),
        (zipped("word/document.xml", b"<x/>"), "file_other"),
        (b"\x1f\x8b\x08 packed", "file_packed"),
        (b"%PDF-1.7", "file_other"),
        (b"\x89PNG\r\n\x1a\n", "file_other"),
        (b"\x00\x01\x02\x03" * 100, "file_other"),
        (b"<html><table><tr><td>Naam</td></tr></table></html>", "file_web_page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "file_web_page"),
        (with_part(SOUND, "xl/worksheets/sheet1.xml", BILLION), "file_doctype"),
        (with_part(SOUND, "xl/workbook.xml", BILLION), "file_doctype"),
        (with_part(SOUND, "xl/worksheets/sheet1.xml", SHEET_XML + b"<row><c>"), "file_damaged"),
        (
            with_part(SOUND, "xl/worksheets/sheet1.xml", SHEET_XML + b'<row r="x"></row></sheetData></worksheet>'),
            "file_damaged",
        ),
        (with_sheet(b'<row><c t="s"><v>999</v></c></row>'), "file_damaged"),
        (xlsx_bytes(("Lijst", [["Beste", "collega"], ["zie", "bijlage"]])), "list_header_missing"),
        (b"Beste collega, hierbij de lijst.\nGroeten", "list_header_missing"),
        (csv_bytes([AYAAN, AYAAN]), "list_header_missing"),
        (b"\n\n\n", "list_header_missing"),
        (csv_bytes([["INSZ", "Naam", "Voornaam"], ["24030199910", "Safi", "Ayaan"]]), "list_columns_missing"),
        (csv_bytes([[*TITLES, "Aanwezig (halve dagen)"], [*AYAAN, 12]]), "list_of_participation"),
        (csv_bytes([["INSZ", "Geboortedatum"], ["24030199910", "1/3/2024"]]), "list_columns_missing"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(content: bytes, key: str) -> None:
    with pytest.raises(Unreadable) as refused:
        list(read(content, "lijst.xlsx").rows())
    assert refused.value.key == key
    for language in LANGUAGES:
        assert "lijst.xlsx" in str(refusal(refused.value, language))


def test_a_missing_column_is_named_with_what_was_found() -> None:
    with pytest.raises(Unreadable) as error:
        read(csv_bytes([["INSZ", "Naam"], ["24030199910", "Safi"]]), "lijst.csv")
    assert refusal(error.value, "nl") == (
        "In lijst.csv ontbreekt in de kolomtitels op rij 1: de geboortedatum. Gevonden titels: INSZ, Naam. "
        "Vul de ontbrekende kolom aan, verbeter haar titel, of laad de lijst op in de browser en zeg daar één keer "
        "welke kolom het is."
    )


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="file_not_opened"):
        read_list(tmp_path / "weg.csv")


def test_a_file_beyond_the_limits_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = with_part(SOUND, "xl/worksheets/sheet1.xml", SHEET_XML + b" " * 3_000_000)
    monkeypatch.setattr(package, "MAX_UNPACKED", 2_000_000)
    with pytest.raises(Unreadable, match="file_bomb"):
        read(bomb)
    monkeypatch.setattr(package, "MAX_PARTS", 3)
    with pytest.raises(Unreadable, match="file_bomb"):
        read(SOUND)
    monkeypatch.setattr(source, "MAX_BYTES", 100)
    with pytest.raises(Unreadable, match="file_too_large"):
        read(SOUND)


def test_a_directory_that_lies_about_sizes_gets_no_more_than_it_promised() -> None:
    honest = with_part(SOUND, "xl/worksheets/sheet1.xml", SHEET_XML + b" " * 100_000 + b"</sheetData></worksheet>")
    changed = bytearray(honest)
    place = changed.rfind(b"PK\x01\x02", 0, changed.rfind(b"xl/worksheets/sheet1.xml"))
    changed[place + 24 : place + 28] = (500).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="file_damaged"):
        read(bytes(changed))


def test_a_cell_far_out_costs_nothing() -> None:
    far = (
        b'<row r="1"><c r="A1" t="str"><v>Naam</v></c><c r="B1" t="str"><v>Geboortedatum</v></c></row>'
        b'<row r="2"><c r="A2" t="str"><v>Safi Ayaan</v></c><c r="B2"><v>45352</v></c><c r="XFD2"><v>1</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    assert [raw.row_number for raw in read(with_sheet(far)).rows()] == [2]


NAMES = b'<row r="1"><c r="A1" t="str"><v>Naam</v></c><c r="B1" t="str"><v>Geboortedatum</v></c></row>'
CHILD = b'<row r="%d"><c t="str"><v>Safi Ayaan</v></c><c><v>45352</v></c></row>'


@pytest.mark.parametrize("size", [b"A1:A1", b"A1:XFD1048576", b"C5:D9"])
def test_the_size_a_sheet_claims_is_not_believed(size: bytes) -> None:
    start = SHEET_XML.replace(b"<sheetData>", b'<dimension ref="%b"/><sheetData>' % size)
    sheet = start + NAMES + CHILD % 900_000 + b"</sheetData></worksheet>"
    assert [raw.row_number for raw in read(with_part(SOUND, "xl/worksheets/sheet1.xml", sheet)).rows()] == [900_000]


@pytest.mark.parametrize("numbers", [(3, 2), (2, 2), (2, 1_048_577)])
def test_rows_out_of_their_order_are_refused_rather_than_lost(numbers: tuple[int, int]) -> None:
    with pytest.raises(Unreadable, match="file_damaged"):
        read(with_sheet(NAMES + b"".join(CHILD % number for number in numbers)))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", SHEET_XML + b"<row>" + b"<c/>" * 300_000 + b"</row></sheetData></worksheet>"),
        ("xl/worksheets/sheet1.xml", SHEET_XML + b"<row>" + b" " * 1_200_000),
        ("xl/worksheets/sheet1.xml", SHEET_XML + b"</sheetData>" + b" " * 17_000_000 + b"</worksheet>"),
        ("xl/sharedStrings.xml", b"<sst><si><t>" + b"x" * 1_200_000 + b"</t></si></sst>"),
        ("xl/styles.xml", b"<styleSheet>" + b" " * 17_000_000 + b"</styleSheet>"),
    ],
)
def test_what_would_be_held_in_memory_as_a_whole_has_its_bounds(part: str, content: bytes) -> None:
    with pytest.raises(Unreadable, match="file_bomb"):
        read(with_part(SOUND, part, content))


def test_a_part_in_the_place_of_another_sort_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        types = archive.read("[Content_Types].xml")
        links = archive.read("xl/_rels/workbook.xml.rels")
    elsewhere = types.replace(b'PartName="/xl/workbook.xml"', b'PartName="/xl/media/book.svg"')
    with pytest.raises(Unreadable, match="file_damaged"):
        inspect_package(io.BytesIO(with_part(SOUND, "[Content_Types].xml", elsewhere)), "lijst.xlsx")
    hidden = with_part(SOUND, "xl/media/sheet.svg", SHEET_XML + NAMES + b"</sheetData></worksheet>")
    with pytest.raises(Unreadable, match="file_damaged"):
        read(
            with_part(hidden, "xl/_rels/workbook.xml.rels", links.replace(b"worksheets/sheet1.xml", b"media/sheet.svg"))
        )


def test_a_strict_workbook_is_asked_for_in_the_usual_form() -> None:
    strict = SOUND
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"):
            usual, other = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
            content = archive.read(part).replace(usual + b"spreadsheetml/2006/", other + b"spreadsheetml/")
            strict = with_part(
                strict, part, content.replace(usual + b"officeDocument/2006/", other + b"officeDocument/")
            )
    with pytest.raises(Unreadable, match="file_old_excel"):
        read(strict)


def test_a_picture_with_a_doctype_is_no_reason_to_refuse_a_list() -> None:
    picture = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd"><svg/>'
    assert read(with_part(SOUND, "xl/media/logo.svg", picture)).sheet == "Lijst"


def test_every_refusal_of_a_file_has_its_sentence_without_leftover_fields() -> None:
    data = {"file": "x", "folder": "x", "megabytes": 1, "row": 1, "missing": ["name"], "found": []}
    for key in CATALOGUE:
        if key.startswith("unreadable."):
            for language in LANGUAGES:
                assert str(refusal(Unreadable(key.removeprefix("unreadable."), **data), language)).endswith(".")


def examined(content: bytes) -> None:
    """Read all there is; only Unreadable may come out."""
    with suppress(Unreadable):
        found = read(content)
        for raw in found.rows():
            check(raw, found, AS_OF)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_list_or_refused(content: bytes) -> None:
    examined(content)
    examined(csv_bytes([TITLES]) + content)
    examined(b"PK" + content)


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.integers(1, 8))
def test_a_workbook_with_flipped_bytes_is_read_or_refused(seed: int, flips: int) -> None:
    chance = random.Random(seed)
    content = bytearray(SOUND)
    for _ in range(flips):
        content[chance.randrange(len(content))] = chance.randrange(256)
    examined(bytes(content))
    examined(bytes(content[: chance.randrange(len(content))]))
