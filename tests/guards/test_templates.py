"""Every page parses, names only pages that exist, and holds nothing the browser would refuse."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta

FOLDER = Path(__file__).parents[2] / "templates"
TEMPLATES = sorted(str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*") if file.suffix in {".html", ".txt"})
PAGES = [name for name in TEMPLATES if name.endswith(".html") and not name.startswith("emails/")]

REFUSED = {
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an inline style": r"<style\b|\sstyle=",
    "an inline handler": r"<[a-z][^>]*\son[a-z]+=",
    "a script address": r"javascript:",
    "a foreign address": r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//",
}
"""What the content security policy does not let through."""


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_parses_with_the_filters_there_are(name: str, sqlite_app: Flask) -> None:
    sqlite_app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_names_only_templates_that_exist(name: str, sqlite_app: Flask) -> None:
    tree = sqlite_app.jinja_env.parse((FOLDER / name).read_text(encoding="utf-8"))
    named = {other for other in meta.find_referenced_templates(tree) if other is not None}
    assert named <= set(TEMPLATES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_nothing_the_browser_would_refuse(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert [what for what, pattern in REFUSED.items() if re.search(pattern, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_translates_words_not_variables(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert set(re.findall(r"\b_\(\s*[^'\"\s][^)]*\)", text)) <= {"_(item.label)"}  # the main menu: a keyword of its own
