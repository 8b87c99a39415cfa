"""What one can change about organisations: who they are, how they are reached, when they work, where they serve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.database.among import among
from outreach.database.many import insert_rows, insert_with_ids
from outreach.errors import Refused
from outreach.labels import LANGUAGES
from outreach.partners import queries
from outreach.partners.hours import CLOSES, EARLIEST, LATEST, MONDAY_TO_FRIDAY, OPENS
from outreach.partners.models import KINDS, SCHOOL, Area, Organisation, OrganisationArea


@dataclass(frozen=True)
class AtWork:
    """When an organisation works: weekdays from 0, the first hour, and the hour from which nobody is there."""

    days: Sequence[int] = MONDAY_TO_FRIDAY
    opens: int = OPENS
    closes: int = CLOSES


def add_organisation(
    session: Session,
    *,
    key: str,
    kind: str,
    name: str,
    number: str | None = None,
    mailbox: str | None = None,
    language: str = "nl",
) -> Organisation:
    """A local team, school or service; given again, a known one takes the new name, mailbox and number.

    Raises Refused for an unknown kind, a changed kind, or a number that is malformed or somebody else's.
    """
    _check_organisation(kind=kind, number=number, mailbox=mailbox, language=language)
    organisation = queries.find_organisation(session, key)
    _check_number(session, number, organisation)
    if organisation is None:
        organisation = Organisation(key=key, kind=kind, name=name, language=language)
        session.add(organisation)
    elif organisation.kind != kind:
        raise Refused("kind_is_fixed", organisation=key, kind=organisation.kind)
    organisation.name = name
    organisation.number = number or organisation.number
    organisation.mailbox = mailbox or organisation.mailbox
    session.flush()
    return organisation


def add_schools_to_look_at(session: Session, named: Mapping[str, str], area: Area) -> dict[str, int]:
    """Schools nobody knew, by number with how a report names each: in this area, until somebody looked at them; their
    ids. Thousands at once. Raises Refused as `add_organisation` does.
    """
    keys = {number: f"school-{number}" for number in named}
    taken = set(session.scalars(select(Organisation.key).where(among(session, Organisation.key, list(keys.values())))))
    made = {
        number: _add_one_to_look_at(session, key, number, named[number], area)
        for number, key in keys.items()
        if key in taken
    }
    new = [number for number in named if number not in made]
    for number in new:
        _check_organisation(kind=SCHOOL, number=number, mailbox=None, language=LANGUAGES[0])
    same = {"kind": SCHOOL, "language": LANGUAGES[0], "unverified_since": clock.now()}
    rows = [{"key": keys[number], "number": number, "name": named[number], **same} for number in new]
    made |= zip(new, insert_with_ids(session, Organisation, rows), strict=True)
    serves = [{"organisation_id": made[number], "area_id": area.id} for number in new]
    insert_rows(session, OrganisationArea, serves)
    return made


def _add_one_to_look_at(session: Session, key: str, number: str, name: str, area: Area) -> int:
    """The key of such a school is somebody's already, who had no number or another."""
    found = add_organisation(session, key=key, kind=SCHOOL, name=name, number=number)
    found.unverified_since = clock.now()
    serve_area(session, organisation=found, area=area)
    return found.id


def _check_organisation(*, kind: str, number: str | None, mailbox: str | None, language: str) -> None:
    if kind not in KINDS:
        raise Refused("kind_unknown", kind=kind, known=", ".join(KINDS))
    if number is not None and not (len(number) == 6 and number.isascii() and number.isdigit()):
        raise Refused("number_malformed", number=number)
    if mailbox is not None and not is_address(mailbox):
        raise Refused("mailbox_malformed", mailbox=mailbox)
    if language not in LANGUAGES:
        raise Refused("language_unknown", language=language, known=", ".join(LANGUAGES))


def is_address(text: str) -> bool:
    """Whether mail could be sent there, as far as one can see."""
    local, at, host = text.rpartition("@")
    return bool(at and local and host) and text.isprintable() and " " not in text


def rename_organisation(session: Session, *, organisation: Organisation, name: str, number: str | None) -> None:
    """Another name or school number; somebody looked at it now, where a report had named the school.

    Raises Refused for a number that is malformed or somebody else's.
    """
    _check_organisation(kind=organisation.kind, number=number, mailbox=None, language=organisation.language)
    _check_number(session, number, organisation)
    organisation.name, organisation.number = name.strip(), number
    organisation.unverified_since = None
    session.flush()


def reach_organisation(
    session: Session, *, organisation: Organisation, mailbox: str | None, language: str, at_work: AtWork
) -> None:
    """Where its letters go, in which language, and when somebody is there to read them.

    Raises Refused for a malformed address, an unknown language, a week without a day, a weekend day, or hours that are
    not in order or at night.
    """
    _check_organisation(kind=organisation.kind, number=None, mailbox=mailbox, language=language)
    days = sorted(set(at_work.days))
    if not days or not set(days) <= set(MONDAY_TO_FRIDAY):
        raise Refused("no_working_day")
    if not EARLIEST <= at_work.opens < at_work.closes <= LATEST:
        raise Refused("hours_not_in_order", earliest=EARLIEST, latest=LATEST)
    organisation.mailbox, organisation.language = mailbox, language
    organisation.working_days = None if days == list(MONDAY_TO_FRIDAY) else days
    organisation.opens_hour = None if at_work.opens == OPENS else at_work.opens
    organisation.closes_hour = None if at_work.closes == CLOSES else at_work.closes
    session.flush()


def serve_area(
    session: Session, *, organisation: Organisation, area: Area, from_on: date | None = None
) -> OrganisationArea:
    """Say that an organisation works in an area; said again it changes nothing."""
    query = select(OrganisationArea).where(
        OrganisationArea.organisation_id == organisation.id,
        OrganisationArea.area_id == area.id,
        OrganisationArea.until_on.is_(None),
    )
    known = session.scalar(query.limit(1))
    if known is None:
        known = OrganisationArea(organisation_id=organisation.id, area_id=area.id, from_on=from_on)
        session.add(known)
        session.flush()
    return known


def stop_serving(session: Session, *, service: OrganisationArea) -> None:
    """The organisation does not work in the area any more: from today it gets no new steps there.

    Raises Refused for who coordinates the area.
    """
    area = session.get_one(Area, service.area_id)
    if area.coordinator_id == service.organisation_id:
        raise Refused("coordinator_serves", area=area.name)
    yesterday = clock.today() - timedelta(days=1)
    if service.from_on is not None and service.from_on > yesterday:
        session.delete(service)
    else:
        service.until_on = yesterday
    session.flush()


def end_organisation(session: Session, *, organisation: Organisation, on: date) -> None:
    """The organisation stops: `on` is the first day on which it gets no steps and its people have no access."""
    organisation.ended_on = on
    session.flush()


def resume_organisation(session: Session, *, organisation: Organisation) -> None:
    """It goes on after all: it gets steps again, and its people may come in."""
    organisation.ended_on = None
    session.flush()


def _check_number(session: Session, number: str | None, organisation: Organisation | None) -> None:
    holder = queries.find_school(session, number) if number is not None else None
    if holder is not None and holder is not organisation:
        raise Refused("number_taken", number=number, organisation=holder.key)
