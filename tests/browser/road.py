"""A phone on the road: visits of today, a visit code, no connection, and what it keeps."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.planning import plan_visit
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.models import Attempt, Step
from outreach.database import seen_by
from tests.ground.browser import options

from .site import PASSWORD, Site

READ = seen_by("test")
CODE = "246810"


def visits_today(site: Site, *names: str) -> None:
    """Families that Wim visits today; each child has a street of its own."""

    def planned(session: Session) -> None:
        site.field.session = session
        for number, name in enumerate(names, start=1):
            case = site.field.case(name, date(2022, 3, 10))
            session.flush()
            facts = {
                "organisation": site.field.organisations["de-brug"].id,
                "person": site.field.worker.person_id,
            }
            (intake,) = _steps(session, case.id)
            report_outcome(session, case, intake, outcome="assign", facts=facts, by=site.field.coordinator)
            session.flush()
            visit = _steps(session, case.id)[-1]
            plan_visit(session, case, visit, on=clock.today(), by=site.field.worker)
            assert number <= len(names)

    site.do(planned)


def _steps(session: Session, case_id: int) -> list[Step]:
    statement = select(Step).where(Step.case_id == case_id).order_by(Step.number)
    return list(session.scalars(statement, execution_options=READ))


def visits_recorded(site: Site) -> int:
    """How many visits the server knows."""
    statement = select(func.count()).select_from(Attempt)
    return site.do(lambda session: session.scalar(statement, execution_options=READ) or 0)


@dataclass
class Phone:
    """One phone: its browser keeps what it keeps on the disk, also when it is restarted."""

    site: Site
    folder: Path
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)
    faults: list[str] = field(default_factory=list)
    """What went wrong in scripts without anybody seeing it."""

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Switch it on."""
        self.context = self.site.browser.browser_type.launch_persistent_context(
            str(self.folder),
            base_url=self.site.address,
            locale="nl-BE",
            timezone_id="Europe/Brussels",
            viewport={"width": 390, "height": 844},
            **options(),
        )
        self.context.set_default_timeout(30_000)
        self.context.on("weberror", lambda fault: self.faults.append(str(fault.error)))
        self.page = self.context.pages[0]

    def restart(self) -> None:
        """Off and on again: nothing open is left, and nobody is signed in."""
        self.context.close()
        self.start()

    def sign_in(self, actor: Actor) -> None:
        """Sign in by the page."""
        self.page.goto("/sign-in")
        self.page.get_by_label("E-mailadres").fill(f"{actor.name.lower()}@example.test")
        self.page.get_by_label("Wachtwoord").fill(PASSWORD)
        self.page.get_by_role("button", name="Aanmelden").click()
        self.page.wait_for_url("**/my-work")

    def sign_out(self) -> None:
        """By the menu of the person."""
        self.page.locator("details.me > summary").click()
        self.page.get_by_role("button", name="Afmelden").click()
        self.page.wait_for_url("**/sign-in")

    def take_along(self) -> None:
        """From My work: choose a code, twice."""
        self.page.goto("/my-work")
        self.page.get_by_role("button", name="Neem de bezoeken van vandaag mee").click()
        self.page.get_by_label("Bezoekcode").fill(CODE)
        self.page.get_by_label("Dezelfde code nog eens").fill(CODE)
        self.page.get_by_role("button", name="Meenemen", exact=True).click()
        expect(self.page.get_by_role("link", name="Bezoeken van vandaag")).to_be_visible()

    def lose_connection(self) -> None:
        """Into the stairwell."""
        self.site.reachable = False
        self.context.set_offline(True)

    def find_connection(self) -> None:
        """Out on the street again."""
        self.site.reachable = True
        self.context.set_offline(False)

    def unlock(self, code: str = CODE) -> None:
        """Open the page of the road, and type a code."""
        if not self.page.url.endswith("/offline"):
            self.page.goto("/offline")
        self.page.get_by_label("Bezoekcode").fill(code)
        self.page.get_by_role("button", name="De bezoeken openen").click()

    def open_visit(self, name: str) -> None:
        """Tap the card of a child."""
        self.page.get_by_role("button", name=re.compile(f"^Bezoek melden.*{name}")).click()
        expect(self.page.get_by_role("group", name="Wat is er gebeurd?")).to_be_visible()

    def answer(self, question: str, answer: str) -> None:
        """Tap one answer."""
        self.page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()

    def save(self) -> None:
        """Keep what was filled in."""
        self.page.get_by_role("button", name="Bewaren").click()

    def report_nobody_home(self, name: str) -> None:
        """Nobody opens the door; on the road."""
        self.open_visit(name)
        self.answer("Wat is er gebeurd?", "Niemand bereikt")
        self.save()
        expect(self.page.get_by_text("Bewaard op dit toestel.")).to_be_visible()

    def unsent(self) -> Locator:
        """The list of what is not sent, on the page of the road."""
        return self.page.locator("[data-unsent-list] li.unsent-item")

    def strip(self) -> Locator:
        """What every page says about it."""
        return self.page.locator("[data-unsent]")

    def kept(self, store: str) -> list[dict[str, Any]]:
        """What the phone keeps in a store, read past all our scripts."""
        return self.page.evaluate(_READ_STORE, store)

    def let_the_hour_pass(self) -> None:
        """As if what was taken along had to be gone by now."""
        self.page.evaluate(_PASS_THE_HOUR)

    def caches(self) -> dict[str, dict[str, str]]:
        """Every cache of the phone: the addresses it holds, with their text."""
        return self.page.evaluate(_READ_CACHES)

    def update_worker(self) -> None:
        """Let the browser look for a new version, and wait until that one is in charge."""
        self.page.evaluate(_UPDATE)

    def until_nothing_is_kept(self) -> None:
        """Until the server has every report; asked as often as it takes."""
        assert self.page.evaluate(_UNTIL_EMPTY, "drafts")

    def until_wiped(self) -> None:
        """Until what was taken along is gone."""
        assert self.page.evaluate(_UNTIL_EMPTY, "package")

    def wait_until_sent(self) -> None:
        """Until the page says that the report was sent; then the phone has none left."""
        expect(self.page.get_by_text(re.compile("Je verslag van .* is verstuurd"))).to_be_visible()
        assert self.kept("drafts") == []


