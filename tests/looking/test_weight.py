"""A first page is light: what a phone that was never here fetches before it shows the page."""

import pytest
from playwright.sync_api import Browser

from tests.looking.kept import Kept
from tests.looking.showing import Shown, window

MOST_BYTES = 120_000


@pytest.mark.parametrize("endpoint", ["accounts.sign_in", "cases.my_work", "cases.case", "cases.visit"])
def test_a_first_page_is_at_most_120_kb_over_the_wire(
    kept: Kept, shown: Shown, browser: Browser, endpoint: str
) -> None:
    plain = [
        page for page in kept.looked.pages if not page.state and len(page.asked) == 1 and page.asked[0].sent is None
    ]
    page = next(page for page in plain if page.endpoint == endpoint and page.who in ("", "Karim"))
    fetched: dict[str, float] = {}
    named: dict[str, str] = {}
    with window(browser, shown.address) as tab:
        if page.who:
            tab.context.add_cookies([{"name": "outreach", "value": shown.cookie(page.who), "url": shown.address}])
        wire = tab.context.new_cdp_session(tab)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", lambda one: named.update({one["requestId"]: one["request"]["url"]}))
        wire.on("Network.loadingFinished", lambda one: fetched.update({one["requestId"]: one["encodedDataLength"]}))
        answer = tab.goto(page.asked[0].path, wait_until="networkidle")
    assert answer is not None
    assert answer.status == 200
    told = {named[key].rsplit("/", 1)[1]: size for key, size in fetched.items()}
    assert sum(told.values()) <= MOST_BYTES, told
