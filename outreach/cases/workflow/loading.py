"""Reads the process files; refuses, by name and with the reason, what must not be started with."""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from outreach.cases.workflow.model import Choice, Closure, Common, Outcome, Process, SideRule, StepRule
from outreach.cases.workflow.problems import unsound
from outreach.cases.workflow.publishing import check_published, publish, recorded
from outreach.cases.workflow.soundness import check_common, check_process

T = TypeVar("T", bound=BaseModel)

FOLDER = Path(__file__).parent.parent / "workflows"
COMMON = "common.toml"


class Processes:
    """Every published version, and what they share."""

    def __init__(self, versions: Mapping[tuple[str, int], Process], common: Common) -> None:
        self._versions = versions
        self.common = common
        self._closures = {closure.key: closure for closure in common.closures}
        self._sides = {side.key: side for side in common.sides}

    def __iter__(self) -> Iterator[Process]:
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

    def noticed(self, what: str) -> SideRule:
        """The side step the radar opens when it notices a silence, or a reason that stays open. Raises KeyError."""
        found = next((side for side in self.common.sides if side.noticed == what), None)
        if found is None:
            raise KeyError(what)
        return found

    @property
    def noticed_keys(self) -> list[str]:
        """The side steps that the radar opens."""
        return [side.key for side in self.common.sides if side.noticed]

    def answers_to(self, side: str) -> tuple[Choice, ...]:
        """What a side step can be answered with. Raises KeyError."""
        answers: tuple[Choice, ...] = getattr(self.common, self.side(side).answers)
        return answers

    def asks_reason(self, step: str) -> bool:
        """Whether this is a side step that is answered with a reason of absence."""
        return self.is_side(step) and self.side(step).answers == "absence_reasons"

    def led_to_by(self, outcomes: Collection[str]) -> list[str]:
        """The steps that outcomes with these keys lead to, in any version."""
        return sorted(
            {each.to for process in self for step in process.steps for each in step.outcomes if each.key in outcomes}
        )

    @property
    def visiting_kinds(self) -> frozenset[str]:
        """The kinds of organisations that visit families: those who have a step that is reported as a visit."""
        return frozenset(
            str(kind)
            for process in self
            for step in process.steps
            if step.report == "visit"
            for kind in step.owner.kinds
        )

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
    common, versions = read_sound(folder)
    check_published(versions, recorded(folder))
    return Processes({(each.key, each.version): each for each in versions}, common)


def read_sound(folder: Path) -> tuple[Common, list[Process]]:
    """Every version in a folder, sound but perhaps not published yet. Raises Unsound."""
    common = read(Common, folder / COMMON)
    check_common(common)
    versions = []
    for path in sorted(folder.glob("*-*.toml")):
        process = read(Process, path)
        if path.stem != f"{process.key}-{process.version}":
            raise unsound("process_file_name", file=path.name, process=process.key, version=process.version)
        versions.append(process)
    for process in versions:
        check_process(process, versions, common)
    return common, versions


def read(model: type[T], path: Path) -> T:
    """A file as this model. Raises Unsound naming the file and the first place that is wrong."""
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
    except (tomllib.TOMLDecodeError, FileNotFoundError) as error:
        raise unsound("process_unreadable", file=path.name, place="the file", reason=str(error)) from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place, reason = _place(first["loc"], content), str(first["msg"])
        raise unsound("process_unreadable", file=path.name, place=place, reason=reason) from error


def _place(steps: Sequence[int | str], content: Any) -> str:
    """The way to a fault in a file, with the key of a list's entry where it has one: steps intake aim 0 counter."""
    names = []
    for step in steps:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            content = None
        names.append(
            str(content.get("key", step)) if isinstance(content, dict) and isinstance(step, int) else str(step)
        )
    return " ".join(names)


def record(folder: Path = FOLDER) -> list[str]:
    """Publish the versions of a folder that are sound and not recorded yet; returns their names. Raises Unsound."""
    _, versions = read_sound(folder)
    return publish(folder, versions)
