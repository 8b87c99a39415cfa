"""No page has a fault axe can find: in any language, on a phone and on a desk, light and dark, folded and unfolded."""

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page as Tab

from outreach.labels import LANGUAGES
from tests.looking import axe
from tests.looking.kept import Kept
from tests.looking.showing import NARROW, WIDE, Shown, seen, window

Way = Callable[[Tab], Iterator[tuple[str, str]]]

PARTS = 2
"""Each language is looked at in so many tests, so that several processes share it."""

WHOLE = 5_000
"""Tall enough that nothing that stays in view lies over anything else."""

SCREENS = ((NARROW, "light"), (NARROW, "dark"), (WIDE, "dark"), (WIDE, "light"))


def fully(tab: Tab) -> Iterator[tuple[str, str]]:
    """Every rule on one screen, those about looks on all, and everything that opens opened."""
    seen(tab, width=WIDE, scheme="light", height=WHOLE)
    yield from (("wide", fault) for fault in axe.faults(tab))
    tab.evaluate(axe.UNFOLD)
    for width, scheme in SCREENS:
        seen(tab, width=width, scheme=scheme, height=WHOLE)
        options = axe.EVERYTHING if (width, scheme) == SCREENS[0] else axe.HOW_IT_LOOKS
        yield from ((f"unfolded {width} {scheme}", fault) for fault in axe.faults(tab, options))


def for_words(tab: Tab) -> Iterator[tuple[str, str]]:
    """What another language could have made wrong."""
    seen(tab, width=NARROW, scheme="light", height=WHOLE)
    tab.evaluate(axe.UNFOLD)
    yield from (("unfolded", fault) for fault in axe.faults(tab, axe.WHAT_IT_SAYS))


def on_all_screens(tab: Tab) -> Iterator[tuple[str, str]]:
    """Every rule on every screen, folded and unfolded."""
    for folded in ("folded", "unfolded"):
        for width, scheme in SCREENS:
            seen(tab, width=width, scheme=scheme, height=WHOLE)
            yield from ((f"{folded} {width} {scheme}", fault) for fault in axe.faults(tab))
        tab.evaluate(axe.UNFOLD)


def looked_at(kept: Kept, shown: Shown, browser: Browser, language: str, way: Way, part: int = 0, of: int = 1) -> None:
    """Every page in this language, looked at in this way."""
    wrong: defaultdict[str, list[str]] = defaultdict(list)
    with window(browser, shown.address) as tab:
        axe.bring(tab)
        for page, address in list(zip(kept.pages, kept.addressed(language), strict=True))[part::of]:
            tab.goto(address)
            for where, fault in way(tab):
                wrong[f"{page.name} {page.asked[-1].path}: {fault}"].append(where)
    assert dict(wrong) == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_has_a_fault(kept: Kept, shown: Shown, browser: Browser, part: int) -> None:
    looked_at(kept, shown, browser, "nl", fully, part, PARTS)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_page_has_a_fault_in_another_language(kept: Kept, shown: Shown, browser: Browser, language: str) -> None:
    looked_at(kept, shown, browser, language, for_words)


@pytest.mark.deep
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_fault_on_any_screen(kept: Kept, shown: Shown, browser: Browser, language: str) -> None:
    looked_at(kept, shown, browser, language, on_all_screens)
