"""Help is there on every screen: each page has its text, and each text is complete in every language."""

import re

import pytest
from flask import Flask

from outreach.labels import LANGUAGES
from outreach.web.helping import as_written, guide

NO_PAGES = frozenset(
    {
        "static", "web.healthz", "web.readyz", "cases.hello", "imports.refused_csv", "imports.refused_xlsx",
        "imports.report_refused",
        "training.mail_html", "cases.calendar", "device.manifest", "device.worker", "help.index", "help.topic",
    }
)  # fmt: skip
"""What a GET answers without a screen for people to be helped with; and help itself."""


def pages(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} - NO_PAGES


def test_every_page_has_its_help(sqlite_app: Flask) -> None:
    without = pages(sqlite_app) - guide().topics.keys()
    assert without == set(), "a new page: name it in outreach/web/help/topics.toml, and write its text if it needs one"


def test_help_is_about_pages_that_are_there(sqlite_app: Flask) -> None:
    assert {each for each in guide().topics if each not in sqlite_app.view_functions} <= TRAINING_ONLY


TRAINING_ONLY = frozenset({"training.mails", "training.mail"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_short_and_whole(language: str) -> None:
    for topic, told in guide().texts[language].items():
        for part in (told.title, told.what, *told.do, told.next, told.who):
            assert part.strip() == part, topic
            assert 0 < len(part) <= 330, (topic, part)
            assert part.count("*") % 2 == 0, (topic, part)
        assert 1 <= len(told.do) <= 4, topic


def test_no_language_was_copied_from_another() -> None:
    same = {
        topic
        for topic in guide().texts["nl"]
        if len({guide().texts[language][topic].what for language in LANGUAGES}) < len(LANGUAGES)
    }
    assert same == set()


def test_words_of_the_screen_stand_out_and_nothing_else_does() -> None:
    assert as_written("Kies *delen* of <b>") == "Kies <em>delen</em> of &lt;b&gt;"


def test_the_question_mark_leads_to_the_help_of_the_screen(sqlite_app: Flask) -> None:
    page = sqlite_app.test_client().get("/accessibility").text
    found = re.search(r'class="help-link[^"]*" href="([^"]+)"', page)
    assert found
    assert found[1] == "/help/accessibility"
    for topic in guide().texts["nl"]:
        assert sqlite_app.test_client().get(f"/help/{topic}").status_code == 200
    assert sqlite_app.test_client().get("/help/nothing").status_code == 404
