"""The sheet for parents: who we are, what is kept, whom to ring, how to object; for everybody, about nobody."""

from pathlib import Path
from typing import Any

from flask import abort, render_template, request, url_for

from outreach import labels
from outreach.cases.routes.blueprint import blueprint
from outreach.extensions import db
from outreach.partners.letterhead import Letterhead, letterhead_of
from outreach.partners.queries import find_area
from outreach.web.access import public
from outreach.web.filters import language

WORDS = labels.Catalogue.load(Path(__file__).parents[1] / "parents" / "labels.toml")

PARTS = {"who": 2, "why": 2, "kept": 2, "read": 2}
"""The pictures of the sheet, and how many sentences go with each."""


@blueprint.get("/parents")
@public
def parents() -> str:
    """The sheet in one of our languages, with the public contact of an area when it is named."""
    asked = request.args.get("language", "")
    spoken = asked if asked in labels.LANGUAGES else language()
    large = request.args.get("large") == "1"
    return render_template(
        "cases/parents.html",
        spoken=spoken,
        words={key: WORDS.text(key, spoken) for key in WORDS},
        parts=PARTS,
        head=_head(request.args.get("area")),
        large=large,
        choices=[(each, _url(language=each, large=large), each == spoken) for each in labels.LANGUAGES],
        size_url=_url(language=spoken, large=not large),
    )


def _head(key: str | None) -> Letterhead | None:
    if not key:
        return None
    area = find_area(db.session, key)
    if area is None:
        abort(404)
    return letterhead_of(db.session, area)


def _url(*, language: str, large: bool) -> str:
    kept: dict[str, Any] = {"area": request.args.get("area") or None, "large": "1" if large else None}
    return url_for("cases.parents", language=language, **kept)
