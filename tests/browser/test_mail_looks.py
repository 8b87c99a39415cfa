"""What each kind of mail looks like in a browser, which is what a mail program on a phone is."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from outreach.labels import LANGUAGES
from tests.ground import mails
from tests.looking import axe
from tests.notifications.conftest import OFFICE

PHONE = 390


@pytest.mark.parametrize("kind", mails.kinds())
def test_each_mail_can_be_read_on_a_phone_and_in_the_dark(browser: Browser, kind: str) -> None:
    for language in LANGUAGES:
        html = mails.arrived(mails.claimed(kind, language), OFFICE).body("html")
        for width, scheme in ((PHONE, "light"), (700, "dark")):
            context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
            page = context.new_page()
            axe.bring(page)
            page.goto("about:blank")
            page.set_content(html)
            if folder := os.environ.get("LOOK_AT_MAIL"):
                page.screenshot(path=Path(folder) / f"{kind}-{language}-{width}-{scheme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            for link in page.get_by_role("link").all():
                box = link.bounding_box()
                assert box
                assert box["x"] + box["width"] <= width
            button = page.locator('a[style*="inline-block"]')
            tapped = button.bounding_box()
            assert tapped
            assert tapped["height"] >= 44
            assert list(axe.faults(page, axe.HOW_IT_LOOKS)) == []
            context.close()
