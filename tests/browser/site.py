"""The running site, as tests of the browser hold it."""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from socket import SHUT_RDWR
from threading import Event
from typing import Any, TypeVar

from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, builtin
from outreach.accounts.commands import set_password
from outreach.accounts.models import Person
from outreach.accounts.passwords import hash_password
from outreach.database import transaction
from outreach.extensions import db
from outreach.notifications.delivery import Tally
from outreach.scheduler.post import deliver_due
from tests.ground.field import Field, make_field

T = TypeVar("T")

PASSWORD = "een goed wachtwoord"


@dataclass
class Site:
    """The running site, its field, and people in front of it."""

    app: Flask
    address: str
    browser: Browser
    lost: Event = field(default_factory=Event)
    """Set as soon as an answer was lost."""
    field: Field = field(init=False)
    reachable: bool = True
    """Whether there is a connection."""
    loses: str = "-"
    """How an address begins whose answers do not arrive; what was asked is done all the same."""

    def answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The application behind a connection that may break; the browser then sees it break."""
        if not self.reachable:
            return _broken(environ)
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].startswith(self.loses):
            with closing(self.app(environ, start_response)) as answer:
                deque(answer, maxlen=0)
            self.lost.set()
            return _broken(environ)
        return self.app(environ, start_response)

    def sign_in(self, actor: Actor, *, width: int = 1200, lands_on: str = "/my-work") -> Page:
        """A browser of somebody's own, signed in by the page."""
        context = self.browser.new_context(
            base_url=self.address, locale="nl-BE", viewport={"width": width, "height": 900}
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("E-mailadres").fill(f"{actor.name.lower()}@example.test")
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_role("button", name="Aanmelden").click()
        page.wait_for_url(f"**{lands_on}")
        return page

    def move_clock(self, moment: datetime | timedelta) -> None:
        """Let the site's clock go on from a later moment."""
        clock.start_from(clock.now() + moment if isinstance(moment, timedelta) else moment)

    def do(self, work: Callable[[Session], T]) -> T:
        """Do something in the application, in one transaction; outside the browser's thread, which has a loop."""

        def within() -> T:
            with self.app.app_context(), transaction(db.session):
                done = work(db.session)
                db.session.flush()
                db.session.expunge_all()  # what was made stays readable in the browser's thread
                return done

        with ThreadPoolExecutor(1) as apart:
            return apart.submit(within).result()

    def deliver(self, smtp_url: str) -> Tally:
        """One pass over the outbox, to this mail server; it begins and ends its own transactions."""

        def passed() -> Tally:
            with self.app.app_context():
                return deliver_due(self.app.config["SETTINGS"].with_changes(smtp_url=smtp_url))

        with ThreadPoolExecutor(1) as apart:
            return apart.submit(passed).result()

    def make(self) -> None:
        """Gent with its partners; everybody has the same password."""
        self.field = self.do(_make_field)


def _broken(environ: dict[str, Any]) -> Iterable[bytes]:
    """The connection is gone, and the browser sees it at once."""
    environ["werkzeug.socket"].shutdown(SHUT_RDWR)
    raise ConnectionResetError


def _make_field(session: Session) -> Field:
    made = make_field(session)
    by, digest = builtin(session, "console"), hash_password(PASSWORD)
    for actor in (made.coordinator, made.worker, made.guide, made.school):
        set_password(session, person=session.get_one(Person, actor.person_id), password_hash=digest, by=by)
    return made
