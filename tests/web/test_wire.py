"""What goes over the wire: small, kept where it may be kept, and whole for whoever cannot unpack it."""

import gzip
import re
from pathlib import Path

from flask import Flask

from outreach.application import STATIC
from outreach.web.assets import DARK, LOOK, SHEETS, files_of, version_of

FIRST_PAGE = 120_000
"""The most bytes a first visit may ask for (issue: the face)."""


def test_a_page_is_compressed_for_who_can_read_that_and_the_same_for_who_cannot(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    plain = client.get("/sign-in")
    packed = client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert without_keys(gzip.decompress(packed.data).decode()) == without_keys(plain.text)
    assert len(packed.data) < len(plain.data) / 2


def test_the_length_of_a_compressed_page_tells_nothing(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    lengths = {len(client.get("/accessibility", headers={"Accept-Encoding": "gzip"}).data) for _ in range(20)}
    assert len(lengths) > 5


def test_files_are_kept_for_good_at_an_address_of_this_version(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    page = client.get("/sign-in").text
    sheet = re.search(r'href="(/static/([0-9a-f]{10})/css/outreach\.css)"', page)
    assert sheet is not None
    assert sheet[2] == version_of(STATIC)
    with client.get(sheet[1], headers={"Accept-Encoding": "gzip"}) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"


def test_a_first_visit_asks_for_little(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    packed = {"Accept-Encoding": "gzip"}
    page = client.get("/sign-in", headers=packed)
    wanted = re.findall(r'(?:href|src)="(/static/[^"#]+)', gzip.decompress(page.data).decode())
    scripts = [name for name in files_of(STATIC) if name.startswith("js/")]  # as if every script were asked for
    wanted += [f"/static/{version_of(STATIC)}/{name}" for name in (*scripts, "icons.svg")]
    sizes = {}
    for url in set(wanted):
        with client.get(url, headers=packed) as answer:
            sizes[url] = len(answer.data)
    assert len(page.data) + sum(sizes.values()) < FIRST_PAGE, sizes


def test_the_one_sheet_holds_its_parts_and_the_dark_values_for_device_and_person() -> None:
    files = files_of(STATIC)
    look = files[LOOK].decode()
    assert not set(SHEETS) & set(files)
    assert ':root[data-theme="dark"]' in look
    assert ':root:not([data-theme="light"])' in look
    assert look.count("--paper: #0e1a1d") == 2


def test_every_rule_of_the_dark_look_begins_where_it_can_be_chosen() -> None:
    text = re.sub(r"/\*.*?\*/", "", (STATIC / DARK).read_text(encoding="utf-8"), flags=re.DOTALL)
    rules = [rule.strip() for rule in re.findall(r"([^{}]+)\{", text)]
    assert rules
    assert all(rule.startswith(":root") for rule in rules)


def test_another_content_is_another_version(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder, text in ((first, "a{}"), (second, "b{}")):
        folder.mkdir()
        (folder / "one.css").write_text(text)
    assert version_of(first) != version_of(second)


def without_keys(page: str) -> str:
    """A page without what is new on each one."""
    return re.sub(r'value="[^"]*"', "", page)
