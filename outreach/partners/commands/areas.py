"""What one can change about areas: their municipalities, who coordinates them, and to whom their steps go."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.errors import Refused
from outreach.partners import municipalities, queries
from outreach.partners.commands.organisations import add_organisation, serve_area
from outreach.partners.models import LOP, Area, AreaMunicipality, Organisation, Routing


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


def change_area(session: Session, *, area: Area, name: str, coordinator: Organisation) -> None:
    """Another name or another coordinating organisation, which serves the area from now on. Cases keep their lead.

    Raises Refused for an organisation that has ended.
    """
    _check_living(coordinator)
    area.name, area.coordinator_id = name.strip(), coordinator.id
    serve_area(session, organisation=coordinator, area=area)
    session.flush()
    session.refresh(area)


def add_municipality(session: Session, *, area: Area, nis: str, from_on: date | None = None) -> AreaMunicipality:
    """The area answers for this municipality from a day on (None: always did).

    Raises Refused for an unknown municipality, or one that an area already answers for on that day or later.
    """
    check_municipality(nis)
    return _answer_for(session, area, nis, from_on)


def _answer_for(session: Session, area: Area, nis: str, from_on: date | None) -> AreaMunicipality:
    query = select(AreaMunicipality).where(AreaMunicipality.nis == nis)
    first = from_on or date.min
    for row in session.scalars(query):
        if row.until_on is not None and row.until_on < first:
            continue
        if row.area_id == area.id:
            return row
        other = session.get_one(Area, row.area_id)
        raise Refused("municipality_of_other_area", nis=nis, name=municipalities.name(nis), area=other.key)
    added = AreaMunicipality(area_id=area.id, nis=nis, from_on=from_on)
    session.add(added)
    session.flush()
    return added


def end_municipality(session: Session, *, municipality: AreaMunicipality, until_on: date) -> None:
    """The last day on which the area answers for this municipality. Raises Refused for a day before the first."""
    if municipality.from_on is not None and until_on < municipality.from_on:
        raise Refused("days_not_in_order")
    municipality.until_on = until_on
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
    _check_living(organisation)
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


def remove_routing(session: Session, *, routing: Routing) -> None:
    """Take a row out of the table: such steps go where the other rows say, or to the only one of the kind."""
    session.delete(routing)
    session.flush()


def _check_living(organisation: Organisation) -> None:
    if organisation.ended_on is not None and organisation.ended_on <= clock.today():
        raise Refused("organisation_ended", organisation=organisation.name)
