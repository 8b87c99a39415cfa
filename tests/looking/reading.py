"""What a page leads to and what it is made of, read from its text alone; and how its forms might be filled in."""

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

Attributes = dict[str, str]

Value = str | tuple[bytes, str]
"""What is sent for a field: text, or a file with its name."""

Fields = tuple[tuple[str, Value], ...]

LIST = (
    "INSZ;Naam;Voornaam;Geboortedatum;Straat;Huisnummer;Bus;Postcode;Gemeente;Referentiepersoon\n"
    ";Safi;Ayaan;01/03/2024;Sleepstraat;171;;9000;Gent;Safi Omar\n"
    ";Safi;Ayaan;01/03/2024;Sleepstraat;171;;9000;Gent;Safi Omar\n"
    ";Safi;Noor;14/06/2023;Sleepstraat;171;;9000;Gent;Safi Omar\n"
    ";Peeters;Lotte;20/05/2031;Dok Noord;4;;9000;Gent;Peeters An\n"
    "24.01.01-000-99;Wouters;Jef;31/02/2024;Dok Noord;6;;9000;Gent;Wouters Jan\n"
)
"""A list with two new children, one row that stands there twice, and two that nobody can use."""

_TYPED = {
    "date": "2026-12-15",
    "datetime-local": "2026-12-15T14:10",
    "email": "iemand@gent.example",
    "number": "2",
    "tel": "+32470000000",
    "time": "14:10",
    "text": "Liefst in de late namiddag",
    "textarea": "Liefst in de late namiddag",
    "password": "een lang wachtwoord",
    "search": "De Smet",
}


@dataclass
class Form:
    """A form that sends something: where to, what stands in it already, and how somebody might fill it in."""

    action: str
    given: dict[str, str] = field(default_factory=dict)
    typed: list[tuple[str, Value]] = field(default_factory=list)

    @property
    def empty(self) -> Fields:
        """Sent without filling in anything."""
        return tuple(self.given.items())

    @property
    def filled(self) -> Fields:
        """Sent with something in every field."""
        return (*self.given.items(), *self.typed)

    @property
    def stale(self) -> Fields | None:
        """Filled in on a page that is out of date, where the form can tell."""
        return tuple(("version", "0") if name == "version" else (name, value) for name, value in self.filled)


class Read(HTMLParser):
    """Links, forms that send, and shapes (tags with their classes) of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.shapes: set[str] = set()
        self._open: Form | None = None
        self._select: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.shapes.add(shape_of(tag, given))
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"].split("#")[0])
        elif tag == "form":
            self._begin(given)
        elif self._open is not None:
            self._fill(self._open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _begin(self, given: Attributes) -> None:
        self._open = Form(given.get("action", ""))
        if given.get("method", "get").lower() == "post":
            self.forms.append(self._open)

    def _fill(self, form: Form, tag: str, given: Attributes) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            form.typed.append((self._select, given["value"]))
            self._select = None
        elif not name:
            return
        elif tag == "input" and kind == "hidden":
            form.given[name] = given.get("value", "")
        elif tag == "input" and kind == "file":
            form.typed.append((name, (LIST.encode(), "lijst.csv")))
        elif kind == "checkbox" or (kind == "radio" and name not in dict(form.typed)):
            form.typed.append((name, given.get("value", "y")))
        elif tag == "button" and name not in form.given:
            form.typed.append((name, given.get("value", "")))
        elif tag in ("input", "textarea") and kind != "radio":
            form.typed.append((name, given.get("value") or _TYPED.get(tag if tag == "textarea" else kind, "")))


def shape_of(tag: str, given: Attributes) -> str:
    """A tag as the style sheets and screen readers see it."""
    told = [given.get(name, "") for name in ("class", "role", "type")]
    return " ".join([tag, *told, *sorted(name for name in given if name.startswith("aria-"))])


@cache
def read(html: str) -> Read:
    """Read a page, once."""
    return Read(html)
