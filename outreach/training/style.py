"""The page that shows every part of the design language; what it is written in is docs/design.md."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, render_template
from flask_babel import gettext as _, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired

from outreach.web.access import allowed

blueprint = Blueprint("style", __name__)

COLOURS = ("paper", "card", "sunk", "ink", "ink-soft", "line", "line-strong", "brand", "brand-soft", "sun", "focus")
URGENCIES = ("late", "tight", "soon", "fine", "paused", "planned", "waiting")
SPACES = (1, 2, 3, 4, 5, 6, 7)


class Sample(FlaskForm):  # type: ignore[misc]
    """One field of every kind."""

    name = StringField(lazy_gettext("Name"), [InputRequired()])
    email = EmailField(lazy_gettext("E-mail address"), [InputRequired(), Email()])
    on = DateField(lazy_gettext("Day"))
    language = SelectField(lazy_gettext("Language"))
    outcome = RadioField(lazy_gettext("What happened?"))
    note = TextAreaField(lazy_gettext("Note"))
    shared = BooleanField(lazy_gettext("Shared with everybody on this case"))


@blueprint.get("/styleguide")
@allowed()
def styleguide() -> str:
    """Every part of the look, with invented people."""
    return render_template(
        "training/style/guide.html",
        colours=COLOURS,
        urgencies=URGENCIES,
        spaces=SPACES,
        icons=icon_names(),
        good=_form("good", name="Nour Haddad", email="nour@gent.example", outcome="nobody"),
        wrong=_wrong(),
        cards=_cards(),
        track=_track(),
        chapters=_chapters(),
        household=_household(),
        doors=_doors(),
    )


def icon_names() -> list[str]:
    """Every sign of the sprite, in the order of the alphabet."""
    sprite = Path(current_app.static_folder or "", "icons.svg").read_text(encoding="utf-8")
    return sorted(re.findall(r'<symbol[^>]*\bid="([^"]+)"', sprite))


def _form(prefix: str, **filled: Any) -> Sample:
    form = Sample(None, meta={"csrf": False}, prefix=prefix, on=date(2026, 12, 15), **filled)
    form.language.choices = [("nl", "Nederlands"), ("fr", "Français")]
    form.outcome.choices = [("wants", _("Wants to go to school")), ("nobody", _("Nobody reached"))]
    return form


def _wrong() -> Sample:
    form = _form("wrong", email="nour@")
    form.name.errors = [str(_("Fill in a name."))]
    form.email.errors = [str(_("An e-mail address has a name, an @ and a place."))]
    return form


def _cards() -> list[dict[str, Any]]:
    shut = {"text": _("Last: at the door, Tue 8 Dec, nobody reached."), "advice": _("Better in the evening.")}
    base = {"case_url": "#", "task": _("Home visit"), "neighbourhood": "9000 Gent", "age": _("3 years 4 months")}
    report = {"url": "#", "label": _("Report a visit"), "icon": "visit"}
    return [
        {
            **base,
            "name": "Nour Haddad",
            "reference": "K7M4-2",
            "street": "Sleepstraat 2",
            "language": _("Arabic"),
            "interpreter": True,
            "due_text": _("aim %(day)s", day="15-12-2026"),
            "why": [_("Ten school days after the visit of 1 December; the holiday is skipped.")],
            "urgency": "late",
            "last_attempt": shut,
            "action": report,
            "not_home": "#",
        },
        {
            **base,
            "name": "Vanderbeeken-Vansteenkiste Maximiliaan",
            "reference": "P3QX-9",
            "street": "Kortrijksepoortstraat 214 bus 3",
            "due_text": _("agreed on %(day)s", day="18-12-2026"),
            "urgency": "fine",
            "household_count": 2,
            "action": report,
        },
    ]


def _track() -> dict[str, Any]:
    done = {"label": _("First look"), "state": "done", "owner": "LOP Gent", "date": "9-9-2026"}
    here = {"label": _("Home visit"), "state": "now", "owner": "Inloopteam De Brug", "date": ""}
    names = (_("School choice"), _("Warm welcome"))
    return {
        "label": _("Not enrolled"),
        "steps": [done, here, *({"label": name, "state": "coming"} for name in names)],
    }


def _chapters() -> list[dict[str, Any]]:
    visit = {
        "icon": "visit",
        "tone": "brand",
        "title": _("Nobody reached"),
        "of": _("Home visit"),
        "at": "8-12-2026, 14:10",
        "by": "Karim Bensaid",
        "organisation": "Inloopteam De Brug",
        "lines": [_("Better in the evening.")],
        "after": [_("aim %(day)s", day="15-12-2026")],
    }
    mail = {"icon": "letter", "title": _("Reminder by mail"), "at": "7-12-2026, 8:00", "quiet": True}
    return [{"title": "12-2026", "events": [visit, mail]}]


def _household() -> dict[str, Any]:
    here = {"name": "Nour Haddad", "age": _("3 years 4 months"), "url": "#", "here": True, "state": _("Home visit")}
    other = {"name": "Sami Haddad", "age": _("2 years"), "url": "#", "state": _("Home visit"), "urgency": "soon"}
    return {"address": "Sleepstraat 2, 9000 Gent", "children": [here, other], "siblings_said": False}


def _doors() -> list[dict[str, Any]]:
    refused = _("the aim was moved once already")
    return [
        {"url": "#", "label": _("Report a visit"), "icon": "visit", "main": True},
        {"url": "#", "label": _("Pause"), "icon": "paused"},
        {"label": _("Set a new aim"), "icon": "edit", "refused": refused},
    ]
