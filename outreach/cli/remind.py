"""`outreach remind`: the morning sweep, now or as if at another moment."""

from contextlib import nullcontext
from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from outreach import clock
from outreach.cases.commands.reminding import Swept, remind as sweep
from outreach.cli.console import answer, json_option
from outreach.cli.deliver import MOMENT
from outreach.database import transaction
from outreach.extensions import db
from outreach.scheduler.timekeeping import keep_time


@click.command()
@click.option("--at", type=MOMENT, help="As if at this moment; without offset Brussels time.")
@json_option
@with_appcontext
def remind(at: datetime | None, as_json: bool) -> None:
    """Queue the digests that are due; run again, it queues nothing more."""
    if at is None and not current_app.config["SETTINGS"].training:
        keep_time(db.sessionmaker)
    with clock.at(at) if at else nullcontext(), transaction(db.session):
        swept = sweep(db.session)
    answer(as_json, swept.as_data(), [_in_words(swept)])


def _in_words(swept: Swept) -> str:
    return (
        f"{swept.digests_queued} mails klaargezet over {swept.steps_due} stappen "
        f"({swept.steps_considered} open stappen bekeken, {swept.already_queued} adressen kregen vandaag al een mail)."
    )
