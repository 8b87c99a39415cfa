"""`outreach scheduler`: the clock and the sweeps, in any number of processes."""

import click
from flask import current_app
from flask.cli import with_appcontext

from outreach.cli.console import LANGUAGE, REFUSED, WRONG_USE
from outreach.errors import Unsound
from outreach.notifications.transport import ServerDownError
from outreach.notifications.words import refusal, undelivered
from outreach.scheduler.post import refuse_unusable_server
from outreach.scheduler.ticking import run_until_told


@click.command()
@with_appcontext
@click.pass_context
def scheduler(ctx: click.Context) -> None:
    """Remind and deliver on time, until Ctrl-C or TERM."""
    try:
        refuse_unusable_server(current_app.config["SETTINGS"])
    except Unsound as unsound:
        click.echo(refusal(unsound, LANGUAGE) or str(unsound), err=True)
        ctx.exit(WRONG_USE)
    except ServerDownError as down:
        click.echo(undelivered(down.error, down.code, LANGUAGE), err=True)
        ctx.exit(REFUSED)
    run_until_told(current_app._get_current_object())  # type: ignore[attr-defined]  # the application itself, for threads
