"""What was done in a case that turned out to be a double, told in the case that goes on."""

from dataclasses import replace
from typing import Any

from outreach.cases.queries.case_page import Scene, scenes_of_doubles
from outreach.cases.queries.merges import MERGED
from outreach.cases.queries.timeline import case_timeline
from outreach.cases.routes.header import notes_of
from outreach.cases.routes.story import story_of
from outreach.cases.words import text
from outreach.extensions import db
from outreach.web.filters import language


def stories_of_doubles(scene: Scene) -> list[dict[str, Any]]:
    """The events of every double of this case, each saying from which case; that it was merged is told once."""
    found = []
    for double in scenes_of_doubles(db.session, scene):
        timeline = case_timeline(db.session, double)
        told = replace(timeline, happenings=[one for one in timeline.happenings if one.event.kind != MERGED])
        found += [
            {**event, "lines": [_from(double), *event["lines"]], "text_url": None} for event in story_of(double, told)
        ]
    return found


def notes_of_doubles(scene: Scene) -> list[dict[str, Any]]:
    """The notes of every double this person may read."""
    return [
        {**note, "correct_url": None} for double in scenes_of_doubles(db.session, scene) for note in notes_of(double)
    ]


def _from(double: Scene) -> str:
    return text("line.of_double", language(), reference=double.case.reference)
