"""`outreach closings`: extra closing days of an area or a school."""

from datetime import date
from typing import Any

import click
from flask.cli import AppGroup

from outreach.accounts.actors import Actor, builtin
from outreach.administration.commands.noting import note
from outreach.cases.commands.rederiving import preview_rederivation
from outreach.cli import named
from outreach.cli.console import DAY, answer, json_option
from outreach.cli.rederive import summary
from outreach.database import transaction
from outreach.extensions import db
from outreach.partners import commands, queries
from outreach.partners.models import Area, Closing, Organisation


@click.group(cls=AppGroup)
def closings() -> None:
    """Closing days on top of the school calendar."""


@closings.command()
@click.option("--area", metavar="KEY", help="Closed in the whole area.")
@click.option("--school", metavar="N", help="Closed in the school with this number.")
@click.option("--from", "from_on", required=True, type=DAY)
@click.option("--until", "until_on", required=True, type=DAY, help="Last day, included.")
@click.option("--reason", required=True)
@json_option
def add(area: str | None, school: str | None, from_on: date, until_on: date, reason: str, as_json: bool) -> None:
    """Add closing days; open steps keep their dates until they are derived again."""
    with transaction(db.session):
        closing = commands.add_closing(
            db.session,
            area=named.area(db.session, area) if area else None,
            organisation=named.school(db.session, school) if school else None,
            from_on=from_on,
            until_on=until_on,
            reason=reason,
        )
        told = {"from_on": from_on, "until_on": until_on, "reason": reason}
        note(db.session, "closing_added", named.place(db.session, closing), closing, by=_console(), **told)
        data = _data(closing)
        moved = preview_rederivation(db.session, area_id=closing.area_id, organisation_id=closing.organisation_id)
    answer(as_json, data, [_line(data)])
    click.echo(summary(len(moved), applied=False), err=True)
    if moved:
        place = f"--area {area}" if area else f"--organisation {data['organisation']}"
        click.echo(f"Bekijk ze met `outreach rederive {place}`, voer het uit met --apply.", err=True)


def _console() -> Actor:
    return builtin(db.session, "console")


@closings.command(name="list")
@json_option
def list_closings(as_json: bool) -> None:
    """All closing days, by date."""
    rows = [_data(row) for row in queries.closings(db.session)]
    answer(as_json, {"closings": rows}, map(_line, rows))


def _data(row: Closing) -> dict[str, Any]:
    area = db.session.get(Area, row.area_id) if row.area_id else None
    organisation = db.session.get(Organisation, row.organisation_id) if row.organisation_id else None
    return {
        "area": area.key if area else None,
        "organisation": organisation.key if organisation else None,
        "school": organisation.number if organisation else None,
        "from": row.from_on,
        "until": row.until_on,
        "reason": row.reason,
    }


def _line(data: dict[str, Any]) -> str:
    return f"{data['area'] or data['organisation']}: {data['from']} tot en met {data['until']}, {data['reason']}"
