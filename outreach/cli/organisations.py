"""`outreach organisations`: local teams, schools and services."""

from typing import Any

import click
from flask.cli import AppGroup

from outreach import clock
from outreach.accounts.actors import builtin
from outreach.administration.commands.noting import note
from outreach.cli import named
from outreach.cli.console import answer, json_option
from outreach.database import transaction
from outreach.extensions import db
from outreach.labels import LANGUAGES
from outreach.partners import commands, queries
from outreach.partners.models import KINDS, Organisation


@click.group(cls=AppGroup)
def organisations() -> None:
    """Local teams, schools and services."""


@organisations.command()
@click.argument("key")
@click.option("--kind", required=True, type=click.Choice(KINDS))
@click.option("--name", required=True)
@click.option("--area", "areas", multiple=True, metavar="KEY", help="Area it works in; repeat for more.")
@click.option("--mailbox", metavar="ADDRESS", help="Where letters go when a step has no person.")
@click.option("--number", metavar="N", help="A school's six digits.")
@click.option("--language", type=click.Choice(LANGUAGES), default="nl", show_default=True)
@json_option
def add(
    key: str,
    kind: str,
    name: str,
    areas: tuple[str, ...],
    mailbox: str | None,
    number: str | None,
    language: str,
    as_json: bool,
) -> None:
    """Make an organisation, or give a known one another name, mailbox or area."""
    with transaction(db.session):
        served = [named.area(db.session, area) for area in areas]
        organisation = commands.add_organisation(
            db.session, key=key, kind=kind, name=name, number=number, mailbox=mailbox, language=language
        )
        note(db.session, "organisation_added", organisation, by=builtin(db.session, "console"), name=name)
        for area in served:
            commands.serve_area(db.session, organisation=organisation, area=area)
        data = _data(organisation, queries.areas_served(db.session, clock.today()))
    answer(as_json, data, [_line(data)])


@organisations.command(name="list")
@click.option("--area", metavar="KEY", help="Only those that serve this area today.")
@click.option("--kind", type=click.Choice(KINDS))
@json_option
def list_organisations(area: str | None, kind: str | None, as_json: bool) -> None:
    """Every organisation, ended ones too."""
    area_id = named.area(db.session, area).id if area else None
    served = queries.areas_served(db.session, clock.today())
    found = queries.organisations(db.session, area_id=area_id, kind=kind, on=clock.today() if area else None)
    rows = [_data(one, served) for one in found]
    answer(as_json, {"organisations": rows}, map(_line, rows))


def _data(organisation: Organisation, served: dict[int, list[str]]) -> dict[str, Any]:
    return {
        "key": organisation.key,
        "kind": organisation.kind,
        "name": organisation.name,
        "number": organisation.number,
        "mailbox": organisation.mailbox,
        "language": organisation.language,
        "areas": served.get(organisation.id, []),
        "ended_on": organisation.ended_on,
    }


def _line(data: dict[str, Any]) -> str:
    number = f" {data['number']}" if data["number"] else ""
    areas = f" [{', '.join(data['areas'])}]" if data["areas"] else ""
    return f"{data['key']}: {data['name']} ({data['kind']}{number}){areas}"
