"""`outreach areas`: working areas and their municipalities."""

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
from outreach.partners import commands, queries
from outreach.partners.models import Area


@click.group(cls=AppGroup)
def areas() -> None:
    """Working areas: each a set of municipalities with a coordinating organisation."""


@areas.command()
@click.argument("key")
@click.option("--name", required=True, help="What people call the area.")
@click.option("--municipality", "nis", multiple=True, required=True, metavar="NIS", help="NIS code; repeat for more.")
@click.option("--coordinator", metavar="ORG", help="Key of an organisation; without it `lop-KEY` is made.")
@json_option
def add(key: str, name: str, nis: tuple[str, ...], coordinator: str | None, as_json: bool) -> None:
    """Make an area, or give a known one more municipalities."""
    with transaction(db.session):
        area = commands.add_area(
            db.session,
            key=key,
            name=name,
            nis=list(nis),
            coordinator=named.organisation(db.session, coordinator) if coordinator else None,
        )
        note(db.session, "area_added", area, by=builtin(db.session, "console"), name=name)
        data = _data(area)
    answer(as_json, data, [_line(data)])


@areas.command(name="list")
@json_option
def list_areas(as_json: bool) -> None:
    """Every area with its municipalities of today."""
    rows = [_data(area) for area in queries.areas(db.session)]
    answer(as_json, {"areas": rows}, map(_line, rows))


def _data(area: Area) -> dict[str, Any]:
    return {
        "key": area.key,
        "name": area.name,
        "coordinator": area.coordinator.key,
        "municipalities": queries.municipalities_of(db.session, area.id, clock.today()),
    }


def _line(data: dict[str, Any]) -> str:
    return f"{data['key']}: {data['name']} ({', '.join(data['municipalities'])}), regie {data['coordinator']}"
