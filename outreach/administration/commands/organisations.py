"""Organisations, as somebody on a page adds, changes and ends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.administration.commands.noting import differences, note
from outreach.administration.models import PartnerChange
from outreach.cases.queries.held import held_by
from outreach.errors import Refused
from outreach.partners import commands
from outreach.partners.commands import AtWork
from outreach.partners.hours import CLOSES, MONDAY_TO_FRIDAY, OPENS
from outreach.partners.models import Area, Organisation, OrganisationArea
from outreach.partners.queries import areas_coordinated, find_organisation
from outreach.partners.spelling import slug


@dataclass(frozen=True)
class Reach:
    """How an organisation is reached, and when somebody is there."""

    mailbox: str | None
    language: str
    at_work: AtWork


def add_organisation(
    session: Session, *, kind: str, name: str, number: str | None, reach: Reach, areas: Sequence[Area], by: Actor
) -> PartnerChange:
    """A new organisation that works in these areas; its key follows from its name. Raises Refused as the parts do."""
    added = commands.add_organisation(
        session, key=_free_key(session, name), kind=kind, name=name.strip(), number=number
    )
    _reach(session, added, reach)
    for area in areas:
        commands.serve_area(session, organisation=added, area=area, from_on=clock.today())
    return note(session, "organisation_added", added, by=by, name=added.name)


def change_organisation(
    session: Session, organisation: Organisation, *, named: tuple[str, str | None] | None, reach: Reach, by: Actor
) -> PartnerChange:
    """How it is reached and when it works; with `named` also its name and number."""
    before = told(organisation)
    if named is not None:
        commands.rename_organisation(session, organisation=organisation, name=named[0], number=named[1])
    _reach(session, organisation, reach)
    fields = differences(before, told(organisation))
    return note(session, "organisation_changed", organisation, by=by, fields=fields)


def end_organisation(session: Session, organisation: Organisation, *, by: Actor) -> PartnerChange:
    """From today it gets no steps and its people have no access.

    Raises Refused while it coordinates an area, leads open cases or has open steps: first somebody takes those over.
    """
    coordinated = areas_coordinated(session, organisation.id)
    if coordinated:
        raise Refused("still_coordinates", areas=", ".join(area.name for area in coordinated))
    held = held_by(session, organisation.id)
    if held.steps or held.cases:
        raise Refused("still_has_work", steps=held.steps, cases=held.cases)
    commands.end_organisation(session, organisation=organisation, on=clock.today())
    return note(session, "organisation_ended", organisation, by=by)


def resume_organisation(session: Session, organisation: Organisation, *, by: Actor) -> PartnerChange:
    """It goes on after all."""
    commands.resume_organisation(session, organisation=organisation)
    return note(session, "organisation_resumed", organisation, by=by)


def serve_area(session: Session, organisation: Organisation, area: Area, *, by: Actor) -> PartnerChange:
    """From today it works in one more area."""
    commands.serve_area(session, organisation=organisation, area=area, from_on=clock.today())
    return note(session, "service_added", organisation, by=by, area=area.name)


def stop_serving(
    session: Session, organisation: Organisation, service: OrganisationArea, *, by: Actor
) -> PartnerChange:
    """From today it gets no new steps in this area. Raises Refused for who coordinates it."""
    area = session.get_one(Area, service.area_id)
    change = note(session, "service_ended", organisation, service, by=by, area=area.name)
    commands.stop_serving(session, service=service)
    return change


def told(organisation: Organisation) -> dict[str, Any]:
    """What a page says about an organisation; working days and hours also where it keeps the usual ones."""
    days, opens, closes = organisation.working_days, organisation.opens_hour, organisation.closes_hour
    return {
        "name": organisation.name,
        "number": organisation.number,
        "mailbox": organisation.mailbox,
        "language": organisation.language,
        "days": list(MONDAY_TO_FRIDAY) if days is None else days,
        "opens": OPENS if opens is None else opens,
        "closes": CLOSES if closes is None else closes,
    }


def _reach(session: Session, organisation: Organisation, reach: Reach) -> None:
    commands.reach_organisation(
        session,
        organisation=organisation,
        mailbox=reach.mailbox,
        language=reach.language,
        at_work=reach.at_work,
    )


def _free_key(session: Session, name: str) -> str:
    key, number = slug(name), 1
    while find_organisation(session, key if number == 1 else f"{key}-{number}") is not None:
        number += 1
    return key if number == 1 else f"{key}-{number}"
