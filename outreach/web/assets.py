"""Our own files as browsers get them: the sheets as one, compressed once, at an address that names their version."""

import atexit
import gzip
import hashlib
import os
import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from whitenoise import WhiteNoise

LOOK = "css/outreach.css"
"""The one sheet every page asks for."""

DARK = "css/dark.css"
"""The values of the dark look: written once, joined for who chose dark and for devices that prefer it."""

SHEETS = (
    "vendor/bootstrap/bootstrap.min.css",
    "css/theme.css",
    DARK,
    "css/page.css",
    "css/forms.css",
    "css/parts.css",
    "css/lists.css",
    "css/work.css",
    "css/case.css",
    "css/offline.css",
    "css/help.css",
    "css/search.css",
    "css/print.css",
)
"""What the one sheet is made of, in this order."""

_KEPT_BACK = frozenset({".txt", ".scss"})
_COMPRESSED = frozenset({".css", ".js", ".svg", ".json", ".webmanifest"})


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file a page may ask for, by its name below the address; the joined sheet instead of its parts."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    files = {name: path.read_bytes() for name, path in found.items() if path.suffix not in _KEPT_BACK}
    parts = [(name, files.pop(name)) for name in SHEETS if name in files]
    files[LOOK] = "\n".join(_part(name, content.decode()) for name, content in parts).encode()
    return files


def version_of(folder: Path) -> str:
    """A short word that changes when any of the files does."""
    digest = hashlib.sha256()
    for name, content in sorted(_prepared(folder).items()):
        digest.update(f"{name}:{hashlib.sha256(content).hexdigest()};".encode())
    return digest.hexdigest()[:10]


def address(folder: Path) -> str:
    """Where the files of this version live; another version lives elsewhere, so a browser may keep these for good."""
    return f"/static/{version_of(folder)}"


def served(inner: Any, folder: Path, *, add_headers: Any) -> WhiteNoise:
    """Serve the files before anything else is asked, compressed for whoever understands that."""
    return WhiteNoise(
        inner,
        root=str(_written(folder)),
        prefix=address(folder).lstrip("/") + "/",
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=add_headers,
    )


@cache
def _prepared(folder: Path) -> dict[str, bytes]:
    return files_of(folder)


@cache
def _written(folder: Path) -> Path:
    """The files in a folder of this process, which goes when it ends; a worker forked from it leaves it alone."""
    target = Path(mkdtemp(prefix="outreach-static-"))
    atexit.register(_remove, target, os.getpid())
    for name, content in _prepared(folder).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if path.suffix in _COMPRESSED:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return target


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _part(name: str, text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    if name != DARK:
        return text
    by_device = text.replace(":root", ':root:not([data-theme="light"])')
    chosen = text.replace(":root", ':root[data-theme="dark"]')
    return f"@media (prefers-color-scheme: dark) {{\n{by_device}\n}}\n{chosen}"
