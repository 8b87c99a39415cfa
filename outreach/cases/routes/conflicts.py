"""Two versions side by side: what somebody typed, and what another person saved meanwhile."""

import json
from datetime import date, time
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Field

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.models import Attempt, Case, Event, Report, Step
from outreach.cases.queries.finding import track_of
from outreach.cases.queries.naming import names
from outreach.cases.words import WORDS, outcome_label, step_label
from outreach.children.grants import Scope, scope_of, sight
from outreach.web.filters import day, language, moment

_NOT_SHOWN = {"csrf_token", "version", "submission_key", "keep"}


def conflict_of(
    session: Session, actor: Actor, case: Case, step: Step | None, form: FlaskForm, version: str, title: str
) -> dict[str, Any]:
    """What the conflict panel shows, and every typed value to be sent again."""
    event = _last_event(session, actor, case, step)
    theirs = _saved(session, actor, case, event) if event else {}
    rows = [
        {"label": _("What was said"), "mine": title, "theirs": _title(session, actor, step, event), "differs": False}
    ]
    rows += [
        {"label": one.label.text, "mine": row.form.in_words, "theirs": "", "differs": True}
        for one in form
        if one.type == "FieldList"
        for row in one
        if row.form.changed
    ]
    for one in form:
        if one.short_name in _NOT_SHOWN or one.type == "HiddenField" or one.name not in request.form:
            continue
        mine, other = written(one, one.data), written(one, theirs.get(one.short_name))
        if mine or other:
            rows.append({"label": one.label.text, "mine": mine, "theirs": other, "differs": mine != other})
    known = names(session, [event.by_id] if event else [], [])
    return {
        "rows": rows,
        "theirs_by": (known.person(event.by_id) if event else "") or _("Somebody else"),
        "theirs_at": moment(event.at) if event else "",
        "version": version,
        "kept": [(name, value) for name, values in request.form.lists() for value in values if name not in _NOT_SHOWN],
    }


def written(field: Field, value: Any) -> str:
    """A typed or stored value as people read it."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, list):
        return ", ".join(written(field, each) for each in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    offered = getattr(field, "choices", None) or {}
    choices = {str(key): str(word) for key, word in dict(offered).items()}
    if str(value) in choices:
        return choices[str(value)]
    if isinstance(value, str) and field.type == "DateField":
        value = date.fromisoformat(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return day(value) if isinstance(value, date) else str(value)


def _last_event(session: Session, actor: Actor, case: Case, step: Step | None) -> Event | None:
    statement = select(Event).where(Event.case_id == case.id).order_by(Event.seq.desc()).limit(1)
    if step is not None:
        statement = statement.where(Event.step_id == step.id)
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


def _saved(session: Session, actor: Actor, case: Case, event: Event) -> dict[str, Any]:
    """What the other person saved, by field; the personal part only for who sees the whole case."""
    statement = select(Report).where(Report.step_id == event.step_id).order_by(Report.id.desc()).limit(1)
    report = session.scalars(statement, execution_options=sight(actor)).one_or_none()
    own = event.organisation_id == actor.organisation_id
    if not own and scope_of(session, actor, case.id) is not Scope.FULL:
        return {}
    personal = json.loads(event.personal) if event.personal else {}
    facts = {**report.facts, "outcome": report.outcome} if report else {}
    return {**facts, **_visited(session, actor, report), **personal, **event.data}


def _visited(session: Session, actor: Actor, report: Report | None) -> dict[str, Any]:
    """When the visit of a report was, as the fields of a visit name it."""
    if report is None:
        return {}
    statement = select(Attempt).where(Attempt.report_id == report.id).limit(1)
    attempt = session.scalars(statement, execution_options=sight(actor)).one_or_none()
    if attempt is None:
        return {}
    return {"visited_on": attempt.on, "visited_at": clock.local(attempt.at).time()}


def _title(session: Session, actor: Actor, step: Step | None, event: Event | None) -> str:
    """What the other person said, in a few words."""
    key = f"event.{event.kind}" if event and f"event.{event.kind}" in WORDS else "event.other"
    if step is None or event is None:
        return WORDS.text(key, language(), step=_("Step"), outcome="")
    track, said = track_of(session, actor, step), str(event.data.get("outcome", ""))
    outcome = outcome_label(track.process, track.process_version, step.key, said, language()) if said else ""
    return WORDS.text(key, language(), step=step_label(track.process, step.key, language()), outcome=outcome)