_READ_STORE = """(name) => new Promise((resolve, reject) => {
  const letters = (bytes) => Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  const raw = (value) => (value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? letters(value.buffer || value) : value);
  const plain = (value) => JSON.parse(JSON.stringify(value, (key, one) => raw(one)));
  const request = indexedDB.open("outreach");
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const all = request.result.transaction(name).objectStore(name).getAll();
    all.onsuccess = () => { request.result.close(); resolve(plain(all.result)); };
  };
})"""

_PASS_THE_HOUR = """() => new Promise((resolve) => {
  const request = indexedDB.open("outreach");
  request.onsuccess = () => {
    const change = request.result.transaction("package", "readwrite");
    const store = change.objectStore("package");
    const lock = store.get("lock");
    lock.onsuccess = () => store.put({ ...lock.result, wipeAt: Date.now() - 1 });
    change.oncomplete = () => { request.result.close(); resolve(); };
  };
})"""

_READ_CACHES = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    found[name] = {};
    for (const request of await cache.keys()) {
      const { pathname, search } = new URL(request.url);
      found[name][pathname + search] = await (await cache.match(request)).text();
    }
  }
  return found;
}"""

_UPDATE = """async () => {
  const registration = await navigator.serviceWorker.ready;
  const changed = new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
  });
  await registration.update();
  await changed;
  const worker = registration.active;
  if (worker.state !== "activated") {
    await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
  }
}"""

_UNTIL_EMPTY = (
    """(name) => new Promise((resolve) => {
  const look = async () => ((await read(name)).length ? requestAnimationFrame(look) : resolve(true));
  const read = """
    + _READ_STORE
    + """;
  look();
})"""
)

Phones = Callable[[str], Phone]
