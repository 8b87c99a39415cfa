"""The page of one organisation: what is known, and who may change which part of it."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.signed_in import kind_label
from outreach.accounts.words import WORDS as ACCOUNT_WORDS
from outreach.administration import policy
from outreach.administration.commands.organisations import told
from outreach.administration.queries import areas_of, subject_of
from outreach.administration.routes.blueprint import keeps_closings
from outreach.administration.routes.closings_shown import closings_shown
from outreach.administration.routes.shown import changes_shown
from outreach.administration.words import written
from outreach.cases.workflow.ladder import schools_awake
from outreach.extensions import db
from outreach.partners.calendars import calendar_for
from outreach.partners.models import SCHOOL, Organisation
from outreach.partners.queries import services_of
from outreach.web.filters import day, language


def organisation_page(actor: Actor, found: Organisation) -> str:
    """The page, with a way to change each part for who may."""
    where: dict[str, Any] = {"organisation_id": found.id}
    administers, keeps = policy.may_administer(actor), policy.may_keep_organisation(actor, found)
    ended = found.ended_on is not None and found.ended_on <= clock.today()
    return render_template(
        "administration/organisation.html",
        organisation={"name": found.name, "kind": kind_label(found.kind)},
        ended_text=_("stopped on %(day)s", day=day(found.ended_on)) if ended else None,
        unverified=found.unverified_since is not None,
        facts=_facts(found),
        summer_text=_summer(found) if found.kind == SCHOOL else None,
        services=_services(actor, found),
        serve_url=url_for("administration.serve_area", **where) if administers else None,
        closings=closings_shown(db.session, organisation=found, may_change=keeps_closings(found)),
        close_url=url_for("administration.close_organisation", **where) if keeps_closings(found) else None,
        change_url=url_for("administration.change_organisation", **where) if keeps else None,
        end_url=url_for("administration.end_organisation", **where) if administers else None,
        changes=changes_shown(db.session, subject_of(found)),
        back_url=url_for("administration.organisations") if actor.role in policy.OF_AREAS else None,
    )


def _facts(found: Organisation) -> list[tuple[str, Any]]:
    known, spoken = told(found), language()
    hours = _("from %(opens)s to %(closes)s", opens=f"{known['opens']}:00", closes=f"{known['closes']}:00")
    return [
        (_("School number"), found.number),
        (_("Shared mailbox"), found.mailbox or _("none: mail only to people by name")),
        (_("Language of that mail"), ACCOUNT_WORDS.text(f"language.{found.language}", spoken)),
        (_("Working days"), written("days", known["days"], spoken)),
        (_("Mail comes"), hours),
    ]


def _summer(found: Organisation) -> str:
    """Until when a school hears nothing, by its own calendar: the next third school day of September."""
    today = clock.today()
    calendar = calendar_for(db.session, None, found.id)
    again = schools_awake(today.year, calendar)
    if today >= again:
        again = schools_awake(today.year + 1, calendar)
    text: str = _(
        "Schools get no reminders in July and August, nor before the third school day of September: the next summer "
        "ends on %(day)s.",
        day=day(again),
    )
    return text


def _services(actor: Actor, found: Organisation) -> list[dict[str, Any]]:
    """The areas it serves; who may see an area gets a way to it."""
    seen = {area.id for area in areas_of(db.session, actor)}
    administers = policy.may_administer(actor)
    return [
        {
            "name": area.name,
            "url": url_for("administration.area", key=area.key) if area.id in seen else None,
            "coordinates": area.coordinator_id == found.id,
            "end_url": url_for("administration.stop_serving", organisation_id=found.id, service_id=service.id)
            if administers and area.coordinator_id != found.id
            else None,
        }
        for service, area in services_of(db.session, found.id)
    ]
