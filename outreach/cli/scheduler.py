"""`outreach scheduler`: the clock and the sweeps, in any number of processes."""

import click
from flask import current_app
from flask.cli import with_appcontext

from outreach.scheduler.ticking import run_until_told


@click.command()
@with_appcontext
def scheduler() -> None:
    """Remind and deliver on time, until Ctrl-C or TERM."""
    run_until_told(current_app._get_current_object())  # type: ignore[attr-defined]  # the application itself, for threads
