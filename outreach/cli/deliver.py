"""`outreach deliver`: one pass over the outbox."""

from contextlib import nullcontext
from datetime import datetime
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from outreach import clock
from outreach.cli.console import LANGUAGE, WRONG_USE, answer, json_option
from outreach.errors import Unsound
from outreach.extensions import db
from outreach.notifications.delivery import Tally
from outreach.notifications.words import refusal
from outreach.scheduler.post import deliver_due
from outreach.scheduler.timekeeping import keep_time


class Moment(click.ParamType[datetime]):
    """A moment as 2027-01-05T08:00; without offset it is Brussels time."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the moment, or say how to write one."""
        if isinstance(value, datetime):
            return value
        try:
            return clock.parse_moment(value)
        except ValueError:
            self.fail(f"{value} is geen moment; schrijf bijvoorbeeld 2027-01-05T08:00.", param, ctx)


MOMENT = Moment()


@click.command()
@click.option("--at", type=MOMENT, help="As if at this moment; without offset Brussels time.")
@json_option
@with_appcontext
@click.pass_context
def deliver(ctx: click.Context, at: datetime | None, as_json: bool) -> None:
    """Send the mails of the outbox that are due, once."""
    settings = current_app.config["SETTINGS"]
    if at is None and not settings.training:
        keep_time(db.sessionmaker)
    with clock.at(at) if at else nullcontext():
        try:
            tally = deliver_due(settings)
        except Unsound as unsound:
            answer(as_json, Tally().as_dict(), [])
            click.echo(refusal(unsound, LANGUAGE) or str(unsound), err=True)
            ctx.exit(WRONG_USE)
    answer(as_json, tally.as_dict(), [_in_words(tally)])


def _in_words(tally: Tally) -> str:
    return (
        f"{tally.sent} verzonden, {tally.retry} later opnieuw, {tally.failed} mislukt "
        f"(van {tally.claimed} die aan de beurt waren)."
    )
