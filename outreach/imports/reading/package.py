"""Opens a zip package only after its directory promised that it is small enough, and reads no more than that."""

import re
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from outreach.errors import Unreadable
from outreach.imports.reading.source import Source

MAX_PARTS = 2_000
MAX_UNPACKED = 512 * 1024 * 1024
_CHUNK = 1 << 16
_ENCRYPTED_FLAG = 0x1

Parser = xml.parsers.expat.XMLParserType


class Package:
    """The parts of one opened workbook."""

    def __init__(self, archive: zipfile.ZipFile, file_name: str) -> None:
        self._archive = archive
        self.file_name = file_name
        self._names = {name.lstrip("/").lower(): name for name in archive.namelist()}

    def __contains__(self, part: str) -> bool:
        return part.lstrip("/").lower() in self._names

    def chunks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, never more than the directory promised; raises Unreadable when they are damaged."""
        with self.damage_named(), self._archive.open(self._names[part.lstrip("/").lower()]) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    def parse(self, part: str, prepare: Callable[[Parser], None]) -> None:
        """Read a whole part as XML with the handlers that `prepare` sets."""
        for _ in self.parsing(part, prepare):
            pass

    def parsing(self, part: str, prepare: Callable[[Parser], None]) -> Iterator[None]:
        """The same, pausing after every chunk, so that what was found so far can be handed on."""
        parser = xml.parsers.expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        prepare(parser)
        with self.damage_named():
            for chunk in self.chunks(part):
                parser.Parse(chunk)
                yield
            parser.Parse(b"", True)
        yield

    @contextmanager
    def damage_named(self) -> Iterator[None]:
        """Whatever a half or broken file does to the readers below becomes one clear refusal."""
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise Unreadable("file_damaged", file=self.file_name) from error
        except (xml.parsers.expat.ExpatError, UnicodeError, ValueError, KeyError, LookupError) as error:
            raise Unreadable("file_damaged", file=self.file_name) from error

    def _refuse_doctype(self, *_: object) -> None:
        raise Unreadable("file_doctype", file=self.file_name)


@contextmanager
def open_package(source: Source) -> Iterator[Package]:
    """The package in a file; raises Unreadable when it is half, locked, too large unpacked or no workbook."""
    with source.open() as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
            raise Unreadable("file_damaged", file=source.file_name) from error
        with archive:
            _check_directory(archive, source.file_name)
            yield Package(archive, source.file_name)


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
