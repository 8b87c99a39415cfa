"""`outreach deliver`: one pass over the outbox."""

import json
from contextlib import nullcontext
from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from outreach import clock
from outreach.errors import Unsound
from outreach.notifications.delivery import Tally
from outreach.notifications.lines import WORDS
from outreach.scheduler.post import deliver_due

LANGUAGE = "nl"
REFUSED = 3


class Moment(click.ParamType):
    """An ISO moment; without offset it is Brussels time."""

    name = "moment"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return clock.parse_moment(value)
        except ValueError:
            self.fail(f"{value} is geen moment, bv. 2027-01-05T08:00", param, ctx)


@click.command()
@click.option("--at", type=Moment(), help="As if at this moment; without offset Brussels time.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@with_appcontext
def deliver(at: datetime | None, as_json: bool) -> None:
    """Send the mails of the outbox that are due, once."""
    with clock.at(at) if at else nullcontext():
        try:
            tally = deliver_due(current_app.config["SETTINGS"])
        except Unsound as unsound:
            _show(Tally(), as_json)
            click.echo(WORDS.text(f"unsound.{unsound.key}", LANGUAGE, **unsound.data), err=True)
            raise SystemExit(REFUSED) from unsound
    _show(tally, as_json)


def _show(tally: Tally, as_json: bool) -> None:
    counts = tally.as_dict()
    click.echo(json.dumps(counts) if as_json else ", ".join(f"{name} {count}" for name, count in counts.items()))
