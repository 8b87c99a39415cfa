"""What a page leads to and what it is made of, read from its text alone."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str]


@dataclass
class Form:
    """A form that sends something: where to, and what stands in it already."""

    action: str
    encoding: str
    given: dict[str, str] = field(default_factory=dict)


class Read(HTMLParser):
    """Links, forms that send, and shapes (tags with their classes) of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.shapes: set[str] = set()
        self._open: Form | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.shapes.add(shape_of(tag, given))
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"].split("#")[0])
        if tag == "form":
            self._begin(given)
        if tag == "input" and given.get("type") == "hidden" and self._open is not None:
            self._open.given[given.get("name", "")] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _begin(self, given: Attributes) -> None:
        self._open = Form(given.get("action", ""), given.get("enctype", ""))
        if given.get("method", "get").lower() == "post":
            self.forms.append(self._open)


def shape_of(tag: str, given: Attributes) -> str:
    """A tag as the style sheets see it."""
    told = [given.get(name, "") for name in ("class", "role", "type")]
    return " ".join([tag, *told, *sorted(name for name in given if name.startswith(("aria-", "data-")))])
