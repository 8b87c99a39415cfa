"""How changes, conflicts and moved dates are shown on the pages of this room."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import Field

from outreach.accounts.actors import Actor
from outreach.administration.commands.moving import Preview
from outreach.administration.models import PartnerChange
from outreach.administration.policy import may_administer
from outreach.administration.queries import changes_of, last_change
from outreach.administration.words import WORDS, readable, written
from outreach.cases.commands.rederiving import Moved
from outreach.cases.queries.naming import Names, names
from outreach.cases.words import step_label
from outreach.cases.workflow import processes
from outreach.children.grants import Scope, scopes_of
from outreach.web.filters import day, language, moment

LONGEST = 100
"""Rows of moved dates on one page; the rest is counted."""

_BEST_KNOWN = "enrolment"


def preview_shown(session: Session, actor: Actor, preview: Preview, change: PartnerChange) -> dict[str, Any]:
    """What moves: how many, to which side, by kind of step; and for who may see those cases, which."""
    seen = {} if may_administer(actor) else scopes_of(session, actor, {each.case.id for each in preview.moved})
    mine = [each for each in preview.moved if each.case.id in seen]
    kinds = Counter(step_label(each.process, each.step.key, language()) for each in preview.moved)
    known = names(session, [], {each.step.organisation_id for each in mine[:LONGEST]})
    sides = Counter(_side(each) for each in preview.moved)
    return {
        "change": change_shown(change),
        "digest": preview.digest,
        "count": len(preview.moved),
        "later": sides["later"],
        "sooner": sides["sooner"],
        "kinds": sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0])),
        "rows": [_row(each, seen[each.case.id], known) for each in mine[:LONGEST]],
        "more": len(mine) - len(mine[:LONGEST]),
        "hidden": 0 if may_administer(actor) else len(preview.moved) - len(mine),
    }


def _side(each: Moved) -> str:
    """Sooner as soon as one of its two days is: that asks for attention."""
    before, after = each.before, each.after
    pairs = ((before.aim_on, after.aim_on), (before.too_late_on, after.too_late_on))
    sooner = any(was is None or now < was for was, now in pairs if now is not None and was != now)
    return "sooner" if sooner else "later"


def _row(each: Moved, scope: Scope, known: Names) -> dict[str, Any]:
    before, after = each.before, each.after
    return {
        "reference": each.case.reference,
        "url": url_for("cases.case", reference=each.case.reference),
        "step": step_label(each.process, each.step.key, language()),
        "owner": known.organisation(each.step.organisation_id) if scope is Scope.FULL else "",
        "aim": _pair(before.aim_on, after.aim_on),
        "too_late": _pair(before.too_late_on, after.too_late_on),
    }


def _pair(before: Any, after: Any) -> dict[str, Any]:
    return {"before": day(before) or "–", "after": day(after) or "–", "moved": before != after}


def step_text(key: str) -> str:
    """The name of a step of the table of who gets what: that of the process it is best known from."""
    known = sorted(processes(), key=lambda process: process.key != _BEST_KNOWN)
    found = next((each.key for each in known if any(rule.key == key for rule in each.steps)), _BEST_KNOWN)
    return step_label(found, key, language())


def changes_shown(session: Session, subject: str) -> list[dict[str, Any]]:
    """The last changes on a page, newest first."""
    return [change_shown(change) for change in changes_of(session, subject)]


def change_shown(change: PartnerChange) -> dict[str, Any]:
    """One change: in a sentence, field by field, with who and when."""
    spoken, data = language(), dict(change.data)
    moved = data.get("moved")
    if "step" in data:
        data["step"] = step_text(data["step"])
    told = {key: value for key, value in data.items() if key not in ("fields", "moved", "by")}
    return {
        "text": WORDS.text(f"change.{change.kind}", spoken, **readable(told, spoken)),
        "fields": [
            {
                "label": WORDS.text(f"field.{key}", spoken),
                "before": written(key, was, spoken),
                "after": written(key, now, spoken),
            }
            for key, (was, now) in (data.get("fields") or {}).items()
        ],
        "moved": WORDS.text("moved", spoken, count=moved) if moved else "",
        "by": by_text(change),
        "at": moment(change.at),
    }


def by_text(change: PartnerChange) -> str:
    """Who changed it, for which organisation."""
    if change.by.actor_key is not None:
        return str(_("the console"))
    return ", ".join(filter(None, (change.by.name, change.organisation.name if change.organisation else "")))


def conflict_shown(session: Session, about: str, form: FlaskForm, stored: FlaskForm | None) -> dict[str, Any]:
    """What somebody typed beside what another person saved meanwhile."""
    change = last_change(session, about)
    theirs = {field.short_name: field for field in stored} if stored is not None else {}
    rows = [
        _compared(field, theirs[field.short_name])
        for field in form
        if field.short_name in theirs and field.type not in ("HiddenField", "CSRFTokenField")
    ]
    return {
        "rows": rows,
        "theirs_by": by_text(change) if change else _("Somebody else"),
        "theirs_at": moment(change.at) if change else "",
    }


def _compared(mine: Field, theirs: Field) -> dict[str, Any]:
    typed, saved = _text(mine), _text(theirs)
    return {"label": mine.label.text, "mine": typed, "theirs": saved, "differs": typed != saved}


def _text(field: Field) -> str:
    value = field.data
    if field.type == "DateField":
        return day(value)
    offered: dict[str, str] = {str(key): str(word) for key, word in getattr(field, "choices", None) or ()}
    values: Sequence[Any] = value if isinstance(value, list) else [value] if value not in (None, "") else []
    return ", ".join(offered.get(str(each), str(each)) for each in values)
