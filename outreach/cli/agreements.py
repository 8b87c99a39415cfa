"""`outreach agreements`: under which paper an area receives a list."""

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
from outreach.partners.models import SOURCES, Agreement, Area


@click.group(cls=AppGroup)
def agreements() -> None:
    """Agreements under which an area may receive a list."""


@agreements.command()
@click.argument("key")
@click.option("--area", required=True, metavar="KEY")
@click.option("--source", required=True, type=click.Choice(SOURCES))
@click.option("--from", "from_on", required=True, type=DAY)
@click.option("--until", "until_on", required=True, type=DAY, help="Last day, included.")
@click.option("--reference", required=True, help="Where the paper is found.")
@json_option
def add(key: str, area: str, source: str, from_on: date, until_on: date, reference: str, as_json: bool) -> None:
    """Note an agreement; again with other dates prolongs it."""
    with transaction(db.session):
        found = named.area(db.session, area)
        agreement = commands.add_agreement(
            db.session,
            key=key,
            area=found,
            source=source,
            from_on=from_on,
            until_on=until_on,
            reference=reference,
        )
        told = {"source": source, "from_on": from_on, "until_on": until_on}
        note(db.session, "agreement_added", found, agreement, by=builtin(db.session, "console"), **told)
        data = _data(agreement)
    answer(as_json, data, [_line(data)])


@agreements.command(name="list")
@json_option
def list_agreements(as_json: bool) -> None:
    """All agreements."""
    rows = [_data(row) for row in queries.agreements(db.session)]
    answer(as_json, {"agreements": rows}, map(_line, rows))


def _data(row: Agreement) -> dict[str, Any]:
    return {
        "key": row.key,
        "area": db.session.get_one(Area, row.area_id).key,
        "source": row.source,
        "from": row.from_on,
        "until": row.until_on,
        "reference": row.reference,
    }


def _line(data: dict[str, Any]) -> str:
    return f"{data['key']}: {data['source']} voor {data['area']}, {data['from']} tot en met {data['until']}"
