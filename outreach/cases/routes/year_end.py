"""The end of the school year: every open case with a proposal; first what would happen, then it is done."""

from collections.abc import Collection
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import TEAM_LEAD
from outreach.accounts.signed_in import current_actor
from outreach.cases.commands.year_end import Plan, decide_at_year_end, plan_decision, take_back_decision
from outreach.cases.forms.year_end import YearEndForm, year_end_form
from outreach.cases.queries import year_end as queries
from outreach.cases.queries.naming import names
from outreach.cases.queries.year_end import SCHOOL_CONTACT, OpenCase
from outreach.cases.routes.blueprint import blueprint
from outreach.cases.routes.year_end_shown import case_shown, closed_shown, decided_shown, plans_shown, tiles_shown
from outreach.cases.words import label, refusal
from outreach.cases.workflow.year_end import Decision, season
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.schoolyear import SchoolYear
from outreach.web.access import allowed
from outreach.web.filters import language
from outreach.web.submissions import first_time, new_key

ROLES = ("coordinator", TEAM_LEAD, SCHOOL_CONTACT)

PAGE = 50
"""Cases on one page."""

Page = str | Response | tuple[str, int]


@blueprint.get("/year-end")
@allowed(*ROLES)
def year_end() -> Page:
    """The open cases of one's organisation, undecided ones first."""
    return _page(current_actor(), year_end_form())


@blueprint.post("/year-end")
@allowed(*ROLES)
def preview_year_end() -> Page:
    """What would happen to the ticked cases; nothing changes yet."""
    actor, form = current_actor(), year_end_form(request.form)
    ticked = request.form.getlist("case")
    filled_in = form.validate()
    if not ticked:
        form.form_errors.append(_("Tick at least one case."))
    if not season(clock.today()) or not filled_in or not ticked:
        return _page(actor, form, ticked), 400
    found = queries.open_cases(db.session, actor, references=ticked)
    return _preview(form, [_plan(actor, form, one) for one in found])


@blueprint.post("/year-end/confirm")
@allowed(*ROLES)
def decide_year_end() -> Page:
    """Do what was previewed; a case that moved on since is named and left. Sent twice it is done once."""
    actor, form = current_actor(), year_end_form(request.form)
    if not season(clock.today()) or not form.validate():
        return _page(actor, form), 400
    stamps = dict(each.partition("|")[::2] for each in request.form.getlist("case"))
    sent = request.form.get("submission_key") or new_key()
    with transaction(db.session):
        if first_time(db.session, key=sent, person_id=actor.person_id):
            _say(*_decide(actor, form, stamps))
    return redirect(url_for("cases.year_end"))


@blueprint.post("/year-end/take-back")
@allowed(*ROLES)
def take_back_year_end() -> Page:
    """Undo one decision."""
    actor, reference = current_actor(), request.form.get("case", "")
    try:
        with transaction(db.session):
            found = queries.open_cases(db.session, actor, references=[reference], for_change=True)
            for one in found:
                take_back_decision(db.session, one, by=actor)
        if found:
            flash(_("%(reference)s waits for a decision again.", reference=reference), "success")
    except Refused as error:
        flash(refusal(error, language()), "error")
    return redirect(url_for("cases.year_end", _anchor="decided"))


def _decide(actor: Actor, form: YearEndForm, stamps: dict[str, str]) -> tuple[list[Plan], list[tuple[str, str]]]:
    """What was done, and what stayed, each reference with the reason."""
    done: list[Plan] = []
    found = {
        one.case.reference: one
        for one in queries.open_cases(db.session, actor, references=list(stamps), for_change=True)
    }
    stayed = [(reference, "moved_on") for reference in stamps if reference not in found]
    for reference, one in found.items():
        plan = _plan(actor, form, one)
        if one.stamp != stamps[reference] or plan.stays:
            stayed.append((reference, "moved_on" if one.stamp != stamps[reference] else plan.stays or ""))
            continue
        try:
            with db.session.begin_nested():
                decide_at_year_end(db.session, plan, by=actor)
        except Refused:
            stayed.append((reference, "moved_on"))
        else:
            done.append(plan)
    return done, stayed


def _plan(actor: Actor, form: YearEndForm, one: OpenCase) -> Plan:
    return plan_decision(db.session, one, decision=form.chosen, closure=form.reason, by=actor)


def _say(done: list[Plan], stayed: list[tuple[str, str]]) -> None:
    if len(done) == 1:
        flash(_("1 case decided."), "success")
    elif done:
        flash(_("%(count)s cases decided.", count=len(done)), "success")
    if stayed:
        told = ", ".join(f"{reference} ({label('year_stays', why, language())})" for reference, why in stayed)
        flash(_("These stayed as they were: %(cases)s.", cases=told), "warning")


def _preview(form: YearEndForm, plans: list[Plan]) -> Page:
    possible = [plan for plan in plans if plan.stays is None]
    return render_template(
        "cases/year_end_preview.html",
        form=form,
        groups=plans_shown(possible),
        left_out=[
            {**case_shown(plan.one), "reason": label("year_stays", plan.stays, language())}
            for plan in plans
            if plan.stays
        ],
        kept=[f"{plan.one.case.reference}|{plan.one.stamp}" for plan in possible],
        back_url=url_for("cases.year_end"),
    )


def _page(actor: Actor, form: YearEndForm, ticked: Collection[str] = ()) -> str:
    today, year = clock.today(), SchoolYear(queries.year_now())
    if not season(today):
        return render_template("cases/year_end.html", year=year.label, open=False)
    found = queries.open_cases(db.session, actor)
    undecided = [one for one in found if one.decided is None]
    show = request.args.get("show")
    chosen = [one for one in undecided if show not in set(Decision) or one.proposed.decision == show]
    chosen.sort(key=lambda one: (list(Decision).index(one.proposed.decision), one.moves[0].step.due_on, one.case.id))
    number = min(max(request.args.get("page", 1, type=int), 1), max(-(-len(chosen) // PAGE), 1))
    on_page = chosen[(number - 1) * PAGE : number * PAGE]
    decided = [one for one in found if one.decided is not None]
    known = names(
        db.session,
        {one.decided.by_id for one in decided if one.decided}
        | {move.step.person_id for one in on_page for move in one.moves},
        {move.step.organisation_id for one in on_page for move in one.moves},
    )
    return render_template(
        "cases/year_end.html",
        year=year.label,
        open=True,
        tiles=tiles_shown(undecided),
        show=show if show in set(Decision) else None,
        form=form,
        cases=[{**case_shown(one, known), "ticked": one.case.reference in ticked} for one in on_page],
        decided=[decided_shown(one, known) for one in decided],
        closed=closed_shown(queries.closed_this_year(db.session, actor)),
        pages=_pages(number, -(-len(chosen) // PAGE), show),
    )


def _pages(number: int, count: int, show: str | None) -> dict[str, Any]:
    def url(page: int) -> str:
        return url_for("cases.year_end", page=page, show=show)

    return {
        "number": number,
        "count": count,
        "previous_url": url(number - 1) if number > 1 else None,
        "next_url": url(number + 1) if number < count else None,
    }
