"""Every page there is: found by walking from link to link as somebody of every role, and sending every form empty.

A new route is found by itself as long as a link leads to it. A state that no link and no empty form leads to is told in
`states.py`.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule
from werkzeug.test import TestResponse

from outreach.training.world.people import PEOPLE
from tests.looking.reading import Fields, Form, read
from tests.looking.world import STRANGER, Walked

WALKERS = (
    STRANGER, "Karim", "An", "Els", "Yasmina", "Marleen", "Emine", "Joris", "Dirk", "Veerle", "Nora", "Griet",
)  # fmt: skip
"""Somebody of every role; of workers one who visits and one who guides, of coordinators one with little to do."""

ROLE_OF = {one.first_name: one.role for one in PEOPLE} | {STRANGER: "stranger"}

MOST = {"cases.case": 5, "cases.report": 3, "cases.visit": 3}
"""How many pages of one kind somebody looks at; one of any other."""

PEOPLE_PER_FORM = {"cases.report": 3}
"""How many people send each kind of form; one any other."""


NOT_OURS = frozenset({"training.mail_html"})
"""A mail is written for mail programs, by other rules."""


@dataclass(frozen=True)
class Asked:
    """One request: a form that is sent carries its fields, a file as its content and its name."""

    path: str
    sent: Fields | None = None


@dataclass(frozen=True)
class Page:
    """A page as somebody gets it: the requests that lead to it, of which the last one shows it."""

    endpoint: str
    state: str
    who: str
    asked: tuple[Asked, ...]

    @property
    def name(self) -> str:
        """What it is called in reports and file names."""
        return ".".join(filter(None, (self.endpoint, self.state, ROLE_OF[self.who], self.who.lower())))


@dataclass
class Looked:
    """Every page with its text, and every endpoint that answered at all."""

    pages: dict[Page, str] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)


class Walk:
    """Goes everywhere, and puts the world back after every form."""

    def __init__(self, world: Walked) -> None:
        self.world = world
        self.found = Looked()
        self._adapter = world.app.url_map.bind("localhost")
        self._tried: defaultdict[str, set[str]] = defaultdict(set)

    @property
    def rules(self) -> list[Rule]:
        """The rules of every page there is."""
        return [rule for rule in self.world.app.url_map.iter_rules() if "GET" in (rule.methods or ())]

    def everywhere(self) -> Looked:
        """As everybody, from each page that can be asked for outright."""
        first = [rule.rule for rule in self.rules if not rule.arguments]
        for who in WALKERS:
            self._from(who, sorted(first))
        return self.found

    def _from(self, who: str, first: Iterable[str]) -> None:
        browser, ahead, seen, counted = self.world.browser(who), deque(first), set(first), Counter[str]()
        while ahead:
            path = ahead.popleft()
            endpoint = self.endpoint_of(path)
            if endpoint is None or counted[endpoint] >= MOST.get(endpoint, 1):
                continue
            answer = browser.get(path)
            if self._note(endpoint, "", who, (Asked(path),), answer):
                counted[endpoint] += 1
            if answer.status_code == 200 and answer.mimetype == "text/html":
                for link in self._beyond(who, (Asked(path),), answer.text):
                    if link not in seen:
                        seen.add(link)
                        ahead.append(link)
            elif answer.location:
                ahead.appendleft(urlsplit(answer.location).path)

    def _beyond(self, who: str, before: tuple[Asked, ...], text: str) -> list[str]:
        """Send every form of a page; the links of the page."""
        page = read(text)
        for form in page.forms:
            self._try(who, before, form)
        return page.links

    def _try(self, who: str, before: tuple[Asked, ...], form: Form) -> None:
        """Send a form as it comes, filled in, and out of date; each answer is a page, with forms of its own perhaps."""
        action = urljoin(before[-1].path, form.action)
        endpoint = self.endpoint_of(action, "POST")
        if (
            endpoint is None
            or who in self._tried[endpoint]
            or len(self._tried[endpoint]) == PEOPLE_PER_FORM.get(endpoint, 1)
        ):
            return
        self._tried[endpoint].add(who)
        led_here = before if any(asked.sent is not None for asked in before) else ()
        ways = [("sent-empty", form.empty), ("sent", form.filled)]
        if "version" in form.given:
            ways.append(("sent-late", form.stale))
        for state, fields in ways:
            self._send(endpoint, state, who, (*led_here, Asked(action, fields)))

    def _send(self, endpoint: str, state: str, who: str, asked: tuple[Asked, ...]) -> None:
        browser = self.world.browser(who)
        answer = last_of(browser, asked)
        if answer.status_code in (302, 303):
            state = "done"
            asked = (*asked, Asked(answer.location))
            answer = browser.get(answer.location)
        self._note(endpoint, state, who, asked, answer)
        if answer.mimetype == "text/html":
            self._only_from_here(who, browser, asked, answer.text)
        self.world.put_back()
        if answer.mimetype == "text/html" and answer.status_code == 200:
            self._beyond(who, asked, answer.text)

    def _only_from_here(self, who: str, browser: FlaskClient, asked: tuple[Asked, ...], text: str) -> None:
        """Pages no other link led to so far."""
        for link in read(text).links:
            endpoint = self.endpoint_of(link)
            if endpoint is not None and endpoint not in self.found.answered:
                self._note(endpoint, "", who, (*asked, Asked(link)), browser.get(link))

    def ask(self, who: str, path: str, state: str = "") -> TestResponse:
        """Look at a page no link leads to, and send its forms."""
        asked = (Asked(path),)
        answer = self.world.browser(who).get(path)
        if self._note(self.endpoint_of(path) or "", state, who, asked, answer):
            self._beyond(who, asked, answer.text)
        return answer

    def _note(self, endpoint: str, state: str, who: str, asked: tuple[Asked, ...], answer: TestResponse) -> bool:
        if answer.status_code >= 500 and not state.startswith("5"):
            raise AssertionError(f"{asked} by {who or 'a stranger'}: {answer.status_code}")
        if answer.status_code < 400:
            self.found.answered.add(self.endpoint_of(asked[-1].path) or endpoint)
        if answer.mimetype != "text/html" or 300 <= answer.status_code < 400:
            return False
        state = state or ("" if answer.status_code == 200 else str(answer.status_code))
        self.found.pages[Page(endpoint, state, who, asked)] = answer.text
        return not state

    def endpoint_of(self, path: str, method: str = "GET") -> str | None:
        """The endpoint behind a path of ours; None for none."""
        try:
            return str(self._adapter.match(urlsplit(path).path, method=method)[0])
        except (HTTPException, RequestRedirect):
            return None


def send(browser: FlaskClient, asked: Asked) -> TestResponse:
    """Ask for a page, or send a form."""
    if asked.sent is None:
        return browser.get(asked.path)
    return browser.post(asked.path, data=fields_of(asked.sent), content_type="multipart/form-data")


def fields_of(sent: Fields) -> dict[str, object]:
    """The fields as the client takes them; a file is opened anew each time."""
    fields: dict[str, object] = {}
    for name, value in sent:
        fields[name] = value if isinstance(value, str) else (BytesIO(value[0]), value[1])
    return fields


def last_of(browser: FlaskClient, asked: tuple[Asked, ...]) -> TestResponse:
    """The answer to the last of these requests."""
    for one in asked:
        answer = send(browser, one)
    return answer


def shown(world: Walked, page: Page, language: str) -> str:
    """The text of this page in the language people read now; a stranger's browser says which one that is."""
    browser = world.browser(page.who)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    text = last_of(browser, page.asked).text
    if any(asked.sent is not None for asked in page.asked):
        world.put_back()
    return text


def worth_looking_at(looked: Looked) -> list[Page]:
    """Each kind of page, and of its other pages and states those that show a part no page before did."""
    chosen: list[Page] = []
    known: set[str] = set()
    kinds: set[str] = set()
    ours = {page: text for page, text in looked.pages.items() if page.endpoint not in NOT_OURS}
    for page, text in sorted(ours.items(), key=lambda one: one[0].state != ""):
        shapes = read(text).shapes
        if shapes <= known and (page.state or page.endpoint in kinds):
            continue
        known |= shapes
        kinds.add(page.endpoint)
        chosen.append(page)
    return chosen
