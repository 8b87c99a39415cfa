"""Lets a zip package through only when its directory and its parts promise that it can be read in little memory."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from outreach.errors import Unreadable
from outreach.imports.reading.inspection import Inspection, Merged, is_read

MAX_PARTS = 2_000
MAX_UNPACKED = 512 * 1024 * 1024
_CHUNK = 1 << 16
_ENCRYPTED_FLAG = 0x1


@contextmanager
def damage_named(file_name: str) -> Iterator[None]:
    """Whatever a half or broken file does to the readers inside becomes one clear refusal.

    Those readers raise nearly anything (KeyError, TypeError, SyntaxError, zlib.error); put only them inside.
    """
    try:
        yield
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("file_damaged", file=file_name) from error


def inspect_package(stream: BinaryIO, file_name: str) -> dict[str, Merged]:
    """The merged cells by part; raises Unreadable when it is half, locked, too large unpacked or no workbook."""
    with damage_named(file_name), zipfile.ZipFile(stream) as archive:
        _check_directory(archive, file_name)
        merged = {}
        for part in filter(is_read, archive.namelist()):
            inspection = Inspection(part, file_name)
            inspection.run(_chunks(archive, part))
            if inspection.merged:
                merged[part] = inspection.merged
        return merged


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The bytes of a part, never more than the directory promised."""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _check_directory(archive: zipfile.ZipFile, file_name: str) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable("file_bomb", file=file_name, megabytes=MAX_UNPACKED >> 20)
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise Unreadable("file_protected", file=file_name)
    names = {part.filename.lstrip("/").lower() for part in parts}
    if "xl/workbook.xml" not in names:
        raise Unreadable(_what_else(names), file=file_name)


def _what_else(names: set[str]) -> str:
    if "xl/workbook.bin" in names or "content.xml" in names:
        return "file_old_excel"
    listed = re.compile(r".*\.(?:csv|xlsx?|txt)$")
    return "file_packed" if any(listed.match(name) for name in names) else "file_other"
