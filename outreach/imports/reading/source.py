"""The file itself: a path or an upload, its size, its digest, and what sort of file it really is."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from outreach.errors import Unreadable

MAX_BYTES = 64 * 1024 * 1024
_CHUNK = 1 << 20
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_REFUSED_STARTS = (
    (b"%PDF", "file_other"),
    (b"\x1f\x8b", "file_packed"),
    (b"Rar!", "file_packed"),
    (b"7z\xbc\xaf", "file_packed"),
    (b"\x89PNG", "file_other"),
    (b"\xff\xd8\xff", "file_other"),
    (b"{\\rtf", "file_other"),
)
_PAGE_STARTS = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head", b"<body", b"<style", b"<div")


class Source:
    """A file that can be read more than once: a path, or a binary stream that can go back to its start."""

    def __init__(self, path_or_stream: str | Path | BinaryIO, file_name: str) -> None:
        self._from = Path(path_or_stream) if isinstance(path_or_stream, str | Path) else path_or_stream
        self.file_name = file_name

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The file from its start; a stream stays open afterwards, it belongs to somebody else."""
        if isinstance(self._from, Path):
            try:
                stream = self._from.open("rb")
            except OSError as error:
                raise Unreadable("file_not_opened", file=self.file_name) from error
            with stream:
                yield stream
        else:
            self._from.seek(0)
            yield self._from

    def chunks(self) -> Iterator[bytes]:
        with self.open() as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    def digest(self) -> str:
        """SHA-256 of the bytes; the same file is known by it. Raises Unreadable when empty or too large."""
        sha, size = hashlib.sha256(), 0
        for chunk in self.chunks():
            size += len(chunk)
            if size > MAX_BYTES:
                raise Unreadable("file_too_large", file=self.file_name, megabytes=MAX_BYTES >> 20)
            sha.update(chunk)
        if not size:
            raise Unreadable("file_empty", file=self.file_name)
        return sha.hexdigest()

    def is_package(self) -> bool:
        """True for a zip package (an Excel workbook), False for text; raises Unreadable for anything else."""
        with self.open() as stream:
            start = stream.read(4096)
        if start.startswith(b"PK"):
            return True
        if start.startswith(_COMPOUND):
            raise Unreadable(self._compound_key(), file=self.file_name)
        for signature, key in _REFUSED_STARTS:
            if start.startswith(signature):
                raise Unreadable(key, file=self.file_name)
        if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGE_STARTS):
            raise Unreadable("file_web_page", file=self.file_name)
        return False

    def _compound_key(self) -> str:
        """An old Excel file, or a new one behind a password: both come in Microsoft's older container."""
        tail = b""
        for chunk in self.chunks():
            if _ENCRYPTED in tail + chunk:
                return "file_protected"
            tail = chunk[-64:]
        return "file_old_excel"
