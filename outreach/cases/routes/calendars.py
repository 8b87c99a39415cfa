"""The calendar somebody subscribed to: asked for by programs, with the secret in its address, without a cookie.

Looking writes nothing but when it was last asked for and since when it says what it says.
"""

import hashlib
import re
from datetime import datetime
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, request
from structlog import get_logger

from outreach.accounts import brakes, feeds
from outreach.accounts.actors import Actor
from outreach.cases.queries.calendar import ENTRY, VISIT, Marked, marked_days
from outreach.cases.routes.blueprint import blueprint
from outreach.cases.words import label, step_label, text
from outreach.database import transaction
from outreach.extensions import db
from outreach.notifications.calendars import Entry, published
from outreach.web.access import public
from outreach.web.filters import language

log = get_logger()

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@blueprint.get("/calendar/<token>.ics")
@public
def calendar(token: str) -> Response:
    """The own days of one membership; 404 for a link that ended or whose holder left, 429 for who tries many."""
    opened = feeds.find_feed(db.session, token) if _TOKEN.fullmatch(token) else None
    if opened is None:
        return _none(token)
    body = _written(opened.actor)
    digest = hashlib.sha256(body).hexdigest()
    changed_at = opened.changed_at
    if feeds.is_due(opened, digest):
        with transaction(db.session):
            changed_at = feeds.note_fetched(db.session, opened, digest)
    return _answer(body, digest, changed_at)


def _written(actor: Actor) -> bytes:
    base_url = current_app.config["SETTINGS"].base_url
    host = urlsplit(base_url).hostname or "outreach"
    entries = [_entry(day, actor.language, base_url, host) for day in marked_days(db.session, actor)]
    return published("Outreach", entries)


def _entry(day: Marked, spoken: str, base_url: str, host: str) -> Entry:
    step = step_label(day.process, day.step, spoken) if day.step else ""
    part = label("day_part", day.part, spoken) if day.at is None else ""
    key = "visit_in" if day.kind == VISIT and part else day.kind
    page = f"/cases/{day.reference}" if day.kind == ENTRY else f"/cases/{day.reference}/steps/{day.number}"
    name = day.kind if day.number is None else f"{day.number}-{'visit' if day.kind == VISIT else 'due'}"
    return Entry(
        uid=f"{day.reference}-{name}@{host}",
        summary=text(f"calendar.{key}", spoken, reference=day.reference, step=step, part=part),
        url=base_url + page,
        on=day.on,
        at=day.at,
        changed_at=day.changed_at,
        sequence=day.sequence,
        cancelled=day.cancelled,
    )


def _answer(body: bytes, digest: str, changed_at: datetime) -> Response:
    response = _careful(make_response(body))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = 'inline; filename="outreach.ics"'
    response.set_etag(digest)
    response.last_modified = changed_at
    response.make_conditional(request)
    return response


def _none(token: str) -> Response:
    """Ended, left and never made look the same; only what we never made counts as a try."""
    address = request.remote_addr or ""
    if not (_TOKEN.fullmatch(token) and feeds.was_ours(db.session, token)):
        with transaction(db.session):
            who = brakes.caller(f"calendar {address}", address)
            wait = brakes.seconds_to_wait(db.session, who)
            if not wait:
                brakes.begin_attempt(db.session, who)
        log.warning("calendar_unknown")
        if wait:
            response = _careful(make_response("", 429))
            response.headers["Retry-After"] = str(wait)
            return response
    response = _careful(make_response(text("calendar.gone", language()), 404))
    response.mimetype = "text/plain"
    return response


def _careful(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
