"""The timeline as a story: chapters by month, narrowed to what somebody wants to read again."""

from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.cases.commands.reminding.desk import NUDGED
from outreach.cases.queries.case_page import Scene
from outreach.cases.queries.mails import Told
from outreach.cases.routes.shown import step_name
from outreach.labels import month
from outreach.notifications.letters import rule_text
from outreach.notifications.routes import COORDINATOR
from outreach.notifications.words import WORDS as POST
from outreach.web.filters import language, moment

CONTACTS, STEPS, NOTES, FAMILY, MAILS = "contacts", "steps", "notes", "family", "mails"

_KINDS = {
    "home_visit_recorded": CONTACTS,
    "late_visit_recorded": CONTACTS,
    **dict.fromkeys(("visit_planned", "colleague_invited", "invitation_moved", "invitation_called_off"), CONTACTS),
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
            "children_merged",
            "children_parted",
            "children_told_apart",
            "number_changed",
            "number_change_undone",
            "name_corrected",
            "birth_date_corrected",
            "moved_apart",
        ),
        FAMILY,
    ),
}
"""What an event is about; everything else is a step of the case."""


def kind_of(event: str, has_attempt: bool) -> str:
    """Where an event stands in the filter."""
    return CONTACTS if has_attempt else _KINDS.get(event, STEPS)


_TONES = {"failed": "late", "retry": "soon", "sent": "fine"}
_MARKS = {"failed": "error", "retry": "retry", "withdrawn": "undo", "queued": "waiting", "claimed": "send"}


def mails_told(scene: Scene, mails: list[Told]) -> list[dict[str, Any]]:
    """The mails about its steps as events of the story; who got one for the same reason are named together."""
    together: dict[tuple[Any, ...], list[Told]] = {}
    for mail in mails:
        together.setdefault((mail.step.id, mail.at, mail.state, mail.fault, mail.gone, str(mail.rule)), []).append(mail)
    return [_mail_told(scene, each) for each in together.values()]


def _mail_told(scene: Scene, mails: list[Told]) -> dict[str, Any]:
    mail = mails[0]
    names = ", ".join(dict.fromkeys(each.to or _("the team") for each in mails))
    asked = (mail.rule or {}).get("rung") == NUDGED
    return {
        "icon": _MARKS.get(mail.state or "", "letter"),
        "tone": _TONES.get(mail.state or "", "plain"),
        "title": _("Urgent mail to %(names)s", names=names) if mail.urgent else _mail_title(names, asked=asked),
        "of": step_name(scene.track_of(mail.step), mail.step),
        "quiet": mail.state != "failed",
        "at": moment(mail.at),
        "when": mail.at,
        "kind": MAILS,
        "by": _became(mail),
        "organisation": "",
        "lines": [why] if (why := rule_text(mail.rule, language())) else [],
        "mail_url": _mail_url(scene, mail),
    }


def _mail_title(names: str, *, asked: bool) -> str:
    title: str = (
        _("A nudge by mail to %(names)s", names=names) if asked else _("Reminder by mail to %(names)s", names=names)
    )
    return title


def _became(mail: Told) -> str:
    """What became of it, in a few words."""
    if mail.gone:
        return POST.text(f"withdrawn.{mail.gone}", language())
    state = POST.text(f"state.{mail.state}", language()) if mail.state else ""
    return f"{state}: {POST.text(f'error.{mail.fault}', language())}" if mail.fault and mail.state != "sent" else state


def _mail_url(scene: Scene, mail: Told) -> str | None:
    """The mail itself, for who may look into the outbox."""
    if scene.actor.role != COORDINATOR or mail.message_id is None:
        return None
    return url_for("notifications.mail", message_id=mail.message_id)


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
