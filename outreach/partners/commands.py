"""What one can change about areas and organisations; saying the same thing twice changes nothing."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.errors import Refused
from outreach.labels import LANGUAGES
from outreach.partners import municipalities, queries
from outreach.partners.calendars import forget_calendars
from outreach.partners.models import (
    KINDS,
    LOP,
    SOURCES,
    Agreement,
    Area,
    AreaMunicipality,
    Closing,
    Organisation,
    OrganisationArea,
    RegistrationWindow,
    Routing,
)


def add_area(
    session: Session,
    *,
    key: str,
    name: str,
    nis: list[str],
    coordinator: Organisation | None = None,
    from_on: date | None = None,
) -> Area:
    """A working area and its municipalities; without `coordinator` its LOP `lop-KEY` is made.

    Given again, a known area takes the new name and the municipalities it did not have yet. Raises Refused for an
    unknown municipality or one that another area answers for.
    """
    for code in nis:
        check_municipality(code)
    area = queries.find_area(session, key)
    if area is None:
        lop = coordinator or add_organisation(session, key=f"lop-{key}", kind=LOP, name=f"LOP {name}")
        area = Area(key=key, name=name, coordinator_id=lop.id)
        session.add(area)
        session.flush()
    area.name = name
    if coordinator is not None:
        area.coordinator_id = coordinator.id
    serve_area(session, organisation=session.get_one(Organisation, area.coordinator_id), area=area)
    for code in dict.fromkeys(nis):
        _answer_for(session, area, code, from_on)
    session.flush()
    return area


def _answer_for(session: Session, area: Area, nis: str, from_on: date | None) -> None:
    query = select(AreaMunicipality).where(AreaMunicipality.nis == nis)
    first = from_on or date.min
    for row in session.scalars(query):
        if row.until_on is not None and row.until_on < first:
            continue
        if row.area_id == area.id:
            return
        other = session.get_one(Area, row.area_id)
        raise Refused("municipality_of_other_area", nis=nis, name=municipalities.name(nis), area=other.key)
    session.add(AreaMunicipality(area_id=area.id, nis=nis, from_on=from_on))
    session.flush()


def check_municipality(nis: str) -> None:
    """Raises Refused unless this is the code of a municipality of today; an old code or a name tells which is meant."""
    if municipalities.find(nis) is not None:
        return
    merged, named = municipalities.current(nis), municipalities.by_name(nis)
    if merged is not None:
        raise Refused("municipality_merged", nis=nis, current=merged.nis, name=merged.name)
    if named is not None:
        raise Refused("municipality_by_name", nis=nis, current=named.nis, name=named.name)
    raise Refused("municipality_unknown", nis=nis)


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
    if number is not None:
        holder = queries.find_school(session, number)
        if holder is not None and holder is not organisation:
            raise Refused("number_taken", number=number, organisation=holder.key)
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


def serve_area(session: Session, *, organisation: Organisation, area: Area, from_on: date | None = None) -> None:
    """Say that an organisation works in an area; said again it changes nothing."""
    query = select(OrganisationArea.id).where(
        OrganisationArea.organisation_id == organisation.id,
        OrganisationArea.area_id == area.id,
        OrganisationArea.until_on.is_(None),
    )
    if session.scalar(query.limit(1)) is None:
        session.add(OrganisationArea(organisation_id=organisation.id, area_id=area.id, from_on=from_on))
        session.flush()


def end_organisation(session: Session, *, organisation: Organisation, on: date) -> None:
    """The organisation stops: `on` is the first day on which it gets no steps and its people have no access."""
    organisation.ended_on = on
    session.flush()


def set_routing(
    session: Session,
    *,
    area: Area,
    step: str,
    organisation: Organisation,
    age: int | None = None,
    nis: str | None = None,
) -> Routing:
    """Send a step of this area to an organisation, for one age or municipality or for all; replaces what stood there.

    Raises Refused for an ended organisation or a municipality that is not of the area.
    """
    if organisation.ended_on is not None and organisation.ended_on <= clock.today():
        raise Refused("organisation_ended", organisation=organisation.key)
    if nis is not None:
        of_area = queries.municipalities_of(session, area.id, clock.today())
        if nis not in of_area:
            raise Refused("municipality_not_of_area", nis=nis, area=area.key, known=", ".join(of_area))
    session.execute(select(Area.id).where(Area.id == area.id).with_for_update())  # two people, one place in the table
    query = select(Routing).where(
        Routing.area_id == area.id, Routing.step == step, Routing.age.is_not_distinct_from(age)
    )
    row = session.scalar(query.where(Routing.nis.is_not_distinct_from(nis)))
    if row is None:
        row = Routing(area_id=area.id, step=step, age=age, nis=nis, organisation_id=organisation.id)
        session.add(row)
    row.organisation = organisation
    session.flush()
    return row


def add_window(
    session: Session,
    *,
    area: Area,
    birth_year: int,
    closes_on: date,
    result_on: date | None = None,
    ticket_expires_on: date | None = None,
) -> RegistrationWindow:
    """The registration window for one birth year; given again, the new dates replace the old."""
    later = [day for day in (closes_on, result_on, ticket_expires_on) if day is not None]
    if later != sorted(later):
        raise Refused("window_not_in_order")
    window = queries.windows_for(session, area.id, birth_year)
    if window is None:
        window = RegistrationWindow(area_id=area.id, birth_year=birth_year, closes_on=closes_on)
        session.add(window)
    window.closes_on, window.result_on, window.ticket_expires_on = closes_on, result_on, ticket_expires_on
    session.flush()
    return window


def add_closing(
    session: Session,
    *,
    from_on: date,
    until_on: date,
    reason: str,
    area: Area | None = None,
    organisation: Organisation | None = None,
) -> Closing:
    """Extra closing days of one area or one organisation; open steps keep their dates until they are derived again."""
    if (area is None) == (organisation is None):
        raise Refused("closing_needs_one_place")
    if until_on < from_on:
        raise Refused("days_not_in_order")
    place = {"area_id": area.id if area else None, "organisation_id": organisation.id if organisation else None}
    known = select(Closing).filter_by(**place, from_on=from_on, until_on=until_on)
    closing = session.scalar(known.limit(1))
    if closing is None:
        closing = Closing(**place, from_on=from_on, until_on=until_on, reason=reason)
        session.add(closing)
    closing.reason = reason
    session.flush()
    forget_calendars(session)
    return closing


def add_agreement(
    session: Session, *, key: str, area: Area, source: str, from_on: date, until_on: date, reference: str
) -> Agreement:
    """The paper for one kind of list; given again it may be prolonged, never moved to another area or source."""
    if source not in SOURCES:
        raise Refused("source_unknown", source=source, known=", ".join(SOURCES))
    if until_on < from_on:
        raise Refused("days_not_in_order")
    agreement = queries.find_agreement(session, key)
    if agreement is None:
        agreement = Agreement(key=key, area_id=area.id, source=source)
        session.add(agreement)
    elif (agreement.area_id, agreement.source) != (area.id, source):
        raise Refused("agreement_is_fixed", agreement=key, source=agreement.source)
    agreement.from_on, agreement.until_on, agreement.reference = from_on, until_on, reference
    session.flush()
    return agreement
