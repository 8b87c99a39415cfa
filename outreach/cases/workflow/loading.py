"""Reads the process files; refuses, by name and with the reason, what must not be started with."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from outreach.cases.workflow.model import Closure, Common, Outcome, Process, SideRule, StepRule
from outreach.cases.workflow.soundness import check_common, check_process
from outreach.errors import Unsound

T = TypeVar("T", bound=BaseModel)

FOLDER = Path(__file__).parent.parent / "workflows"
_PUBLISHED = "published.toml"
_COMMON = "common.toml"
_WORDS = {"label", "help", "checklist"}


class Processes:
    """Every published version, and what they share."""

    def __init__(self, versions: Mapping[tuple[str, int], Process], common: Common) -> None:
        self._versions = versions
        self.common = common
        self._closures = {closure.key: closure for closure in common.closures}
        self._sides = {side.key: side for side in common.sides}

    def __iter__(self) -> Any:
        return iter(self._versions.values())

    def process(self, key: str, version: int) -> Process:
        """This version of a process. Raises KeyError."""
        return self._versions[key, version]

    def current(self, key: str) -> Process:
        """The newest version: what a new track begins with."""
        return max((found for found in self._versions.values() if found.key == key), key=lambda found: found.version)

    def step(self, key: str, version: int, step: str) -> StepRule:
        """A step of a version. Raises KeyError."""
        rule = self.process(key, version).find_step(step)
        if rule is None:
            raise KeyError(step)
        return rule

    def outcome(self, key: str, version: int, step: str, outcome: str) -> Outcome | None:
        """An outcome of a step, or one that can be said at every step."""
        found = self.step(key, version, step).find_outcome(outcome)
        always = self.process(key, version).always
        return found or next((each for each in always if each.key == outcome), None)

    def closure(self, key: str) -> Closure:
        """A closure. Raises KeyError."""
        return self._closures[key]

    def side(self, key: str) -> SideRule:
        """A kind of side step. Raises KeyError."""
        return self._sides[key]

    def is_side(self, key: str) -> bool:
        """Whether this names a side step."""
        return key in self._sides

    def step_label(self, process: str, step: str, language: str) -> str:
        """The name of a step or side step, in its newest version. Raises KeyError."""
        if step in self._sides:
            return self._sides[step].label[language]
        return self.step(process, self.current(process).version, step).label[language]


@lru_cache(maxsize=1)
def processes() -> Processes:
    """The processes of this installation, read once."""
    return load_processes(FOLDER)


def load_processes(folder: Path) -> Processes:
    """Read and check every process of a folder. Raises Unsound naming file, place and reason."""
    common = _read(Common, folder / _COMMON)
    check_common(common)
    recorded = _recorded(folder)
    versions: dict[tuple[str, int], Process] = {}
    for path in sorted(folder.glob("*-*.toml")):
        process = _read(Process, path)
        if path.stem != f"{process.key}-{process.version}":
            raise Unsound("process_file_name", file=path.name, process=process.key, version=process.version)
        versions[process.key, process.version] = process
    for process in versions.values():
        check_process(process, list(versions.values()), common)
        _check_unchanged(process, recorded)
    return Processes(versions, common)


def process_hash(process: Process) -> str:
    """A digest of what a version does; labels and help may be mended without making another version."""
    plain = _without_words(process.model_dump(mode="json"))
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def record_published(folder: Path = FOLDER) -> list[str]:
    """Write down the hash of versions that are published for the first time; never of one already recorded."""
    recorded = _recorded(folder)
    fresh = []
    for path in sorted(folder.glob("*-*.toml")):
        process = _read(Process, path)
        name = f"{process.key}-{process.version}"
        if name not in recorded:
            recorded[name] = process_hash(process)
            fresh.append(name)
    lines = [f'"{name}" = "{digest}"' for name, digest in sorted(recorded.items())]
    heading = "# Hashes of the published versions: a line here is never changed, only added."
    (folder / _PUBLISHED).write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
    return fresh


def _recorded(folder: Path) -> dict[str, str]:
    path = folder / _PUBLISHED
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return tomllib.load(file)


def _check_unchanged(process: Process, recorded: Mapping[str, str]) -> None:
    name = f"{process.key}-{process.version}"
    if name not in recorded:
        raise Unsound("process_not_published", process=name)
    if recorded[name] != process_hash(process):
        raise Unsound("process_changed", process=name, next=f"{process.key}-{process.version + 1}")


def _read(model: type[T], path: Path) -> T:
    try:
        with path.open("rb") as file:
            return model.model_validate(tomllib.load(file))
    except (ValidationError, tomllib.TOMLDecodeError, FileNotFoundError) as error:
        raise Unsound("process_unreadable", file=path.name, reason=str(error)) from error


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_words(each) for key, each in value.items() if key not in _WORDS}
    if isinstance(value, list):
        return [_without_words(each) for each in value]
    return value
