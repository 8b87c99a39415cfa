"""The area: who waits where, most urgent first, and what each team carries."""

from collections.abc import Collection
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.models import TEAM_LEAD
from outreach.accounts.signed_in import current_actor
from outreach.cases.forms.area import AreaFilter, WavesForm, only_choices
from outreach.cases.queries import area_list
from outreach.cases.queries.assigning import team_kinds
from outreach.cases.queries.loads import people_of, team_loads
from outreach.cases.queries.naming import names
from outreach.cases.queries.unreachable import unreachable
from outreach.cases.queries.year_end import count_undecided
from outreach.cases.routes.blueprint import blueprint
from outreach.cases.routes.households_shown import households_shown, load_shown
from outreach.cases.words import step_label
from outreach.cases.workflow import processes
from outreach.cases.workflow.year_end import season
from outreach.extensions import db
from outreach.partners.models import Area, Organisation
from outreach.partners.queries import find_area, organisations
from outreach.web.access import allowed
from outreach.web.filters import language

ROLES = ("coordinator", TEAM_LEAD)

Page = str | Response | tuple[str, int]


@blueprint.get("/areas")
@allowed(*ROLES)
def areas() -> Page:
    """The first area of one's organisation."""
    found = area_list.areas_of(db.session, current_actor())
    if not found:
        abort(404)
    return redirect(url_for("cases.area", key=found[0].key))


@blueprint.get("/areas/<key>")
@allowed(*ROLES)
def area(key: str) -> Page:
    """The households of an area, a page of fifty."""
    actor = current_actor()
    found = see_area(actor, key)
    return area_page(actor, found, waves_form(actor, found, request.args))


def see_area(actor: Actor, key: str) -> Area:
    """An area this person's organisation coordinates or serves, or 404."""
    found = find_area(db.session, key)
    if found is None or found.id not in {row.id for row in area_list.areas_of(db.session, actor)}:
        abort(404)
    return found


def teams_of(actor: Actor, area: Area) -> list[Organisation]:
    """To whom families can be given: the teams of the area, and one's own; for a team lead only that."""
    kinds = team_kinds()
    found = organisations(db.session, area_id=area.id, on=clock.today())
    own = [team for team in found if team.id == actor.organisation_id]
    return own if actor.role == TEAM_LEAD else [team for team in found if team.kind in kinds or team in own]


def waves_form(actor: Actor, area: Area, data: Any) -> WavesForm:
    """The form with the teams of the area and their people to choose from."""
    form = WavesForm(data if request.method == "POST" else None)
    teams = teams_of(actor, area)
    people = people_of(db.session, [team.id for team in teams])
    form.organisation.choices = {
        team.name: [
            (str(team.id), _("%(team)s: the team's tray", team=team.name)),
            *((f"{team.id}:{person_id}", name) for person_id, name in people.get(team.id, [])),
        ]
        for team in teams
    }
    return form


def area_page(actor: Actor, area: Area, form: WavesForm, ticked: Collection[int] = ()) -> str:
    """The page, with what was ticked and typed so far."""
    filters = _filters(actor, area)
    order = list(area_list.households(db.session, actor, area, filters.chosen))
    number = min(max(request.args.get("page", 1, type=int), 1), max(-(-len(order) // area_list.PAGE), 1))
    on_page = order[(number - 1) * area_list.PAGE : number * area_list.PAGE]
    waiting = area_list.waiting_steps(db.session, actor, area, on_page)
    known = names(db.session, {w.step.person_id for w in waiting}, {w.step.organisation_id for w in waiting})
    teams = teams_of(actor, area)
    load = team_loads(db.session, actor, area, teams)
    return render_template(
        "cases/area_list.html",
        area=area,
        other_areas=[row for row in area_list.areas_of(db.session, actor) if row.id != area.id],
        unreachable=unreachable(db.session, actor) if actor.role == "coordinator" else [],
        tiles=_tiles(actor, area),
        year_end=count_undecided(db.session, actor) if season(clock.today()) else 0,
        filters=[filters.step, filters.partner, filters.postcode, filters.only],
        filters_active=filters.active,
        clear_url=url_for("cases.area", key=area.key),
        order_text=_order_text(),
        households=households_shown(db.session, actor, waiting, known, ticked),
        pages=_pages(area, number, -(-len(order) // area_list.PAGE)),
        assign=form if teams else None,
        assign_url=url_for("cases.preview_waves", key=area.key, **_args()),
        load=load_shown(load),
        reminders_url=url_for("cases.ladder", key=area.key) if actor.role != TEAM_LEAD else None,
        keep_url=_keep_url(actor, area),
    )


def _keep_url(actor: Actor, area: Area) -> str | None:
    """Where the days and partners of the area are kept up, for who coordinates it: a page of a room above."""
    coordinates = actor.role == "coordinator" and actor.organisation_id == area.coordinator_id
    return f"/administration/areas/{area.key}" if coordinates else None


def _order_text() -> str:
    text: str = _(
        "Late first. Then the order in which families are given to a team: compulsory school age, then who loses "
        "something soonest (entry day, registration, third birthday plus two months), then who waits longest."
    )
    return text


def _filters(actor: Actor, area: Area) -> AreaFilter:
    form = AreaFilter(request.args, meta={"csrf": False})
    steps = {rule.key: step_label(each.key, rule.key, language()) for each in processes() for rule in each.steps}
    partners = organisations(db.session, area_id=area.id, on=clock.today())
    form.step.choices = [("", _("All steps")), *steps.items()]
    form.partner.choices = [("", _("Everybody")), *((str(row.id), row.name) for row in partners)]
    places = area_list.postcodes(db.session, actor, area)
    form.postcode.choices = [("", _("The whole area")), *((code, f"{code} {name}") for code, name in places)]
    form.only.choices = only_choices()
    return form


def _tiles(actor: Actor, area: Area) -> list[dict[str, Any]]:
    counts = area_list.area_counts(db.session, actor, area)

    def url(only: str | None = None) -> str:
        return url_for("cases.area", key=area.key, only=only)

    return [
        {
            "number": counts.living,
            "label": _("open step") if counts.living == 1 else _("open steps"),
            "icon": "work",
            "url": url(),
        },
        {"number": counts.late, "label": _("late"), "icon": "late", "tone": "late", "url": url(area_list.LATE)},
        {
            "number": counts.to_assign,
            "label": _("to assign"),
            "icon": "handover",
            "tone": "soon",
            "url": url(area_list.TO_ASSIGN),
        },
        {
            "number": counts.planned,
            "label": _("planned"),
            "icon": "planned",
            "tone": "planned",
            "url": url(area_list.PLANNED),
        },
    ]


def _args() -> dict[str, Any]:
    """What the address says, every value of it."""
    return dict(request.args.to_dict(flat=False))


def _pages(area: Area, number: int, count: int) -> dict[str, Any]:
    kept = {name: values for name, values in _args().items() if name != "page"}

    def url(page: int) -> str:
        return url_for("cases.area", key=area.key, page=page, **kept)

    return {
        "number": number,
        "count": count,
        "previous_url": url(number - 1) if number > 1 else None,
        "next_url": url(number + 1) if number < count else None,
    }
