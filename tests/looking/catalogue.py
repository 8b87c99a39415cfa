"""Every page there is: found by walking from link to link as somebody of every role, and sending every form empty.

A new route is found by itself as long as a link leads to it. A state that no link and no empty form leads to is told in
`states.py`.
"""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from outreach.training.world.people import PEOPLE
from tests.looking.reading import Form, Read
from tests.looking.world import STRANGER, Walked

WALKERS = (
    STRANGER, "Karim", "An", "Els", "Yasmina", "Marleen", "Emine", "Joris", "Dirk", "Veerle", "Nora", "Griet",
)  # fmt: skip
"""Somebody of every role; of workers one who visits and one who guides, of coordinators one with little to do."""

ROLE_OF = {one.first_name: one.role for one in PEOPLE} | {STRANGER: "stranger"}

MOST = {"cases.case": 8, "cases.report": 4, "cases.visit": 4}
"""How many pages of one kind somebody looks at; two of any other."""

Sent = tuple[tuple[str, str | tuple[bytes, str]], ...]


@dataclass(frozen=True)
class Asked:
    """One request: a form that is sent carries its fields, a file as its content and its name."""

    path: str
    sent: Sent | None = None


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
        self._tried: set[tuple[str, str]] = set()

    def everywhere(self) -> Looked:
        """As everybody, from each page that can be asked for outright."""
        first = [rule.rule for rule in self.world.app.url_map.iter_rules() if not rule.arguments and _is_get(rule)]
        for who in WALKERS:
            self._from(who, sorted(first))
        return self.found

    def _from(self, who: str, first: Iterable[str]) -> None:
        browser, ahead, seen, counted = self.world.browser(who), deque(first), set(first), Counter[str]()
        while ahead:
            path = ahead.popleft()
            endpoint = self.endpoint_of(path)
            if endpoint is None or counted[endpoint] >= MOST.get(endpoint, 2):
                continue
            answer = browser.get(path)
            if self._note(endpoint, "", who, (Asked(path),), answer):
                counted[endpoint] += 1
            if answer.status_code == 200 and answer.mimetype == "text/html":
                for link in self._beyond(who, browser, path, answer.text):
                    if link not in seen:
                        seen.add(link)
                        ahead.append(link)
            elif answer.location:
                ahead.appendleft(urlsplit(answer.location).path)

    def _beyond(self, who: str, browser: FlaskClient, path: str, text: str) -> list[str]:
        read = Read(text)
        for form in read.forms:
            self._try(who, browser, path, form)
        return read.links

    def _try(self, who: str, browser: FlaskClient, path: str, form: Form) -> None:
        """Send a form as it comes: a form that is refused is a page, and so is the one that says it is done."""
        action = urljoin(path, form.action)
        endpoint = self.endpoint_of(action, "POST")
        if endpoint is None or (who, endpoint) in self._tried:
            return
        self._tried.add((who, endpoint))
        browser = self.world.browser(who)
        asked = (Asked(action, tuple(form.given.items())),)
        answer = send(browser, asked[0])
        if answer.status_code in (302, 303):
            asked = (*asked, Asked(answer.location))
            answer = browser.get(answer.location)
            self._note(endpoint, "done", who, asked, answer)
        else:
            self._note(endpoint, "sent-empty", who, asked, answer)
        self.world.put_back()

    def _note(self, endpoint: str, state: str, who: str, asked: tuple[Asked, ...], answer: TestResponse) -> bool:
        if answer.status_code >= 500:
            raise AssertionError(f"{asked} by {who or 'a stranger'}: {answer.status_code}")
        if answer.status_code < 400:
            self.found.answered.add(endpoint)
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


def _is_get(rule: object) -> bool:
    return "GET" in (getattr(rule, "methods", None) or ())


def send(browser: FlaskClient, asked: Asked) -> TestResponse:
    """Ask for a page, or send a form."""
    if asked.sent is None:
        return browser.get(asked.path)
    return browser.post(asked.path, data=fields_of(asked.sent), content_type="multipart/form-data")


def fields_of(sent: Sent) -> dict[str, object]:
    """The fields as the client takes them; a file is opened anew each time."""
    fields: dict[str, object] = {}
    for name, value in sent:
        fields[name] = value if isinstance(value, str) else (BytesIO(value[0]), value[1])
    return fields


def shown(world: Walked, page: Page) -> str:
    """The text of this page in the language people read now."""
    browser = world.browser(page.who)
    for asked in page.asked:
        answer = send(browser, asked)
    if len(page.asked) > 1 or page.asked[0].sent is not None:
        world.put_back()
    return answer.text


def worth_looking_at(looked: Looked) -> list[Page]:
    """Of the pages of one kind those that show something the ones before did not."""
    chosen: list[Page] = []
    known: dict[tuple[str, str], set[str]] = {}
    for page, text in looked.pages.items():
        shapes = known.setdefault((page.endpoint, page.state), set())
        new = Read(text).shapes
        if not new <= shapes:
            shapes |= new
            chosen.append(page)
    return chosen
