"""Every page can be reached, and what cannot be looked at is told here."""

from tests.looking.kept import Kept
from tests.looking.world import application

NOT_PAGES = {"static", "fails"}

LOOKED_AT_ELSEWHERE = {
    "cases.calendar",
    "cases.conflict",
    "cases.found",
    "cases.letter_texts_page",
    "imports.refused_csv",
    "imports.report_refused",
}
"""Only a calendar program, a search, a late report, an area of letters or a refused row leads there, which the walk
does not make: see their own tests."""


def test_every_page_is_looked_at(kept: Kept, tmp_path_factory) -> None:
    app = application(tmp_path_factory.mktemp("rules"))
    gets = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    unseen = gets - kept.looked.answered - NOT_PAGES - LOOKED_AT_ELSEWHERE
    assert unseen == set(), "no link leads there and no form: give tests/looking/states.py a way to it"
