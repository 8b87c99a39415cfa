"""The timeline as a story: chapters by month, narrowed to what somebody wants to read again."""

from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.cases.queries.case_page import Scene
from outreach.cases.queries.mails import Reminded
from outreach.cases.routes.shown import step_name
from outreach.labels import month
from outreach.web.filters import language, moment

CONTACTS, STEPS, NOTES, FAMILY, MAILS = "contacts", "steps", "notes", "family", "mails"

_KINDS = {
    "home_visit_recorded": CONTACTS,
    "late_visit_recorded": CONTACTS,
    "visit_planned": CONTACTS,
    "parents_agreed": CONTACTS,
    "note_added": NOTES,
    "note_corrected": NOTES,
    "side_step_asked": NOTES,
    "side_step_answered": NOTES,
    **dict.fromkeys(
        (
            "companion_named",
            "companion_left",
            "contact_added",
            "contact_changed",
            "contact_ended",
            "language_noted",
            "interpreter_noted",
            "address_corrected",
            "secrecy_set",
            "with_two_said",
            "with_two_ended",
            "household_split",
            "household_joined",
            "siblings_said",
            "child_added",
            "number_changed",
            "number_change_undone",
        ),
        FAMILY,
    ),
}
"""What an event is about; everything else is a step of the case."""


def kind_of(event: str, has_attempt: bool) -> str:
    """Where an event stands in the filter."""
    return CONTACTS if has_attempt else _KINDS.get(event, STEPS)


def mails_told(scene: Scene, mails: list[Reminded]) -> list[dict[str, Any]]:
    """The reminders as events of the story."""
    return [
        {
            "icon": "letter",
            "tone": "plain",
            "title": _("Reminder by mail to %(names)s", names=", ".join(mail.names) or _("the team")),
            "of": step_name(scene.track_of(mail.step), mail.step),
            "quiet": True,
            "at": moment(mail.at),
            "when": mail.at,
            "kind": MAILS,
            "by": "",
            "organisation": "",
        }
        for mail in mails
    ]


def chapters_of(events: list[dict[str, Any]], show: str | None) -> list[dict[str, Any]]:
    """The events of one kind, or all, newest first, by month."""
    chosen = [event for event in events if show is None or event["kind"] == show]
    chosen.sort(key=lambda event: event["when"], reverse=True)
    months = groupby(chosen, key=lambda event: clock.local(event["when"]).date().replace(day=1))
    return [{"title": month(first, language()), "events": list(told)} for first, told in months]


def filters_of(reference: str, events: list[dict[str, Any]], show: str | None) -> list[dict[str, Any]]:
    """The kinds there are, each with how many, as links; nothing to choose when there is only one."""
    texts = {
        CONTACTS: _("Visits and contacts"),
        STEPS: _("Steps"),
        NOTES: _("Notes and questions"),
        FAMILY: _("Family"),
        MAILS: _("Mails"),
    }
    counts = {key: sum(event["kind"] == key for event in events) for key in texts}
    there = [key for key, count in counts.items() if count]
    if len(there) < 2:
        return []
    links = [{"label": _("Everything"), "count": len(events), "key": None}]
    links += [{"label": texts[key], "count": counts[key], "key": key} for key in there]
    for link in links:
        link["url"] = url_for("cases.case", reference=reference, show=link["key"], _anchor="timeline")
        link["current"] = link["key"] == show
    return links
