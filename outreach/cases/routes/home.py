"""Where everybody comes in, and My work."""

from typing import Any

import flask
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import ADMINISTRATOR, TEAM_LEAD
from outreach.accounts.signed_in import current_actor
from outreach.cases.forms.filters import WorkFilter
from outreach.cases.queries import my_work as queries
from outreach.cases.queries.choices import colleagues
from outreach.cases.queries.transfers import count_offers
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.cards import sections_of, step_card
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.pages import navigation

WHOSE = "whose"
"""Where the cookie remembers whether one looks at one's own work or the team's."""


@blueprint.get("/")
@allowed()
def home() -> Response | str:
    """The page somebody chose to begin with, else the one that fits the role."""
    actor = current_actor()
    chosen = current_user.opened.start_page
    if chosen in {item["endpoint"] for item in navigation(actor.role or "")}:
        return redirect(url_for(chosen))
    if actor.role in WORKING:
        return redirect(url_for("cases.my_work"))
    if actor.role == ADMINISTRATOR:
        return redirect(url_for("people.index"))
    return render_template("cases/no_cases.html", role=actor.role)


@blueprint.get("/my-work")
@allowed(*WORKING)
def my_work() -> str:
    """Today, late, this week, the tray, what waits for others, later."""
    actor = current_actor()
    form = _filter(actor)
    whose, person_id = form.whose.data, form.person.data or None
    page = max(request.args.get("page", 1, type=int), 1)
    counts = queries.count_sections(db.session, actor, whose, person_id=person_id)
    mine = queries.my_steps(db.session, actor, whose=whose, page=page, person_id=person_id)
    sections = sections_of(actor, mine.lines, mine.names, counts)
    if page == 1:
        sections.insert(-1, _waiting(actor))
    return render_template(
        "cases/my_work.html",
        today=clock.today(),
        offered=count_offers(db.session, actor) if actor.role == "coordinator" else 0,
        sections=sections,
        team=_team(actor) if actor.role == TEAM_LEAD else [],
        filters=[form.whose, form.person] if actor.role == TEAM_LEAD else [form.whose],
        filters_active=int(whose != queries.MINE),
        clear_url=url_for("cases.my_work", whose=queries.MINE),
        pages=_pages(page, -(-sum(counts.values()) // queries.PAGE)),
    )


def _filter(actor: Actor) -> WorkFilter:
    """Whose work: as asked, else as last time."""
    asked = request.args.get(WHOSE)
    if asked in queries.WHOSE and flask.session.get(WHOSE) != asked:
        flask.session[WHOSE] = asked
    whose = asked or flask.session.get(WHOSE)
    form = WorkFilter(request.args, meta={"csrf": False})
    form.whose.data = whose if whose in queries.WHOSE else queries.MINE
    form.whose.choices = [(queries.MINE, _("My own work")), (queries.TEAM, _("The whole team"))]
    people = colleagues(db.session, actor.organisation_id) if actor.role == TEAM_LEAD and actor.organisation_id else []
    form.person.choices = [(0, str(_("Everybody"))), *people]
    if form.person.data not in {person_id for person_id, _name in people} or form.whose.data != queries.TEAM:
        form.person.data = 0
    return form


def _waiting(actor: Actor) -> dict[str, Any]:
    found = queries.waiting_for_others(db.session, actor)
    cards = [step_card(actor, line, found.names) for line in found.lines]
    for card in cards:
        if card["urgency"] in ("fine", "soon"):
            card |= {"urgency": "waiting"}
    return {"key": "waiting", "cards": cards, "count": len(cards)}


def _team(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "name": load.name or _("The team's tray"),
            "open": load.open,
            "late": load.late,
            "url": url_for("cases.my_work", whose=queries.TEAM, person=load.person_id) if load.person_id else None,
        }
        for load in queries.team_load(db.session, actor)
    ]


def _pages(number: int, count: int) -> dict[str, Any]:
    return {
        "number": number,
        "count": count,
        "previous_url": url_for("cases.my_work", page=number - 1) if number > 1 else None,
        "next_url": url_for("cases.my_work", page=number + 1) if number < count else None,
    }
