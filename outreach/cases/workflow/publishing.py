"""A published version never changes: tracks follow it to their end, so its hash is written down once and compared."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from outreach.cases.workflow.model import Process
from outreach.cases.workflow.problems import unsound

PUBLISHED = "published.toml"
_HEADING = "# Hashes of the published versions: a line here is never changed, only added (see docs/process.md)."
_WORDS = {"label", "help"}


def process_hash(process: Process) -> str:
    """A digest of what a version does; labels and help may be mended without making another version."""
    plain = _without_words(process.model_dump(mode="json", exclude_defaults=True))
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def recorded(folder: Path) -> dict[str, str]:
    """The hashes written down, by name and version."""
    path = folder / PUBLISHED
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return tomllib.load(file)


def check_published(versions: Iterable[Process], hashes: Mapping[str, str]) -> None:
    """Refuse a version that is not recorded, has changed since, or is gone. Raises Unsound by its name."""
    present = {_name(process): process for process in versions}
    for name, process in present.items():
        if name not in hashes:
            raise unsound("process_not_published", process=name)
        if hashes[name] != process_hash(process):
            raise unsound("process_changed", process=name, next=f"{process.key}-{process.version + 1}")
    for name in hashes:
        if name not in present:
            raise unsound("process_missing", process=name)


def publish(folder: Path, versions: Iterable[Process]) -> list[str]:
    """Write down the hash of versions not yet recorded; never of one that is. Returns their names."""
    hashes = recorded(folder)
    fresh = {_name(process): process_hash(process) for process in versions if _name(process) not in hashes}
    lines = [f'"{name}" = "{digest}"' for name, digest in sorted({**hashes, **fresh}.items())]
    (folder / PUBLISHED).write_text("\n".join([_HEADING, *lines, ""]), encoding="utf-8")
    return sorted(fresh)


def _name(process: Process) -> str:
    return f"{process.key}-{process.version}"


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_words(each) for key, each in value.items() if key not in _WORDS}
    if isinstance(value, list):
        return [_without_words(each) for each in value]
    return value
