"""My calendar: a secret link for each place one works, shown once, renewed or ended with one tap."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts import feeds, queries
from outreach.accounts.models import CalendarFeed, Membership
from outreach.accounts.signed_in import current_actor, role_label
from outreach.database import transaction
from outreach.extensions import db
from outreach.web.access import allowed
from outreach.web.filters import moment

blueprint = Blueprint("feeds", __name__)

Page = str | Response


@blueprint.get("/settings/calendar")
@allowed()
def index() -> Page:
    """The links one has, and when a calendar last asked by each."""
    return _page()


@blueprint.post("/settings/calendar/<int:membership_id>/make")
@allowed()
def make(membership_id: int) -> Page:
    """A new link, shown on this page and never again; a former one stops working."""
    with transaction(db.session):
        membership = _own(membership_id)
        token = feeds.make_feed(db.session, membership=membership, by=current_actor())
    return _page(made=membership_id, token=token)


@blueprint.post("/settings/calendar/<int:membership_id>/end")
@allowed()
def end(membership_id: int) -> Page:
    """The link stops working at once."""
    with transaction(db.session):
        feeds.end_feed(db.session, membership=_own(membership_id), by=current_actor())
    flash(_("The link no longer works. A calendar that still asks gets nothing."), "success")
    return redirect(url_for("feeds.index"))


def _memberships() -> list[Membership]:
    return queries.memberships_of(db.session, current_actor().person_id, clock.today())


def _own(membership_id: int) -> Membership:
    own = {each.id: each for each in _memberships()}
    return own.get(membership_id) or abort(404)


def _page(made: int | None = None, token: str | None = None) -> str:
    links = feeds.feeds_of(db.session, current_actor().person_id)
    places = [_shown(each, links.get(each.id)) for each in _memberships()]
    link = None
    if token is not None:
        address = current_app.config["SETTINGS"].base_url + url_for("cases.calendar", token=token)
        place = next(each["organisation"] for each in places if each["id"] == made)
        link = {"address": address, "subscribe": "webcal://" + address.partition("://")[2], "place": place}
    return render_template("accounts/calendar.html", places=places, link=link)


def _shown(membership: Membership, feed: CalendarFeed | None) -> dict[str, Any]:
    return {
        "id": membership.id,
        "organisation": membership.organisation.name,
        "role": role_label(membership.role),
        "made_at": moment(feed.made_at) if feed else None,
        "fetched_at": moment(feed.fetched_at) if feed and feed.fetched_at else None,
        "make_url": url_for("feeds.make", membership_id=membership.id),
        "end_url": url_for("feeds.end", membership_id=membership.id),
    }
