"""Areas, as somebody on a page adds and changes them: municipalities, routing, agreements."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.administration.commands.noting import differences, note
from outreach.administration.models import PartnerChange
from outreach.errors import Refused
from outreach.partners import commands, municipalities
from outreach.partners.models import Agreement, Area, AreaMunicipality, Organisation, Routing
from outreach.partners.queries import find_agreement, find_area
from outreach.partners.spelling import slug


def add_area(
    session: Session, *, name: str, nis: Sequence[str], coordinator: Organisation | None, by: Actor
) -> PartnerChange:
    """A new area; without a coordinating organisation its LOP is made. Raises Refused as the parts do."""
    key = slug(name)
    if find_area(session, key) is not None:
        raise Refused("area_known", name=name.strip())
    area = commands.add_area(session, key=key, name=name.strip(), nis=list(nis), coordinator=coordinator)
    return note(session, "area_added", area, by=by, name=area.name)


def change_area(session: Session, area: Area, *, name: str, coordinator: Organisation, by: Actor) -> PartnerChange:
    """Another name or coordinating organisation; running cases keep their lead."""
    before = {"name": area.name, "coordinator": area.coordinator.name}
    commands.change_area(session, area=area, name=name, coordinator=coordinator)
    fields = differences(before, {"name": area.name, "coordinator": coordinator.name})
    return note(session, "area_changed", area, by=by, fields=fields)


def add_municipality(session: Session, area: Area, *, nis: str, from_on: date, by: Actor) -> PartnerChange:
    """From a day on the area answers for this municipality too."""
    added = commands.add_municipality(session, area=area, nis=nis, from_on=from_on)
    return note(session, "municipality_added", area, added, by=by, name=municipalities.name(nis), from_on=from_on)


def end_municipality(
    session: Session, area: Area, municipality: AreaMunicipality, *, until_on: date, by: Actor
) -> PartnerChange:
    """The last day on which the area answers for it."""
    commands.end_municipality(session, municipality=municipality, until_on=until_on)
    name = municipalities.name(municipality.nis)
    return note(session, "municipality_ended", area, municipality, by=by, name=name, until_on=until_on)


def route(
    session: Session,
    area: Area,
    *,
    step: str,
    organisation: Organisation,
    age: int | None,
    nis: str | None,
    by: Actor,
) -> PartnerChange:
    """To whom a step of this area goes from now on."""
    row = commands.set_routing(session, area=area, step=step, organisation=organisation, age=age, nis=nis)
    return note(session, "routing_set", area, row, by=by, **_told(row))


def remove_routing(session: Session, area: Area, routing: Routing, *, by: Actor) -> PartnerChange:
    """Take a row out of the table."""
    change = note(session, "routing_removed", area, routing, by=by, **_told(routing))
    commands.remove_routing(session, routing=routing)
    return change


def _told(row: Routing) -> dict[str, object]:
    return {"step": row.step, "organisation": row.organisation.name, "age": row.age, "nis": row.nis}


def add_agreement(
    session: Session, area: Area, *, source: str, from_on: date, until_on: date, reference: str, by: Actor
) -> PartnerChange:
    """The paper for one kind of list; its key follows from area, kind and year."""
    agreement = commands.add_agreement(
        session,
        key=_free_key(session, f"{area.key}-{source}-{from_on.year}"),
        area=area,
        source=source,
        from_on=from_on,
        until_on=until_on,
        reference=reference.strip(),
    )
    return note(session, "agreement_added", area, agreement, by=by, source=source, from_on=from_on, until_on=until_on)


def change_agreement(
    session: Session, area: Area, agreement: Agreement, *, from_on: date, until_on: date, reference: str, by: Actor
) -> PartnerChange:
    """Prolong it, end it sooner, or say better where the paper is."""
    names = ("from_on", "until_on", "reference")
    before = {name: getattr(agreement, name) for name in names}
    after = {"from_on": from_on, "until_on": until_on, "reference": reference.strip()}
    commands.add_agreement(session, key=agreement.key, area=area, source=agreement.source, **after)  # type: ignore[arg-type]
    fields = differences(before, after)
    return note(session, "agreement_changed", area, agreement, by=by, key=agreement.key, fields=fields)


def _free_key(session: Session, key: str) -> str:
    found, number = key, 1
    while find_agreement(session, found) is not None:
        number += 1
        found = f"{key}-{number}"
    return found
