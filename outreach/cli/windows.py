"""`outreach windows`: when registration closes, for each birth year."""

from datetime import date
from typing import Any

import click
from flask.cli import AppGroup

from outreach.accounts.actors import builtin
from outreach.administration.commands.noting import note
from outreach.cli import named
from outreach.cli.console import DAY, answer, json_option
from outreach.database import transaction
from outreach.extensions import db
from outreach.partners import commands, queries
from outreach.partners.models import Area, RegistrationWindow


@click.group(cls=AppGroup)
def windows() -> None:
    """Registration windows of an area, by the child's year of birth."""


@windows.command()
@click.argument("area")
@click.option("--birth-year", required=True, type=click.IntRange(2000, 2070))
@click.option("--closes", required=True, type=DAY, help="Last day to register.")
@click.option("--result", type=DAY, help="Day the result is known.")
@click.option("--ticket-expires", type=DAY, help="Last day to enrol with the ticket.")
@json_option
def add(
    area: str, birth_year: int, closes: date, result: date | None, ticket_expires: date | None, as_json: bool
) -> None:
    """Set the window for one birth year; the new dates replace the old."""
    with transaction(db.session):
        found = named.area(db.session, area)
        window = commands.add_window(
            db.session,
            area=found,
            birth_year=birth_year,
            closes_on=closes,
            result_on=result,
            ticket_expires_on=ticket_expires,
        )
        days = {"closes_on": closes, "result_on": result, "ticket_expires_on": ticket_expires}
        by = builtin(db.session, "console")
        note(db.session, "window_added", found, window, by=by, birth_year=birth_year, **days)
        data = _data(found, window)
    answer(as_json, data, [_line(data)])


@windows.command(name="list")
@click.argument("area", required=False)
@json_option
def list_windows(area: str | None, as_json: bool) -> None:
    """The windows of an area, or of all."""
    areas = [named.area(db.session, area)] if area else queries.areas(db.session)
    rows = [_data(one, row) for one in areas for row in queries.windows(db.session, one.id)]
    answer(as_json, {"windows": rows}, map(_line, rows))


def _data(area: Area, row: RegistrationWindow) -> dict[str, Any]:
    return {
        "area": area.key,
        "birth_year": row.birth_year,
        "closes": row.closes_on,
        "result": row.result_on,
        "ticket_expires": row.ticket_expires_on,
    }


def _line(data: dict[str, Any]) -> str:
    return f"{data['area']}: geboren in {data['birth_year']}, aanmelden tot en met {data['closes']}"
