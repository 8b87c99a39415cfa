"""What one can ask about areas and organisations: who serves where, and to whom a step is routed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.database.among import MANY, among
from outreach.database.many import in_chunks
from outreach.partners import municipalities
from outreach.partners.models import (
    Agreement,
    Area,
    AreaMunicipality,
    Closing,
    Organisation,
    OrganisationArea,
    RegistrationWindow,
    ReportDay,
    Routing,
)


def find_area(session: Session, key: str) -> Area | None:
    """The area with this key."""
    return session.scalar(select(Area).where(Area.key == key))


def areas(session: Session) -> list[Area]:
    """Every area, by name."""
    return list(session.scalars(select(Area).order_by(Area.name, Area.id)))


def municipalities_of(session: Session, area_id: int, on: date) -> list[str]:
    """The NIS codes of an area on a day."""
    query = select(AreaMunicipality.nis).where(AreaMunicipality.area_id == area_id, valid(AreaMunicipality, on))
    return list(session.scalars(query.order_by(AreaMunicipality.nis)))


def municipality_rows(session: Session, area_id: int) -> list[AreaMunicipality]:
    """Every municipality an area answers for, answered for or will, by code and first day."""
    query = select(AreaMunicipality).where(AreaMunicipality.area_id == area_id)
    return list(session.scalars(query.order_by(AreaMunicipality.nis, AreaMunicipality.from_on, AreaMunicipality.id)))


def area_of_municipality(session: Session, nis: str, on: date) -> Area | None:
    """The area that answers for a municipality on a day."""
    query = select(Area).join(AreaMunicipality, AreaMunicipality.area_id == Area.id)
    return session.scalar(query.where(AreaMunicipality.nis == nis, valid(AreaMunicipality, on)))


def find_organisation(session: Session, key: str) -> Organisation | None:
    """The organisation with this key."""
    return session.scalar(select(Organisation).where(Organisation.key == key))


def find_school(session: Session, number: str) -> Organisation | None:
    """The school with this six-digit number."""
    return session.scalar(select(Organisation).where(Organisation.number == number))


def schools_numbered(session: Session, numbers: Iterable[str]) -> dict[str, int]:
    """The schools with these numbers, as far as they are known: their ids."""
    found: dict[str, int] = {}
    for part in in_chunks(numbers, MANY):
        statement = select(Organisation.number, Organisation.id).where(among(session, Organisation.number, part))
        found.update((number or "", school_id) for number, school_id in session.execute(statement))
    return found


def area_named(session: Session, text: str, on: date) -> Area | None:
    """The area somebody means: by its key or name, or by a municipality it answers for on that day."""
    plain = text.strip().lower()
    area = session.scalar(select(Area).where(or_(Area.key == plain, func.lower(Area.name) == plain)))
    municipality = municipalities.by_name(text) if area is None else None
    return area or (area_of_municipality(session, municipality.nis, on) if municipality else None)


def organisations(
    session: Session, *, area_id: int | None = None, kind: str | None = None, on: date | None = None
) -> list[Organisation]:
    """Organisations by name: of an area (those serving it `on` that day), of a kind; without a day, ended ones too."""
    query = select(Organisation).order_by(Organisation.name, Organisation.id)
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    if on is not None:
        query = query.where(living(on))
    if area_id is not None:
        serves = select(OrganisationArea.organisation_id).where(OrganisationArea.area_id == area_id)
        if on is not None:
            serves = serves.where(valid(OrganisationArea, on))
        query = query.where(Organisation.id.in_(serves))
    return list(session.scalars(query))


def organisations_page(
    session: Session,
    *,
    ids: Select[int] | None = None,
    words: str = "",
    kind: str | None = None,
    area_id: int | None = None,
    ended: bool = False,
    first: int,
    count: int,
) -> tuple[list[Organisation], int]:
    """A page of organisations by name, and how many there are; of those with these ids, when given.

    `words` stand in the name or are a school's number; `ended` shows those that stopped, else those that have not.
    """
    query = select(Organisation).where(~living(clock.today()) if ended else living(clock.today()))
    if ids is not None:
        query = query.where(Organisation.id.in_(ids))
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    if area_id is not None:
        query = query.where(Organisation.id.in_(serving_area(area_id)))
    for word in words.lower().split():
        named = func.lower(Organisation.name).contains(word, autoescape=True)
        query = query.where(or_(named, Organisation.number == word))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Organisation.name, Organisation.id)
    return list(session.scalars(ordered.offset(first).limit(count))), total


def serving_area(*area_ids: int) -> Select[int]:
    """The ids of the organisations that serve one of these areas today, as a statement."""
    return select(OrganisationArea.organisation_id).where(
        OrganisationArea.area_id.in_(area_ids), valid(OrganisationArea, clock.today())
    )


def services_of(session: Session, organisation_id: int) -> list[tuple[OrganisationArea, Area]]:
    """The areas an organisation serves today or will, each with the row that says so."""
    query = select(OrganisationArea, Area).join(Area, Area.id == OrganisationArea.area_id)
    query = query.where(OrganisationArea.organisation_id == organisation_id)
    still = or_(OrganisationArea.until_on.is_(None), OrganisationArea.until_on >= clock.today())
    return [(row[0], row[1]) for row in session.execute(query.where(still).order_by(Area.name, Area.id))]


def areas_coordinated(session: Session, organisation_id: int | None) -> list[Area]:
    """The areas an organisation coordinates, by name."""
    return list(session.scalars(select(Area).where(Area.coordinator_id == organisation_id).order_by(Area.name)))


def areas_served(session: Session, on: date) -> dict[int, list[str]]:
    """For each organisation the keys of the areas it serves on a day."""
    query = select(OrganisationArea.organisation_id, Area.key).join(Area, Area.id == OrganisationArea.area_id)
    found: dict[int, list[str]] = {}
    for organisation_id, key in session.execute(query.where(valid(OrganisationArea, on)).order_by(Area.key)):
        found.setdefault(organisation_id, []).append(key)
    return found


def areas_served_by_name(session: Session, organisation_ids: list[int], on: date) -> dict[int, list[str]]:
    """For each of these organisations the names of the areas it serves on a day."""
    query = select(OrganisationArea.organisation_id, Area.name).join(Area, Area.id == OrganisationArea.area_id)
    query = query.where(OrganisationArea.organisation_id.in_(organisation_ids), valid(OrganisationArea, on))
    found: dict[int, list[str]] = {}
    for organisation_id, name in session.execute(query.order_by(Area.name)):
        found.setdefault(organisation_id, []).append(name)
    return found


def serving(session: Session, area_id: int, *, kind: str, on: date) -> list[Organisation]:
    """The organisations of one kind that serve an area on a day; a step goes to it when there is only one."""
    return organisations(session, area_id=area_id, kind=kind, on=on)


def routed_organisation(
    session: Session, area_id: int, step: str, *, age: int | None, nis: str | None, on: date
) -> Organisation | None:
    """To whom this step goes for a child of this age in this municipality.

    The row that says most wins: municipality and age, municipality, age, neither. Organisations that ended are
    passed over.
    """
    query = (
        select(Routing)
        .join(Organisation, Organisation.id == Routing.organisation_id)
        .where(Routing.area_id == area_id, Routing.step == step, living(on))
        .where(or_(Routing.age.is_(None), Routing.age == age), or_(Routing.nis.is_(None), Routing.nis == nis))
        .order_by(Routing.id)
    )
    rows = session.scalars(query).all()
    best = max(rows, key=lambda row: (row.nis is not None, row.age is not None), default=None)
    return best.organisation if best else None


def routings(session: Session, area_id: int) -> list[Routing]:
    """The routing table of an area, step by step."""
    query = select(Routing).where(Routing.area_id == area_id)
    return list(session.scalars(query.order_by(Routing.step, Routing.age, Routing.nis, Routing.id)))


def windows_for(session: Session, area_id: int, birth_year: int) -> RegistrationWindow | None:
    """The registration window of an area for children of one birth year."""
    query = select(RegistrationWindow)
    return session.scalar(
        query.where(RegistrationWindow.area_id == area_id, RegistrationWindow.birth_year == birth_year)
    )


def windows(session: Session, area_id: int) -> list[RegistrationWindow]:
    """The registration windows of an area, by birth year."""
    query = select(RegistrationWindow).where(RegistrationWindow.area_id == area_id)
    return list(session.scalars(query.order_by(RegistrationWindow.birth_year)))


def report_days(session: Session, area_id: int) -> list[ReportDay]:
    """The days on which an area has its participation reports, by date."""
    return list(session.scalars(select(ReportDay).where(ReportDay.area_id == area_id).order_by(ReportDay.on)))


def closings(session: Session) -> list[Closing]:
    """All closing days, by date."""
    return list(session.scalars(select(Closing).order_by(Closing.from_on, Closing.id)))


def closings_of(
    session: Session, *, area_id: int | None = None, organisation_id: int | None = None, since: date
) -> list[Closing]:
    """The closing days of one area or organisation that end on this day or later, by date."""
    query = select(Closing).where(Closing.until_on >= since)
    query = query.where(Closing.area_id == area_id, Closing.organisation_id == organisation_id)
    return list(session.scalars(query.order_by(Closing.from_on, Closing.id)))


def agreements_of(session: Session, area_id: int) -> list[Agreement]:
    """The agreements of an area, the newest first."""
    query = select(Agreement).where(Agreement.area_id == area_id)
    return list(session.scalars(query.order_by(Agreement.until_on.desc(), Agreement.id)))


def agreements(session: Session) -> list[Agreement]:
    """All agreements, by key."""
    return list(session.scalars(select(Agreement).order_by(Agreement.key)))


def find_agreement(session: Session, key: str) -> Agreement | None:
    """The agreement with this key."""
    return session.scalar(select(Agreement).where(Agreement.key == key))


def agreements_for(session: Session, area_id: int, *, source: str, on: date) -> list[Agreement]:
    """The agreements under which an area may receive such a list on a day."""
    query = select(Agreement).where(Agreement.area_id == area_id, Agreement.source == source, valid(Agreement, on))
    return list(session.scalars(query.order_by(Agreement.from_on, Agreement.id)))


def valid(model: Any, on: date) -> ColumnElement[bool]:
    """Whether a row with `from_on` and `until_on` holds on a day, both included, null meaning open."""
    return and_(or_(model.from_on.is_(None), model.from_on <= on), or_(model.until_on.is_(None), model.until_on >= on))


def living(on: date) -> ColumnElement[bool]:
    """Whether an organisation still exists on a day; `ended_on` is the first day it does not."""
    return or_(Organisation.ended_on.is_(None), Organisation.ended_on > on)
