"""The blueprint all pages of administration hang on, and whom one finds there."""

from typing import Any

from flask import Blueprint, abort, url_for
from werkzeug.wrappers import Response

from outreach.accounts.signed_in import current_actor
from outreach.administration import policy
from outreach.administration.queries import in_own_areas
from outreach.extensions import db
from outreach.partners.models import Area, Organisation
from outreach.partners.queries import find_area

blueprint = Blueprint("administration", __name__, url_prefix="/administration")

Page = str | Response | tuple[str, int]


def see_area(key: str) -> Area:
    """The area with this key if the signed-in person may see its page, or 404."""
    found = find_area(db.session, key)
    if found is None or not policy.may_see_area(current_actor(), found):
        abort(404)
    return found


def area_of(area_id: int | None) -> Area:
    """The area something belongs to, seen as above."""
    found = db.session.get(Area, area_id) if area_id is not None else None
    if found is None or not policy.may_see_area(current_actor(), found):
        abort(404)
    return found


def see_organisation(organisation_id: int | None) -> Organisation:
    """The organisation if the signed-in person may see its page, or 404."""
    actor = current_actor()
    found = db.session.get(Organisation, organisation_id) if organisation_id is not None else None
    if found is None or not policy.may_see_organisation(actor, found, in_own_areas(db.session, actor)):
        abort(404)
    return found


def keeps_closings(organisation: Organisation) -> bool:
    """Whether the signed-in person may change its closing days."""
    actor = current_actor()
    return policy.may_keep_closings(actor, organisation, in_own_areas(db.session, actor))


def in_area(area: Area) -> dict[str, Any]:
    """What changes of the days of an area have in common: where they belong and lead back to, and that dates move."""
    return {
        "place": area,
        "back_url": url_for("administration.area", key=area.key),
        "back_text": area.name,
        "moves": True,
    }
