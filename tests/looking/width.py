"""Does a page fit the width of the screen?"""

from playwright.sync_api import Page


def fits(page: Page) -> bool:
    """Whether nothing sticks out at the side, once the page stands there."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
