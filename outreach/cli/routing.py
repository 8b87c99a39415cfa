"""`outreach routing`: to whom a step goes in an area."""

from typing import Any

import click
from flask.cli import AppGroup

from outreach.accounts.actors import builtin
from outreach.administration.commands.noting import note
from outreach.cli import named
from outreach.cli.console import answer, json_option
from outreach.database import transaction
from outreach.extensions import db
from outreach.partners import commands, queries
from outreach.partners.models import Area, Routing


@click.group(cls=AppGroup)
def routing() -> None:
    """To which organisation a step goes, by age and municipality; the row that says most wins."""


@routing.command(name="set")
@click.argument("area")
@click.option("--step", required=True, help="Key of the step, such as home_visit.")
@click.option("--organisation", required=True, metavar="KEY")
@click.option("--age", type=click.IntRange(0, 7), help="Only for children of this age.")
@click.option("--municipality", "nis", metavar="NIS", help="Only for children who live there.")
@json_option
def set_routing(area: str, step: str, organisation: str, age: int | None, nis: str | None, as_json: bool) -> None:
    """Send a step of this area to an organisation; replaces what stood there."""
    with transaction(db.session):
        found = named.area(db.session, area)
        row = commands.set_routing(
            db.session,
            area=found,
            step=step,
            organisation=named.organisation(db.session, organisation),
            age=age,
            nis=nis,
        )
        told = {"step": step, "organisation": row.organisation.name, "age": age, "nis": nis}
        note(db.session, "routing_set", found, row, by=builtin(db.session, "console"), **told)
        data = _data(found, row)
    answer(as_json, data, [_line(data)])


@routing.command(name="list")
@click.argument("area", required=False)
@json_option
def list_routing(area: str | None, as_json: bool) -> None:
    """The routing table of an area, or of all."""
    areas = [named.area(db.session, area)] if area else queries.areas(db.session)
    rows = [_data(one, row) for one in areas for row in queries.routings(db.session, one.id)]
    answer(as_json, {"routing": rows}, map(_line, rows))


def _data(area: Area, row: Routing) -> dict[str, Any]:
    return {
        "area": area.key,
        "step": row.step,
        "organisation": row.organisation.key,
        "age": row.age,
        "municipality": row.nis,
    }


def _line(data: dict[str, Any]) -> str:
    age = f", {data['age']} jaar" if data["age"] is not None else ""
    nis = f", gemeente {data['municipality']}" if data["municipality"] else ""
    return f"{data['area']}: {data['step']}{age}{nis} -> {data['organisation']}"
