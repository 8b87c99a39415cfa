"""Where everybody comes in, and My work."""

from dataclasses import replace
from operator import itemgetter
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.keeping import find_kept_filter, keep_filter
from outreach.accounts.models import ADMINISTRATOR, TEAM_LEAD
from outreach.accounts.signed_in import current_actor
from outreach.cases.forms.filters import WorkFilter
from outreach.cases.queries import my_work as queries
from outreach.cases.queries.choices import colleagues
from outreach.cases.queries.conflicts import count_conflicts
from outreach.cases.queries.school_contacts import schools_asked
from outreach.cases.queries.transfers import count_offers
from outreach.cases.queries.unreachable import unreachable
from outreach.cases.queries.year_end import count_undecided
from outreach.cases.routes import school_contacts, year_end
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.routes.cards import sections_of, step_card
from outreach.cases.routes.entering import ENTERING
from outreach.cases.words import label
from outreach.cases.workflow.year_end import season
from outreach.database import transaction
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.beside_work import quiet_counts
from outreach.web.filters import language
from outreach.web.pages import navigation

PAGE = "my_work"
"""Under which name a person's filter of this page is kept."""

_BEGINNING = (9, 10, 11, 12)
"""The months in which schools are asked for the contact of the new year."""

BRIDGE_PERSON = "bridge-person"
"""Has own work only."""

_FIELDS = ("whose", "person", "place", "language")


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
    chosen = _chosen(actor)
    page = max(request.args.get("page", 1, type=int), 1)
    counts = queries.count_sections(db.session, actor, chosen)
    mine = queries.my_steps(db.session, actor, chosen, page=page)
    sections = sections_of(actor, mine.lines, mine.names, counts)
    if page == 1:
        sections.insert(-1, _waiting(actor))
    return render_template(
        "cases/my_work.html",
        new_case_url=url_for("cases.new_case") if actor.role in ENTERING else None,
        today=clock.today(),
        conflicts=count_conflicts(db.session, actor),
        offered=count_offers(db.session, actor) if actor.role == "coordinator" else 0,
        unreachable=unreachable(db.session, actor) if actor.role == "coordinator" else [],
        year_end=_year_end(actor),
        schools_asked=_schools_asked(actor),
        quiet=quiet_counts(actor),
        sections=sections,
        team=_team(actor) if actor.role == TEAM_LEAD else [],
        filter=_form(actor, chosen),
        narrowed=chosen != queries.ALL_MINE,
        pages=_pages(page, -(-sum(counts.values()) // queries.PAGE)),
    )


def _year_end(actor: Actor) -> int:
    """How many cases wait for a decision, while the school year ends."""
    decides = actor.role in year_end.ROLES and season(clock.today())
    return count_undecided(db.session, actor) if decides else 0


def _schools_asked(actor: Actor) -> int:
    """How many schools have to say who their contact is, while the school year begins."""
    begins = actor.role in school_contacts.ROLES and clock.today().month in _BEGINNING
    return len(schools_asked(db.session, actor)) if begins else 0


@blueprint.post("/my-work/filter")
@allowed(*WORKING)
def filter_my_work() -> Response:
    """Keep with the person what My work is narrowed to; `reset` shows all of one's own work again."""
    actor = current_actor()
    with transaction(db.session):
        kept = {} if "reset" in request.form else {key: request.form.get(key) for key in _FIELDS}
        keep_filter(db.session, page=PAGE, chosen={key: value for key, value in kept.items() if value}, by=actor)
    return redirect(url_for("cases.my_work"))


def _chosen(actor: Actor) -> queries.Chosen:
    """What a link asks for, this once; else what the person kept."""
    asked = {key: request.args[key] for key in _FIELDS if key in request.args}
    kept = asked or find_kept_filter(db.session, actor, PAGE)
    person = str(kept.get("person", ""))
    whose = kept.get("whose")
    may_choose = actor.role == TEAM_LEAD and whose == queries.TEAM and person.isdecimal()
    return queries.Chosen(
        whose=whose if whose in queries.WHOSE else queries.MINE,
        person_id=int(person) or None if may_choose else None,
        postcode=kept.get("place") or None,
        language=kept.get("language") or None,
    )


def _form(actor: Actor, chosen: queries.Chosen) -> list[Any]:
    """The fields that can narrow this person's work; one that leaves no choice is left out."""
    known = queries.choices_of(db.session, actor, replace(chosen, postcode=None, language=None))
    form = WorkFilter(
        None,
        whose=chosen.whose,
        person=chosen.person_id or 0,
        place=chosen.postcode or "",
        language=chosen.language or "",
        meta={"csrf": False},
    )
    form.whose.choices = [(queries.MINE, _("My own work")), (queries.TEAM, _("The whole team"))]
    places = [(code, f"{code} {name}") for code, name in known.places]
    spoken = sorted(((key, label("language", key, language())) for key in known.languages), key=itemgetter(1))
    form.place.choices = [("", _("Everywhere")), *places]
    form.language.choices = [("", _("Every language")), *spoken]
    fields = [form.whose] if actor.role != BRIDGE_PERSON else []
    if actor.role == TEAM_LEAD and actor.organisation_id and chosen.whose == queries.TEAM:
        form.person.choices = [(0, _("Everybody")), *colleagues(db.session, actor.organisation_id)]
        fields.append(form.person)
    fields += [form.place] if len(places) > 1 or chosen.postcode else []
    return fields + ([form.language] if len(spoken) > 1 or chosen.language else [])


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
