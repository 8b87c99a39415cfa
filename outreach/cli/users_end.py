"""`outreach users end`: somebody leaves an organisation; first who takes over, then the access ends."""

import click
from flask.cli import with_appcontext

from outreach import clock
from outreach.accounts import queries
from outreach.accounts.actors import builtin
from outreach.accounts.commands import TRAY, Successor
from outreach.cases.commands.leaving import leave_team
from outreach.cli import named
from outreach.cli.console import answer, json_option
from outreach.database import transaction
from outreach.extensions import db


@click.command(name="end")
@click.argument("email")
@click.option("--organisation", required=True, metavar="KEY")
@click.option("--successor", metavar="EMAIL", help="A colleague of the same organisation takes over.")
@click.option("--tray", is_flag=True, help="The work goes to the team's tray.")
@json_option
@with_appcontext
def end_user(email: str, organisation: str, successor: str | None, tray: bool, as_json: bool) -> None:
    """Hand over what somebody has in an organisation, then end that person's place there."""
    if bool(successor) == tray:
        raise click.UsageError("Kies wie het werk overneemt: --successor E-MAIL of --tray.")
    with transaction(db.session):
        person = named.person(db.session, email)
        place = named.organisation(db.session, organisation)
        found = queries.memberships_of(db.session, person.id, clock.today())
        leaving = [row for row in found if row.organisation_id == place.id]
        if not leaving:
            raise click.UsageError(f"{person.email} hoort niet bij {place.key}.")
        handed_to = Successor(named.person(db.session, successor).id) if successor else TRAY
        by = builtin(db.session, "console")
        moved = sum(leave_team(db.session, row, handed_to=handed_to, by=by) for row in leaving)
        data = {
            "email": person.email,
            "organisation": place.key,
            "steps": moved,
            "successor": successor,
            "ended": person.ended_at is not None,
        }
    to = successor or "de postbak van het team"
    answer(as_json, data, [f"{data['email']} hoort niet meer bij {place.key}; {moved} open stappen gingen naar {to}."])
