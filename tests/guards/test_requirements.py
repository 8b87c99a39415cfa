"""What is installed is what was looked at: every version and hash written down, and from nowhere in particular."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "requirements"


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    entries = re.split(r"\n(?=[a-z])", (FOLDER / name).read_text(encoding="utf-8").strip())
    assert entries
    assert [
        entry for entry in entries if not re.match(r"[a-z0-9-]+(\[\w+\])?==\S+.*--hash=sha256:", entry, re.DOTALL)
    ] == []


@pytest.mark.parametrize("name", ["run.in", "run.txt", "dev.in", "dev.txt"])
def test_no_requirement_names_a_place(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert re.findall(r"\w+://\S+|--(?:index-url|extra-index-url|find-links|trusted-host)|(?:^|\s)/\w+/\S+", text) == []


def test_what_runs_is_what_was_tested() -> None:
    def versions(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9-]+==\S+)", (FOLDER / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert versions("run.txt") <= versions("dev.txt")
