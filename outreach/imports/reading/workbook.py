"""An Excel workbook: its sheets, its shared texts, and which cell formats are dates."""

import posixpath
import re
from dataclasses import dataclass

from outreach.errors import Unreadable
from outreach.imports.reading.package import MAX_UNPACKED, Package, Parser

_MOST_TEXTS = 3_000_000
_BUILT_IN_DATES = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by name, whether people see it, and the part it is stored in."""

    name: str
    visible: bool
    part: str


@dataclass(frozen=True, slots=True)
class Workbook:
    """All that is needed to read the cells of a sheet."""

    sheets: list[Sheet]
    texts: list[str]
    date_styles: frozenset[int]
    counts_from_1904: bool


def open_workbook(package: Package) -> Workbook:
    """Read everything but the sheets themselves."""
    targets = _targets(package)
    sheets: list[Sheet] = []
    since_1904 = [False]

    def start(name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "workbookPr":
            since_1904[0] = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet":
            reference = next((value for key, value in attributes.items() if local(key) == "id"), "")
            if (part := targets.get(reference)) and part in package:
                sheets.append(Sheet(attributes.get("name", ""), attributes.get("state", "visible") == "visible", part))

    package.parse("xl/workbook.xml", lambda parser: _on_start(parser, start))
    return Workbook(sheets, _texts(package), _date_styles(package), since_1904[0])


def local(name: str) -> str:
    """An XML name without its prefix."""
    return name.rpartition(":")[2]


def unescaped(text: str) -> str:
    """Characters that XML cannot hold, as Excel writes them (_x000D_)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _on_start(parser: Parser, handler: object) -> None:
    parser.StartElementHandler = handler  # type: ignore[assignment]


def _targets(package: Package) -> dict[str, str]:
    targets: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))

    if "xl/_rels/workbook.xml.rels" in package:
        package.parse("xl/_rels/workbook.xml.rels", lambda parser: _on_start(parser, start))
    return targets


def _texts(package: Package) -> list[str]:
    """The shared texts; phonetic readings beside them are left out."""
    texts: list[str] = []
    parts: list[str] = []
    state = {"in_text": False, "phonetic": False}

    def start(name: str, _: dict[str, str]) -> None:
        name = local(name)
        if name == "si":
            parts.clear()
        elif name == "rPh":
            state["phonetic"] = True
        elif name == "t":
            state["in_text"] = not state["phonetic"]

    def end(name: str) -> None:
        name = local(name)
        if name == "si":
            if len(texts) >= _MOST_TEXTS:
                raise Unreadable("file_bomb", file=package.file_name, megabytes=MAX_UNPACKED >> 20)
            texts.append(unescaped("".join(parts)))
        elif name == "rPh":
            state["phonetic"] = False
        elif name == "t":
            state["in_text"] = False

    def prepare(parser: Parser) -> None:
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = lambda text: parts.append(text) if state["in_text"] else None

    if "xl/sharedStrings.xml" in package:
        package.parse("xl/sharedStrings.xml", prepare)
    return texts


def _date_styles(package: Package) -> frozenset[int]:
    """The cell formats (by position) that show a number as a day."""
    formats: dict[int, str] = {}
    styles: list[int] = []
    inside = [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside[0] = name
        elif name == "numFmt":
            formats[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif name == "xf" and inside[0] == "cellXfs":
            styles.append(int(attributes.get("numFmtId", "0")))

    if "xl/styles.xml" in package:
        package.parse("xl/styles.xml", lambda parser: _on_start(parser, start))
    return frozenset(position for position, number in enumerate(styles) if _is_date(number, formats.get(number)))


def _is_date(number: int, code: str | None) -> bool:
    if code is None:
        return number in _BUILT_IN_DATES
    shown = _NOT_FORMAT.sub("", code.split(";")[0]).lower()
    return any(letter in shown for letter in "dyj") and "general" not in shown
