"""Passes over the XML of a workbook before a reader builds anything from it: nothing hidden, nothing without end."""

import re
import xml.parsers.expat
from collections.abc import Iterator

from outreach.errors import Unreadable

Merged = dict[int, list[tuple[int, int]]]

LONGEST_PIECE = 1 << 20
MOST_OUTSIDE = 16 << 20
MOST_PIECES = 3_000_000
LAST_ROW = 1_048_576  # Excel's own
_MOST_MERGED = 100_000
_MERGED = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_NOT_READ = ("xl/media/", "xl/pivotcache/", "xl/externallinks/", "xl/embeddings/", "customxml/")
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"  # a sort of xlsx that openpyxl does not know
_PLACES = {".main+xml": "/xl/workbook.xml", ".sharedStrings+xml": "/xl/sharedstrings.xml"}


def is_read(part: str) -> bool:
    """Whether the reader ever opens this part; pictures and caches are left alone."""
    return not part.lstrip("/").lower().startswith(_NOT_READ)


class Inspection:
    """One part, passed over in chunks and not kept.

    The reader holds a row or a shared text only as long as it reads it, and everything else of a part until the end.
    So both are bounded here. Rows must stand in order, as in every sheet of Excel: the reader drops those that do not.
    A part that is no XML is no concern of this class: the reader fails at the same place, if it looks there at all.
    """

    def __init__(self, part: str, file_name: str) -> None:
        self.merged: Merged = {}
        self._file_name = file_name
        self._piece_name = piece_name(part)
        self._inside = self._in_rows = False
        self._mark = self._outside = self._pieces = self._row_number = 0
        self._parser = xml.parsers.expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def run(self, chunks: Iterator[bytes]) -> None:
        """Pass over the part; raises Unreadable."""
        passed = 0
        try:
            for chunk in chunks:
                self._parser.Parse(chunk)
                passed += len(chunk)
                self._measure(passed - len(chunk))
        except xml.parsers.expat.ExpatError:
            return

    def _doctype(self, *_: object) -> None:
        raise Unreadable("file_doctype", file=self._file_name)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == self._piece_name:
            self._turn(inside=True)
            self._pieces += 1
            if self._in_rows:
                self._count_row(attributes.get("r", ""))
        elif name == "sheetData":
            self._in_rows, self._row_number = True, 0
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "workbook" and _STRICT in attributes.values():
            raise Unreadable("file_old_excel", file=self._file_name)
        elif name == "Override":
            self._expect_place(attributes.get("ContentType", ""), attributes.get("PartName", ""))

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == self._piece_name:
            self._turn(inside=False)
        elif name == "sheetData":
            self._in_rows = False

    def _turn(self, *, inside: bool) -> None:
        """A row or shared text begins or ends here."""
        here = self._parser.CurrentByteIndex
        self._measure(here)
        if not self._inside:
            self._outside += here - self._mark
        self._inside, self._mark = inside, here

    def _measure(self, here: int) -> None:
        length = here - self._mark
        most = LONGEST_PIECE if self._inside else MOST_OUTSIDE - self._outside
        if length > most or self._pieces > MOST_PIECES:
            raise Unreadable("file_bomb", file=self._file_name, megabytes=MOST_OUTSIDE >> 20)

    def _count_row(self, number: str) -> None:
        before = self._row_number
        self._row_number = int(number) if number.isdecimal() else before + 1
        if not before < self._row_number <= LAST_ROW:
            raise Unreadable("file_damaged", file=self._file_name)

    def _merge(self, reference: str) -> None:
        found = _MERGED.fullmatch(reference)
        if found and found[1] == found[3] and int(found[4]) > int(found[2]) and len(self.merged) < _MOST_MERGED:
            self.merged.setdefault(int(found[2]), []).append((_column(found[1]), int(found[4])))

    def _expect_place(self, content_type: str, part: str) -> None:
        """A part read as another sort than its place says would escape the bounds of its sort."""
        for ending, place in _PLACES.items():
            if content_type.endswith(ending) and part.lower() != place:
                raise Unreadable("file_damaged", file=self._file_name)


def piece_name(part: str) -> str:
    """What the reader forgets again while it goes through this part: rows, shared texts, or nothing."""
    place = part.lstrip("/").lower()
    if place.startswith("xl/worksheets/"):
        return "row"
    return "si" if place == "xl/sharedstrings.xml" else ""


def _column(letters: str) -> int:
    """A column by its letters, from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
