"""No text of one language shows on a page in another: every page is read in Dutch, in French and in English."""

import re
import tomllib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import wtforms
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.routing import Rule

from outreach.accounts.models import Person
from outreach.accounts.signed_in import LANGUAGE_COOKIE
from outreach.database import transaction
from outreach.extensions import db
from outreach.labels import LANGUAGES, Catalogue
from outreach.web.access import PUBLIC, rule_of

from .access_world import Who, World, made_world
from .test_access import ANSWER, endpoints, expected_of, url_of

ROOT = Path(__file__).parents[2]

READERS = (
    Who("worker", "own"),
    Who("team-lead", "own"),
    Who("coordinator", "lead"),
    Who("coordinator", "lead of the other area"),
    Who("clb", "asked"),
    Who("administrator", "own"),
    Who("agodi", "own"),
    Who("dpo", "own"),
    None,
)
"""Between them they see every page there is."""

MAIL = "training.mail_html"
"""A mail as it was sent, in the language of who it is for."""

WORDS = 2
"""A single word may be the same by chance, or be a name."""


def texts(language: str) -> set[str]:
    """Every longer text of the catalogues and labels in one language."""
    found = {*_of_pages(language), *_of_labels(language), *_of_processes(language), *_of_forms(language)}
    return {plain for plain in map(_plain, found) if len(plain.split()) >= WORDS}


def _of_pages(language: str) -> set[str]:
    file = ROOT / "translations" / ("nl" if language == "en" else language) / "LC_MESSAGES" / "messages.po"
    with file.open("rb") as opened:
        kept = [message for message in read_po(opened) if message.id]
    return {str(message.id if language == "en" else message.string) for message in kept}


def _of_labels(language: str) -> Iterator[str]:
    for file in (ROOT / "outreach").rglob("labels.toml"):
        catalogue = Catalogue.load(file)
        yield from (catalogue._texts[key][language] for key in catalogue if not key.startswith("own_name."))


def _of_processes(language: str) -> Iterator[str]:
    for file in (ROOT / "outreach" / "cases" / "workflows").glob("*.toml"):
        yield from _words(tomllib.loads(file.read_text(encoding="utf-8")), language)


def _of_forms(language: str) -> Iterator[str]:
    """What WTForms itself says of a field."""
    file = Path(wtforms.__file__).parent / "locale" / ("nl" if language == "en" else language) / "LC_MESSAGES"
    with (file / "wtforms.mo").open("rb") as opened:
        kept = [message for message in read_mo(opened) if isinstance(message.id, str) and message.id]
    yield from (str(message.id if language == "en" else message.string) for message in kept)


def _words(tree: Any, language: str) -> Iterator[str]:
    """Every text in a tree that is said in three languages."""
    if isinstance(tree, dict) and set(LANGUAGES) <= tree.keys():
        yield tree[language]
    elif isinstance(tree, dict | list):
        for branch in tree.values() if isinstance(tree, dict) else tree:
            yield from _words(branch, language)


def _plain(text: str) -> str:
    """The longest piece of a text between what is filled in, spaces made even."""
    pieces = re.split(r"%\(\w+\)s|\{[^}]*\}", text)
    return " ".join(max(pieces, key=len).split()).strip(" .:;,?!")


@pytest.fixture(scope="module", params=LANGUAGES)
def spoken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """The world in which everybody reads one language, and that language."""
    with made_world(tmp_path_factory.mktemp("languages")) as world:
        with world.app.app_context(), transaction(db.session):
            everybody = update(Person).where(Person.email.is_not(None))
            db.session.execute(everybody.values(language=request.param))
        world.keep()
        yield world, request.param


def pages(world: World, language: str) -> Iterator[tuple[str, str]]:
    """Every page there is, and every form sent back empty, as its readers see it: where it stands, and its HTML."""
    for rule, method in endpoints(world.app):
        if rule.endpoint == MAIL:
            continue
        for who in [one for one in READERS if _opens(world, rule, one)]:
            answer = _browser(world, who, language).open(url_of(world, rule), method=method, buffered=True)
            if answer.mimetype == "text/html" and answer.status_code in (200, 400):
                yield f"{method} {rule.rule} ({rule.endpoint}) by {who}", answer.text
            if method != "GET":
                world.put_back()
                break
    yield "a page that is not there", _browser(world, None, language).get("/nowhere", buffered=True).text


def _browser(world: World, who: Who | None, language: str) -> FlaskClient:
    browser = world.browser(who)
    browser.set_cookie(LANGUAGE_COOKIE, language)
    return browser


def _opens(world: World, rule: Rule, who: Who | None) -> bool:
    public = rule_of(world.app, rule.endpoint) == (PUBLIC,)
    return public == (who is None) and expected_of(world, rule, who) == ANSWER


def shown(page: str) -> str:
    """What a person reads or hears of a page: its text, and the attributes that are read aloud."""
    without = re.sub(r"<(script|style|svg)\b.*?</\1>|<textarea.*?</textarea>", " ", page, flags=re.DOTALL)
    without = re.sub(r'<(?!html)(\w+)[^>]* lang="\w+"[^>]*>.*?</\1>', " ", without, flags=re.DOTALL)
    aloud = re.findall(r'(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"', without)
    return " ".join(unescape(" ".join([re.sub(r"<[^>]+>", " ", without), *aloud])).split())


def test_a_word_of_another_language_would_be_seen() -> None:
    page = '<html lang="fr"><p>Pas <b>enregistré</b></p><a lang="nl">Nederlands</a><i aria-label="No notes yet."></i>'
    assert shown(page) == "Pas enregistré No notes yet."


def test_every_page_speaks_one_language(spoken: tuple[World, str]) -> None:
    world, language = spoken
    own = "\n".join(texts(language))
    others = [other for other in LANGUAGES if other != language]
    foreign = {text: other for other in others for text in texts(other) if text not in own}
    wrong: dict[str, set[str]] = {}
    for where, page in pages(world, language):
        assert f'<html lang="{language}"' in page, where
        seen = shown(page)
        for text in [text for text in foreign if text in seen]:
            wrong.setdefault(f"{foreign[text]}: {text}", set()).add(where)
    assert wrong == {}
