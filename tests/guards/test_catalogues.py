"""Every catalogue is complete: no text of a page or a letter is missing in a language that is offered."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from outreach.labels import LANGUAGES, Catalogue, set_french

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "translations").glob("*/LC_MESSAGES/messages.po"))
LABELS = sorted((ROOT / "outreach").rglob("labels.toml"))
KEYWORDS = re.findall(r"--keyword=(\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
"""Where texts stand besides gettext; the Makefile says it once."""


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """All texts of the code and the pages, as `make catalogue` finds them."""
    template = tmp_path_factory.mktemp("catalogue") / "messages.pot"
    settings = str(ROOT / "pyproject.toml")
    also = [f"--keyword={word}" for word in KEYWORDS]
    CommandLineInterface().run(["pybabel", "-q", "extract", "-F", settings, *also, "-o", str(template), str(ROOT)])
    with template.open("rb") as file:
        return read_po(file)


def placeholders(text: str) -> set[str]:
    """The names a text has filled in: `%(name)s`."""
    return set(re.findall(r"%\((\w+)\)[a-z]", text))


def read(file: Path) -> Catalog:
    """The catalogue kept in this file."""
    with file.open("rb") as opened:
        return read_po(opened, locale=file.parts[-3])


def named(catalogue: Path) -> str:
    """The language of a catalogue, as the name of a test."""
    return catalogue.parts[-3]


def test_every_language_offered_has_a_catalogue() -> None:
    """English needs none: the texts in code and pages are English, and are read as they stand."""
    assert {named(file) for file in CATALOGUES} == set(LANGUAGES) - {"en"}


@pytest.mark.parametrize("file", CATALOGUES, ids=named)
def test_every_text_is_translated(file: Path, texts: Catalog) -> None:
    kept = read(file)
    assert [text.id for text in texts if text.id and not translated(kept.get(text.id))] == []


def translated(message: Message | None) -> bool:
    """Whether somebody wrote this text, and stands by it."""
    return message is not None and bool(message.string) and not message.fuzzy


@pytest.mark.parametrize("file", CATALOGUES, ids=named)
def test_a_translation_fills_in_the_same_names(file: Path) -> None:
    kept = [message for message in read(file) if message.id and message.string]
    assert [m.id for m in kept if placeholders(str(m.id)) != placeholders(str(m.string))] == []


def test_french_is_set_as_it_is_printed() -> None:
    file = ROOT / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
    plain = [str(message.string) for message in read(file) if message.id]
    assert [text for text in plain if text != set_french(text)] == [], "labels.set_french() says what these should be"


def test_code_translates_words_not_variables() -> None:
    wrong = []
    for file in (ROOT / "outreach").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            calls = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
            if (
                calls
                and node.func.id in {"_", "_l", "gettext", "lazy_gettext"}
                and not isinstance(node.args[0], ast.Constant)
            ):
                wrong.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


@pytest.mark.parametrize("file", LABELS, ids=lambda file: file.parent.name)
def test_every_label_is_there_in_three_languages_with_the_same_fields(file: Path) -> None:
    catalogue = Catalogue.load(file)  # refuses a label that lacks a language
    assert [key for key in catalogue if len(fields_of(catalogue, key)) != 1] == []


def fields_of(catalogue: Catalogue, key: str) -> set[frozenset[str]]:
    """The different sets of fields that the texts of one key fill in."""
    texts = [catalogue._texts[key][language] for language in LANGUAGES]
    return {frozenset(name for _, name, _, _ in Formatter().parse(text) if name) for text in texts}
