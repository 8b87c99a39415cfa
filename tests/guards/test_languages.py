"""No text of one language shows on a page in another: every page is read in Dutch, in French and in English."""

import re
import tomllib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
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

WORDS = 3
"""Shorter texts may be the same by chance, or be a name."""


def texts(language: str) -> set[str]:
    """Every longer text of the catalogues and labels in one language."""
    found = _of_pages(language) | set(_of_labels(language)) | set(_of_processes(language))
    return {_plain(text) for text in found if len(re.findall(r"\w+", text)) >= WORDS}


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


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made_world(tmp_path_factory.mktemp("languages")) as world:
        yield world


def pages(world: World, language: str) -> Iterator[tuple[str, str]]:
    """Every page as somebody sees it who reads this language: its address, and its text."""
    with world.app.app_context(), transaction(db.session):
        db.session.execute(update(Person).where(Person.email.is_not(None)).values(language=language))
    for rule, method in endpoints(world.app):
        for who in READERS:
            if method == "GET" and rule.endpoint != MAIL and _opens(world, rule, who):
                browser = world.browser(who)
                browser.set_cookie(LANGUAGE_COOKIE, language)
                answer = browser.get(url_of(world, rule), buffered=True)
                if answer.mimetype == "text/html" and answer.status_code == 200:
                    yield f"{rule.rule} ({rule.endpoint}) by {who}", answer.text
    yield "a page that is not there", _stranger(world, language).get("/nowhere", buffered=True).text


def _opens(world: World, rule: Rule, who: Who | None) -> bool:
    public = rule_of(world.app, rule.endpoint) == (PUBLIC,)
    return public == (who is None) and expected_of(world, rule, who) == ANSWER


def _stranger(world: World, language: str):
    browser = world.browser(None)
    browser.set_cookie(LANGUAGE_COOKIE, language)
    return browser


def shown(page: str) -> str:
    """What a person reads or hears of a page: its text, and the attributes that are read aloud."""
    without = re.sub(r"<(script|style|svg)\b.*?</\1>|<textarea.*?</textarea>", " ", page, flags=re.DOTALL)
    without = re.sub(r'<(?!html)(\w+)[^>]* lang="\w+"[^>]*>.*?</\1>', " ", without, flags=re.DOTALL)
    aloud = re.findall(r'(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"', without)
    return " ".join(unescape(" ".join([re.sub(r"<[^>]+>", " ", without), *aloud])).split())


def test_a_word_of_another_language_would_be_seen() -> None:
    page = '<html lang="fr"><p>Pas <b>enregistré</b></p><a lang="nl">Nederlands</a><i aria-label="No notes yet."></i>'
    assert shown(page) == "Pas enregistré No notes yet."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_one_language(world: World, language: str) -> None:
    own = texts(language)
    foreign = {
        text: other
        for other in LANGUAGES
        if other != language
        for text in texts(other)
        if len(text.split()) >= WORDS and not any(text in known for known in own)
    }
    wrong: dict[str, set[str]] = {}
    for where, page in pages(world, language):
        assert f'<html lang="{language}"' in page, where
        seen = shown(page)
        for text, other in foreign.items():
            if text in seen:
                wrong.setdefault(f"{other}: {text}", set()).add(where)
    world.put_back()
    assert wrong == {}
