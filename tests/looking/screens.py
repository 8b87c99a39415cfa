"""Pictures of every page, on a phone and a desk, light and dark, and one sheet to look at them all: `make screens`."""

import logging
import sys
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from playwright.sync_api import Page as Tab, sync_playwright

from outreach import clock
from tests.ground import browser
from tests.looking.catalogue import Page
from tests.looking.kept import Kept, look
from tests.looking.showing import NARROW, WIDE, seen, served, window
from tests.looking.world import MOMENT, shared_world, walked

SCREENS = ((NARROW, "light"), (NARROW, "dark"), (WIDE, "light"), (WIDE, "dark"))

_SHEET = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Every page of Outreach</title>
<style>
  body {{ font: 15px/1.4 system-ui; margin: 1rem; background: #ddd }}
  section {{ display: flex; gap: .5rem; align-items: flex-start }}
  h2 {{ font-size: 1rem; margin: 1.5rem 0 .3rem }}
  img {{ height: 26rem; object-fit: cover; object-position: top; border: 1px solid #999 }}
</style>
<h1>Every page of Outreach</h1>
{rows}
</html>
"""


def write(folder: Path, language: str) -> int:
    """Write the pictures and the sheet; how many pages there are."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if browser.found() is None:
        raise SystemExit("no Chromium on this machine (on Debian: apt install chromium chromium-l10n)")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with TemporaryDirectory() as ground:
        kept = look(Path(ground))
        with walked(shared_world(Path(ground)), Path(ground) / "shown") as world:
            clock.start_from(MOMENT)
            with (
                served(world, kept.addressed(language)) as server,
                sync_playwright() as playwright,
                window(playwright.chromium.launch(**browser.options()), server.address) as tab,
            ):
                rows = [_taken(tab, folder, page, at) for page, at in _in_order(kept, language)]
    (folder / "index.html").write_text(_SHEET.format(rows="\n".join(rows)), encoding="utf-8")
    return len(rows)


def _in_order(kept: Kept, language: str) -> list[tuple[Page, str]]:
    return sorted(zip(kept.pages, kept.addressed(language), strict=True), key=lambda one: one[0].name)


def _taken(tab: Tab, folder: Path, page: Page, address: str) -> str:
    """Four pictures of a page; its row on the sheet."""
    tab.goto(address)
    stem = f"{page.name}-{address.rsplit('/', 1)[1]}"
    pictures = []
    for width, scheme in SCREENS:
        seen(tab, width=width, scheme=scheme)
        pictures.append(f"{stem}-{width}-{scheme}.png")
        tab.screenshot(path=folder / pictures[-1], full_page=True, animations="disabled")
    shown = "".join(f'<a href="{name}"><img src="{name}" alt="" loading="lazy"></a>' for name in pictures)
    return f"<h2>{escape(page.name)} <small>{escape(page.asked[-1].path)}</small></h2><section>{shown}</section>"


if __name__ == "__main__":
    where, read_in = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "nl"
    count = write(where, read_in)
    print(f"{count} pages, {count * len(SCREENS)} pictures: open {where / 'index.html'}")
