"""Reports to look at: what a late report said that did not fit, both versions side by side, and the decision."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from outreach.accounts.actors import Actor
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.settling import Question, acknowledge, questions_of, settle_conflict
from outreach.cases.forms.settling import settle_form
from outreach.cases.models import Case, Step
from outreach.cases.queries import conflicts as queries
from outreach.cases.queries.conflicts import Waiting
from outreach.cases.queries.finding import child_of, track_of
from outreach.cases.queries.naming import Names, names
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.conflict_shown import rows_of, title_of, value_shown
from outreach.cases.words import label, refusal
from outreach.children.grants import sight
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import language, moment
from outreach.web.submissions import first_time, new_key, remember_result, result_of

Page = str | Response | tuple[str, int]


@blueprint.get("/conflicts")
@allowed(*WORKING)
def conflicts() -> str:
    """What waits for one's organisation, and what was decided about one's own reports."""
    actor = current_actor()
    waiting, answered = queries.to_decide(db.session, actor), queries.answered(db.session, actor)
    known = _names(waiting + answered)
    return render_template(
        "cases/conflicts.html",
        waiting=[listed(actor, one, known) for one in waiting],
        answered=[{**listed(actor, one, known), "answers": _answers(one)} for one in answered],
    )


@blueprint.get("/conflicts/<int:item_id>")
@allowed(*WORKING)
def conflict(item_id: int) -> str:
    """One report that did not fit."""
    actor = current_actor()
    log_reading(db.session, actor, f"case:{_find(actor, item_id).case.reference}")
    waiting = _find(actor, item_id)
    return _page(actor, waiting, settle_form(_asked(actor, waiting)))


@blueprint.post("/conflicts/<int:item_id>")
@allowed(*WORKING)
def send_conflict(item_id: int) -> Page:
    """Decide; what is taken over is said by the same command as on the page of the step."""
    actor = current_actor()
    key = request.form.get("submission_key") or new_key()
    url = url_for("cases.conflicts")
    try:
        with transaction(db.session):
            if not first_time(db.session, key=key, person_id=actor.person_id):
                return redirect(result_of(db.session, key=key, person_id=actor.person_id) or url)
            waiting = _find(actor, item_id)
            if not queries.may_decide(db.session, actor, waiting.case):
                abort(403)
            form = settle_form(_asked(actor, waiting))
            if form.validate():
                _settle(actor, waiting, form)
                remember_result(db.session, key=key, person_id=actor.person_id, result=url)
                flash(_("Decided. It stands on the case, and who reported it is told."), "success")
                return redirect(url)
            db.session.rollback()
    except Refused as error:
        flash(refusal(error, language()), "error")
        return redirect(url_for("cases.conflict", item_id=item_id))
    waiting = _find(actor, item_id)
    form = settle_form(_asked(actor, waiting))
    form.validate()
    return _page(actor, waiting, form), 422


@blueprint.post("/conflicts/<int:item_id>/read")
@allowed(*WORKING)
def read_conflict(item_id: int) -> Response:
    """The reporter has read what was decided."""
    actor = current_actor()
    with transaction(db.session):
        waiting = _find(actor, item_id)
        acknowledge(db.session, waiting.item, by=actor)
    return redirect(url_for("cases.conflicts"))


def listed(actor: Actor, waiting: Waiting, known: Names) -> dict[str, Any]:
    """One line of the inbox, and of the page of a case."""
    item, case = waiting.item, waiting.case
    return {
        "id": item.id,
        "name": child_of(db.session, actor, case).name,
        "reference": case.reference,
        "case_url": url_for("cases.case", reference=case.reference),
        "url": url_for("cases.conflict", item_id=item.id),
        "reporter": known.person(item.by_id),
        "at": moment(item.at),
        "reason": label("conflict_reason", item.reason, language()),
        "decided_by": known.person(item.decided_by_id),
        "decided_at": moment(item.decided_at),
    }


def lines_of_case(actor: Actor, case: Case) -> list[dict[str, Any]]:
    """What of late reports still waits in a case."""
    found = queries.undecided_of(db.session, actor, case)
    return [listed(actor, one, _names(found)) for one in found] if found else []


def _names(found: list[Waiting]) -> Names:
    people = {person for one in found for person in (one.item.by_id, one.item.decided_by_id, one.item.theirs_by_id)}
    values = [{**one.mine, **_spare(one.theirs)} for one in found]
    people |= {int(each["companion"]) for each in values if each.get("companion")}
    people |= {int(one.theirs["companion"]) for one in found if one.theirs.get("companion")}
    schools = {int(v) for one in found for side in (one.mine, one.theirs) if (v := side.get("school"))}
    schools |= {int(v) for one in found for side in (one.mine, one.theirs) if (v := side.get("organisation"))}
    return names(db.session, people, schools)


def _spare(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _find(actor: Actor, item_id: int) -> Waiting:
    return queries.find_conflict(db.session, actor, item_id) or abort(404)


def _asked(actor: Actor, waiting: Waiting) -> list[tuple[Question, str, str | None]]:
    questions = questions_of(db.session, waiting, by=actor)
    return [(one, title_of(one.key), refusal(one.refusal, language()) if one.refusal else None) for one in questions]


def _settle(actor: Actor, waiting: Waiting, form: FlaskForm) -> None:
    answers = {one.short_name: str(one.data) for one in form if one.type == "RadioField"}
    noted = {one.key: _words(actor, waiting, one) for one in questions_of(db.session, waiting, by=actor)}
    settle_conflict(db.session, waiting, answers, noted=noted, by=actor)


def _words(actor: Actor, waiting: Waiting, question: Question) -> str:
    """A report written out, for a note."""
    known, item = _names([waiting]), waiting.item
    step = db.session.get_one(Step, item.step_id, execution_options=sight(actor))
    track = track_of(db.session, actor, step)
    said = [
        f"{title_of(name)}: {value}"
        for name in question.fields
        if (value := value_shown(name, waiting.mine.get(name), track, step, known))
    ]
    head = _("Reported by %(name)s on %(when)s, not taken over:", name=known.person(item.by_id), when=moment(item.at))
    return f"{head} {'; '.join(said)}"


def _answers(waiting: Waiting) -> list[str]:
    given = waiting.item.answers or {}
    return [f"{title_of(key)}: {label('conflict_answer', str(answer), language())}" for key, answer in given.items()]


def _page(actor: Actor, waiting: Waiting, form: FlaskForm) -> str:
    item, case, known = waiting.item, waiting.case, _names([waiting])
    step = db.session.get_one(Step, item.step_id, execution_options=sight(actor))
    track = track_of(db.session, actor, step)
    return render_template(
        "cases/conflict.html",
        conflict=listed(actor, waiting, known),
        questions=[
            {"key": one.key, "title": title, "rows": rows_of(waiting, one, track, step, known), "field": form[one.key]}
            for one, title, _refused in _asked(actor, waiting)
        ],
        theirs_by=known.person(item.theirs_by_id) or _("somebody else"),
        theirs_at=moment(item.theirs_at) if item.theirs_at else "",
        form=form,
        decided=_answers(waiting) if item.decided_at else [],
        may_decide=item.decided_at is None and queries.may_decide(db.session, actor, case),
    )
