"""`outreach report-days`: when the participation reports of an area are there."""

from datetime import date
from typing import Any

import click
from flask.cli import AppGroup

from outreach.accounts.actors import builtin
from outreach.administration.commands.days import expect_reports
from outreach.cases.commands.rederiving import preview_rederivation
from outreach.cli import named
from outreach.cli.console import DAY, answer, json_option
from outreach.cli.rederive import summary
from outreach.database import transaction
from outreach.extensions import db
from outreach.partners import queries
from outreach.partners.models import Area, ReportDay


@click.group(name="report-days", cls=AppGroup)
def report_days() -> None:
    """Days on which an area has its participation reports."""


@report_days.command()
@click.argument("area")
@click.option("--on", required=True, type=DAY, help="The day the reports are there.")
@json_option
def add(area: str, on: date, as_json: bool) -> None:
    """Note one day; open steps keep their dates until they are derived again."""
    with transaction(db.session):
        found = named.area(db.session, area)
        known = [each for each in queries.report_days(db.session, found.id) if each.on == on]
        if not known:
            expect_reports(db.session, found, on=on, by=builtin(db.session, "console"))
        (row,) = (each for each in queries.report_days(db.session, found.id) if each.on == on)
        data = _data(found, row)
        moved = preview_rederivation(db.session, area_id=found.id)
    answer(as_json, data, [_line(data)])
    click.echo(summary(len(moved), applied=False), err=True)
    if moved:
        click.echo(f"Bekijk ze met `outreach rederive --area {area}`, voer het uit met --apply.", err=True)


@report_days.command(name="list")
@click.argument("area", required=False)
@json_option
def list_report_days(area: str | None, as_json: bool) -> None:
    """The days of an area, or of all; without any in a school year the usual days hold."""
    areas = [named.area(db.session, area)] if area else queries.areas(db.session)
    rows = [_data(one, row) for one in areas for row in queries.report_days(db.session, one.id)]
    answer(as_json, {"report_days": rows}, map(_line, rows))


def _data(area: Area, row: ReportDay) -> dict[str, Any]:
    return {"area": area.key, "on": row.on}


def _line(data: dict[str, Any]) -> str:
    return f"{data['area']}: participatierapporten op {data['on']}"
