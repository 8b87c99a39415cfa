"""A long list in the browser, with a scheduler at work: one sees how far it is, stops it, and finds it back."""

import re
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from outreach.imports import long_files
from outreach.imports.models import Batch
from outreach.imports.progress import Stage
from outreach.partners.commands import add_agreement
from outreach.partners.queries import find_area
from outreach.scheduler import uploads
from outreach.scheduler.ticking import Ticker
from tests.imports.loading import number_of_rows
from tests.imports.test_long_files import long_list

from .site import Site


class Gate:
    """Where the scheduler waits until the test lets it go on, so that a page can be looked at meanwhile."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.rows = 0

    def passes(self, told: uploads.Follower, stage: Stage, rows: int) -> None:
        self.plain(told, stage, rows)
        while stage is Stage.WRITTEN and not self.open.wait(0.1):
            told.check()

    plain: Any = staticmethod(uploads.Follower.__call__)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    monkeypatch.setattr(long_files, "LONG", 200)
    monkeypatch.setattr(uploads.Follower, "__call__", lambda self, stage, rows: made.passes(self, stage, rows))
    return made


@pytest.fixture
def scheduler(site: Site, gate: Gate) -> Iterator[Ticker]:
    """A scheduler process of this site, with nothing else to do."""
    site.do(_agree)
    ticker = Ticker(site.app, [])
    ticker.start()
    yield ticker
    gate.open.set()
    assert ticker.stop()


def _agree(session: Session) -> None:
    area = find_area(session, "gent")
    assert area is not None
    days = {"from_on": date(2026, 1, 1), "until_on": date(2027, 12, 31)}
    add_agreement(session, key="lijst", area=area, source="not-enrolled", reference="protocol", **days)


def choose(page: Page, file: Path) -> None:
    page.goto("/lists/upload")
    page.get_by_label("Bestand").set_input_files(file)
    page.get_by_label("Datum van de lijst").fill("2026-12-15")
    page.get_by_role("button", name="Bekijken wat erin staat").click()


def does_not_scroll_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [390, 1200])
def test_a_long_list_shows_how_far_it_is_and_goes_on_by_itself(
    site: Site, scheduler: Ticker, gate: Gate, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "niet-ingeschreven-gent-en-omstreken-2026-12-15.csv"
    file.write_bytes(long_list(*range(30)))
    lies = site.sign_in(site.field.coordinator, width=width)
    choose(lies, file)
    lies.wait_for_url(re.compile(r"/uploads/\d+$"))
    expect(lies.get_by_role("status").filter(has_text="Stap 3 van 3")).to_be_visible()
    expect(lies.get_by_role("progressbar")).to_be_visible()
    does_not_scroll_sideways(lies)
    address = lies.url
    lies.goto("/lists")
    expect(lies.get_by_text("Wordt nagekeken")).to_be_visible()
    does_not_scroll_sideways(lies)
    lies.goto(address)
    gate.open.set()
    lies.wait_for_url(re.compile(r"/lists/\d+/preview$"))
    gate.open.clear()
    lies.get_by_role("button", name="Lijst opladen").click()
    lies.wait_for_url(re.compile(r"/uploads/\d+$"))
    expect(lies.get_by_role("status").filter(has_text="dossiers openen")).to_be_visible()
    lies.context.close()  # the browser is closed: the work goes on
    gate.open.set()
    back = site.sign_in(site.field.coordinator, width=width)
    back.goto("/lists")
    expect(back.get_by_text("Opgeladen", exact=True).first).to_be_visible()
    back.get_by_role("link", name=file.name).first.click()
    back.wait_for_url(re.compile(r"/lists/\d+$"))


@pytest.mark.parametrize("width", [390, 1200])
def test_it_is_stopped_by_its_button_and_nothing_is_left(
    site: Site, scheduler: Ticker, gate: Gate, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "lang.csv"
    file.write_bytes(long_list(*range(30)))
    lies = site.sign_in(site.field.coordinator, width=width)
    choose(lies, file)
    lies.wait_for_url(re.compile(r"/uploads/\d+$"))
    expect(lies.get_by_role("status").filter(has_text="Stap 3 van 3")).to_be_visible()
    lies.get_by_role("button", name="Stoppen").click()
    expect(lies.get_by_role("heading", name="Gestopt")).to_be_visible()
    assert site.do(lambda session: number_of_rows(session, Batch)) == [0]
    lies.get_by_role("link", name="Een bestand kiezen").click()
    lies.wait_for_url("**/lists/upload")


def test_without_script_the_page_loads_itself_again(site: Site, scheduler: Ticker, gate: Gate, tmp_path: Path) -> None:
    file = tmp_path / "lang.csv"
    file.write_bytes(long_list(*range(5)))
    lies = site.sign_in(site.field.coordinator)
    choose(lies, file)
    lies.wait_for_url(re.compile(r"/uploads/\d+$"))
    plain = site.browser.new_context(
        base_url=site.address, storage_state=lies.context.storage_state(), java_script_enabled=False
    )
    page = plain.new_page()
    page.goto(lies.url)
    expect(page.get_by_role("button", name="Stoppen")).to_be_visible()
    gate.open.set()
    page.wait_for_url(re.compile(r"/lists/\d+/preview$"))
