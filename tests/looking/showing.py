"""The pages as a real browser shows them: their texts served again, with everything they fetch, from one server."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from playwright.sync_api import Browser, Page as Tab
from werkzeug.serving import make_server

from tests.looking.world import Walked

NARROW, WIDE = 390, 1200

_THEME = "theme => { const root = document.documentElement.dataset; if (root.theme) root.theme = root.bsTheme = theme }"
"""Somebody who chose a theme sees that one, whatever the device likes."""

StartResponse = Callable[..., object]

POLICY = "Content-Security-Policy"


@dataclass
class Shown:
    """A server that gives each page under an address of its own, and everything else as the application does."""

    world: Walked
    texts: Mapping[str, str]
    address: str = ""

    def __call__(self, environ: dict[str, object], start_response: StartResponse) -> Iterable[bytes]:
        text = self.texts.get(str(environ["PATH_INFO"]))
        if text is None:
            return self.world.app.wsgi_app(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), *self._headers()])
        return [text.encode()]

    def cookie(self, who: str) -> str:
        """The cookie of somebody's session; asked apart from the browser's loop."""
        with ThreadPoolExecutor(1) as apart:
            return apart.submit(self.world.cookie, who).result()

    def _headers(self) -> list[tuple[str, str]]:
        answer = self.world.app.test_client().get("/sign-in")
        return [(POLICY, answer.headers[POLICY])]


@contextmanager
def served(world: Walked, texts: Mapping[str, str]) -> Iterator[Shown]:
    """Serve these texts by their addresses."""
    shown = Shown(world, texts)
    server = make_server("127.0.0.1", 0, shown, threaded=True)
    shown.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield shown
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def window(browser: Browser, address: str, width: int = NARROW) -> Iterator[Tab]:
    """A window without memory, in which nothing moves."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 844},
        reduced_motion="reduce",
        service_workers="block",
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def seen(tab: Tab, *, width: int, scheme: str, height: int = 900) -> None:
    """The same page on another screen, without loading it again."""
    tab.set_viewport_size({"width": width, "height": height})
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    tab.evaluate(_THEME, scheme)
