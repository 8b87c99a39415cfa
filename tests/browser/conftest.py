"""A site to look at: the application in this process, a real browser, and a clock that both follow."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from outreach import clock
from tests.conftest import IMPORT_DAY, empty

from .road import Phone, Phones
from .site import PASSWORD, Site

__all__ = ["PASSWORD", "Site"]

expect.set_options(timeout=20_000)  # how long a page may take on a machine with much to do; what holds sooner goes on


@pytest.fixture
def site(sqlite_app: Flask, browser: Browser) -> Iterator[Site]:
    """The site on an empty database, on the Tuesday of the December list."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(empty, sqlite_app).result()
    clock.start_from(IMPORT_DAY)
    opened = Site(sqlite_app, "", browser)
    server = make_server("127.0.0.1", 0, opened.answer, threaded=True)
    opened.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    opened.make()
    yield opened
    for context in browser.contexts:
        context.close()
    server.shutdown()
    thread.join()
    server.server_close()
    clock.start_from(None)


@pytest.fixture
def phones(site: Site, tmp_path: Path) -> Iterator[Phones]:
    """Phones by name; each is bought the first time it is named."""
    bought: dict[str, Phone] = {}

    def named(name: str) -> Phone:
        if name not in bought:
            bought[name] = Phone(site, tmp_path / name)
        return bought[name]

    yield named
    for phone in bought.values():
        phone.context.close()
        assert phone.faults == []
