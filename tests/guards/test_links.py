"""Every link a mail can carry leads to a page one can open."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from outreach import clock
from outreach.cases.commands.reminding import remind
from outreach.notifications.models import OutboxLine
from outreach.web.access import PUBLIC, rule_of
from tests.ground.field import make_field

ROOT = Path(__file__).parents[2] / "outreach"
LINKED = ("/cases/", "/areas", "/my-work", "/outbox", "/year-end")
"""How the path of a line may begin (notifications/lines.py)."""


def paths_in_code() -> dict[str, str]:
    """Every path that a command spells out, with a reference and a number where it has gaps."""
    found = {}
    for file in sorted([*ROOT.glob("*/commands/**/*.py"), *ROOT.glob("*/commands.py"), *ROOT.glob("*/queries/*.py")]):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for path in _paths(node):
                found[path] = str(file.relative_to(ROOT))
    return found


def _paths(node: ast.AST) -> list[str]:
    match node:
        case ast.JoinedStr(values=values):
            parts = [_filled(part) if isinstance(part, ast.FormattedValue) else str(part.value) for part in values]
            text = "".join(parts)
        case ast.Constant(value=str(text)):
            pass
        case _:
            return []
    whole = text.startswith(LINKED) and re.fullmatch(r"/[\w/?=-]+[\w]", text)
    return [text] if whole else []


def _filled(part: ast.FormattedValue) -> str:
    name = ast.unparse(part.value)
    return "K7M4P-2" if "reference" in name else "3" if "number" in name else "gent"


def opens(app: Flask, path: str) -> str:
    """The endpoint a GET of this path reaches."""
    adapter = app.url_map.bind("localhost")
    try:
        endpoint, _values = adapter.match(path.partition("?")[0], method="GET")
    except HTTPException as error:
        pytest.fail(f"a mail can lead to {path}, and there is no such page ({error.code})")
    return str(endpoint)


def test_the_code_names_links_at_all() -> None:
    assert {"/cases/K7M4P-2/steps/3", "/areas", "/my-work?whose=team"} <= paths_in_code().keys()


@pytest.mark.parametrize("path", paths_in_code())
def test_a_path_written_in_the_code_is_a_page(sqlite_app: Flask, path: str) -> None:
    assert rule_of(sqlite_app, opens(sqlite_app, path)) not in ((), (PUBLIC,))


def test_the_links_of_a_real_digest_are_pages(app: Flask, session: Session) -> None:
    """Lotte's case is at intake; three weeks later everybody above has been told."""
    field = make_field(session)
    field.case("Lotte", clock.today().replace(year=2024))
    assert field.coordinator.role == "coordinator"
    session.commit()
    with clock.at(clock.parse_moment("2027-01-19T08:05")):
        remind(session)
        session.commit()
    paths = {line.data["path"] for line in session.scalars(select(OutboxLine))}
    assert paths
    for path in paths:
        assert opens(app, path)
