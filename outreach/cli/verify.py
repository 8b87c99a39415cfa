"""`outreach verify`: does the database keep every promise?"""

import click
from flask.cli import with_appcontext

from outreach.cases.queries.verify import case_checks
from outreach.cases.workflow import processes
from outreach.children.search_keys import search_checks
from outreach.cli.console import answer, json_option
from outreach.database import read_snapshot
from outreach.database.checks import Check, check
from outreach.extensions import db
from outreach.imports.queries import import_checks
from outreach.notifications.checking import mail_checks

FOUND_SOMETHING = 1


@click.command()
@json_option
@with_appcontext
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Check the invariants; exit 1 when one is broken."""
    with read_snapshot(db.session) as session:
        rooms = (case_checks, import_checks, search_checks, mail_checks)
        checks = [_processes_are_sound(), *(each for room in rooms for each in room(session))]
    ok = all(each.ok for each in checks)
    answer(as_json, {"ok": ok, "checks": [_as_data(each) for each in checks]}, [_in_words(each) for each in checks])
    if not ok:
        ctx.exit(FOUND_SOMETHING)


def _processes_are_sound() -> Check:
    """Reading the processes refuses an unsound or changed one, so that it was read is the check."""
    return check("published_processes_are_unchanged", [] if list(processes()) else ["none"])


def _as_data(one: Check) -> dict[str, object]:
    return {"key": one.key, "ok": one.ok, "count": one.count, "examples": list(one.examples)}


def _in_words(one: Check) -> str:
    if one.ok:
        return f"in orde   {one.key}"
    return f"FOUT      {one.key}: {one.count}, bijvoorbeeld {', '.join(one.examples)}"
