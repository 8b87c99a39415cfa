"""Days as other programs read them (RFC 5545): a calendar to subscribe to, and an invitation that travels by mail.

A day without an hour is a whole day, never an hour we made up. An hour stands on the Brussels clock, with the rule of
that clock beside it; how long it lasts is a span, so that a night on which the clock is moved cannot stretch it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone, vCalAddress

from outreach.clock import BRUSSELS

LASTS = timedelta(hours=1)
"""How long a visit with an hour stands in a calendar."""

ASK_AGAIN = timedelta(hours=1)
"""How often a program that subscribed is asked to look."""

REQUEST, CANCEL = "REQUEST", "CANCEL"

_BRUSSELS = """BEGIN:VTIMEZONE
TZID:Europe/Brussels
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar. `uid` stays when the day moves, `sequence` grows; `at` is an hour in Brussels."""

    uid: str
    summary: str
    url: str
    on: date
    changed_at: datetime
    sequence: int
    at: time | None = None
    cancelled: bool = False


@dataclass(frozen=True)
class Between:
    """Who invites whom, by mail address; the one thing of people an invitation holds."""

    organiser: str
    attendee: str


def published(name: str, entries: Iterable[Entry]) -> bytes:
    """A calendar for who subscribed to it; the same entries give the same bytes."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", BRUSSELS.key)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def invitation(entry: Entry, between: Between) -> bytes:
    """An invitation, or with a cancelled entry word that it is off, for one colleague."""
    calendar = _calendar(CANCEL if entry.cancelled else REQUEST)
    event = _event(entry)
    event.add("organizer", vCalAddress(f"mailto:{between.organiser}"))
    attendee = vCalAddress(f"mailto:{between.attendee}")
    attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Outreach//Outreach//NL")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(Timezone.from_ical(_BRUSSELS))
    return calendar


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("summary", entry.summary)
    event.add("description", entry.url)
    event.add("url", entry.url)
    event.add("class", "PRIVATE")
    event.add("sequence", entry.sequence)
    changed = entry.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if entry.at is None:
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
    else:
        event.add("dtstart", starts_at(entry.on, entry.at))
        event.add("duration", LASTS)
    event.add("transp", "TRANSPARENT" if entry.at is None or entry.cancelled else "OPAQUE")
    return event


def starts_at(on: date, at: time) -> datetime:
    """That hour on the Brussels clock; one that the night in March skips is the hour the clock shows then."""
    said = datetime.combine(on, at.replace(microsecond=0), BRUSSELS)
    return said.astimezone(UTC).astimezone(BRUSSELS)
