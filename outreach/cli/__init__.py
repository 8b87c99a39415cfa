"""The console: `outreach` and its commands, the same doors as people have."""

from flask import Flask

import config
from outreach.application import create_app
from outreach.cli.agreements import agreements
from outreach.cli.areas import areas
from outreach.cli.calendar import calendar
from outreach.cli.closings import closings
from outreach.cli.console import Console
from outreach.cli.database import database
from outreach.cli.deliver import deliver
from outreach.cli.imports import import_lists
from outreach.cli.mail import mail
from outreach.cli.organisations import organisations
from outreach.cli.rederive import rederive
from outreach.cli.remind import remind
from outreach.cli.report_days import report_days
from outreach.cli.routing import routing
from outreach.cli.run import run
from outreach.cli.scheduler import scheduler
from outreach.cli.users import users
from outreach.cli.users_end import end_user
from outreach.cli.verify import verify
from outreach.cli.windows import windows


def _application() -> Flask:
    """Made only when a command needs it: `calendar` works without settings or database."""
    return create_app(config.load())


console = Console(
    name="outreach",
    help="Outreach on the console. Every command has --help and --json.",
    add_default_commands=False,
    add_version_option=False,
    create_app=_application,
    load_dotenv=False,
    set_debug_flag=False,
)

COMMANDS = (
    agreements,
    areas,
    calendar,
    closings,
    database,
    deliver,
    import_lists,
    mail,
    organisations,
    rederive,
    remind,
    report_days,
    routing,
    run,
    scheduler,
    users,
    verify,
    windows,
)

users.add_command(end_user)
for command in COMMANDS:
    console.add_command(command)


def main() -> None:
    """The entry point of the `outreach` program."""
    console.main(prog_name="outreach")
