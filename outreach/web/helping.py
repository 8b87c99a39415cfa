"""Help on every screen: what it is, what one does there, what happens next, who sees it; in each language complete."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, abort, render_template, request, url_for
from markupsafe import Markup, escape

from outreach.errors import Unsound
from outreach.labels import LANGUAGES
from outreach.web.access import public
from outreach.web.filters import language

FOLDER = Path(__file__).parent / "help"

blueprint = Blueprint("help", __name__)


@dataclass(frozen=True)
class Help:
    """The help of one topic, in one language. Words between asterisks stand on the screen as they are written."""

    title: str
    what: str
    do: tuple[str, ...]
    next: str
    who: str


@dataclass(frozen=True)
class Guide:
    """All help: topics by group, the topic of each screen, and the texts by language."""

    groups: Mapping[str, tuple[str, ...]]
    topics: Mapping[str, str]
    texts: Mapping[str, Mapping[str, Help]]
    headings: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=1)
def guide() -> Guide:
    """The help of this installation, read once. Raises Unsound for a text that is missing or nobody can find."""
    plan = _read("topics")
    screens: dict[str, list[str]] = plan["screens"]
    written = {each: _read(each) for each in LANGUAGES}
    headings = {each: content.pop("groups") for each, content in written.items()}
    texts = {
        each: {topic: Help(**{**told, "do": tuple(told["do"])}) for topic, told in content.items()}
        for each, content in written.items()
    }
    listed = [topic for topics in plan["groups"].values() for topic in topics]
    for each in LANGUAGES:
        if (
            set(texts[each]) != set(screens)
            or set(listed) != set(screens)
            or set(headings[each]) != set(plan["groups"])
        ):
            odd = (set(texts[each]) ^ set(screens)) | (set(listed) ^ set(screens))
            raise Unsound("help_incomplete", language=each, topics=", ".join(sorted(odd)))
    topics = {endpoint: topic for topic, endpoints in screens.items() for endpoint in endpoints}
    groups = {group: tuple(topics) for group, topics in plan["groups"].items()}
    return Guide(groups, topics, texts, headings)


def _read(name: str) -> dict[str, Any]:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def register(app: Flask) -> None:
    """Give every page the way to its help."""
    guide()
    app.register_blueprint(blueprint)
    app.context_processor(lambda: {"help_url": help_url(request.endpoint)})
    app.jinja_env.filters["as_written"] = as_written


def help_url(endpoint: str | None) -> str:
    """Where the help of this screen stands; without one of its own, the list of all."""
    topic = guide().topics.get(endpoint or "")
    return url_for("help.topic", name=topic) if topic else url_for("help.index")


def as_written(text: str) -> Markup:
    """A text with what stands on the screen, `*like this*`, in italics."""
    parts = [escape(part) for part in text.split("*")]
    return Markup("").join(
        Markup("<em>{}</em>").format(part) if number % 2 else part for number, part in enumerate(parts)
    )


@blueprint.get("/help")
@public
def index() -> str:
    """All help, by what one is busy with."""
    texts, headings = guide().texts[language()], guide().headings[language()]
    groups = [
        {"heading": headings[group], "topics": [(topic, texts[topic]) for topic in topics]}
        for group, topics in guide().groups.items()
    ]
    return render_template("help/index.html", groups=groups)


@blueprint.get("/help/<name>")
@public
def topic(name: str) -> str:
    """The help of one screen."""
    found = guide().texts[language()].get(name)
    if found is None:
        abort(404)
    beside = next(topics for topics in guide().groups.values() if name in topics)
    others = [(each, guide().texts[language()][each].title) for each in beside if each != name]
    return render_template("help/topic.html", name=name, help=found, others=others)
