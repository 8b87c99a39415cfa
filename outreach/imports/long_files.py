"""Which files are worked on outside the request, how long a process may be silent, about how many rows there are."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import IO, BinaryIO

LONG = 512 << 10
"""A file of more bytes is worked on outside the request. So many hold some 5,000 rows: to read, judge and compare them
takes about three seconds on a small machine, as long as one waits without wondering. The list of a town (2,000 rows,
200 kB) stays on the page."""

LONG_RUNNING = 200
"""So many rows of somebody's own list are taken over, or back, outside the request: that goes case by case, some 10 ms
each, and two seconds on a page is enough."""

LONG_TO_TAKE_BACK = 2_000
"""The same for taking back any other list, whose cases end many at once."""

LEASE = timedelta(seconds=60)
"""After so long without a word the process counts as killed, and another takes the work up."""

_PIECE = 1 << 20
_MOST = 512 << 20


def is_long(stream: BinaryIO) -> bool:
    """Whether one should not wait for it on a page."""
    return stream.seek(0, io.SEEK_END) > LONG


def about_rows(stream: BinaryIO) -> int | None:
    """Lines of a text, rows of the largest sheet of a workbook; None when that cannot be told."""
    stream.seek(0)
    if stream.read(2) != b"PK":
        stream.seek(0)
        return sum(piece.count(b"\n") for piece in _pieces(stream)) or None
    with suppress(zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError), zipfile.ZipFile(stream) as package:
        sheets = [part for part in package.infolist() if part.filename.startswith("xl/worksheets/")]
        largest = max(sheets, key=lambda part: part.file_size, default=None)
        if largest is not None:
            with package.open(largest) as sheet:
                return sum(piece.count(b"<row ") for piece in _pieces(sheet)) or None
    return None


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    read = 0
    while read < _MOST and (piece := stream.read(_PIECE)):
        read += len(piece)
        yield piece
