"""The browser of the machine, for tests that look at pages as people do."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MISSING = "no Chromium on this machine: the browser tests did not run (on Debian: apt install chromium chromium-l10n)"


NO_JAVA = "no Java on this machine: the HTML of the pages was not checked (on Debian: apt install default-jre-headless)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for the browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def found() -> str | None:
    """Where the browser of this machine is."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def options() -> dict[str, Any]:
    """How it is started: in Dutch."""
    arguments = ["--lang=nl-BE"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
    return {"executable_path": found(), "args": arguments, "env": {**os.environ, "LANGUAGE": "nl"}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Dutch Chromium without a window. Without one on the machine: a failure in CI, else a skip that is shown.

    It ends with its module: while it runs, its event loop keeps application contexts out of this thread.
    """
    path = found()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(_MISSING)
    if path is None:
        pytest.skip(_MISSING)
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(**options())
        except Error as fault:
            pytest.fail(f"{path} does not start: {fault.message}")
        yield started
        started.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly when pages were not looked at."""
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    for missing in (_MISSING, NO_JAVA):
        if any(missing in told for told in skipped):
            terminalreporter.write_sep("!", missing, yellow=True, bold=True)
