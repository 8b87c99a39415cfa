"""`outreach mail test ADDRESS`: does sending work?"""

import uuid

import click
from flask import current_app
from flask.cli import with_appcontext

from outreach.cli.console import LANGUAGE, REFUSED, WRONG_USE
from outreach.errors import Unsound
from outreach.notifications.claims import Claimed
from outreach.notifications.commands import is_usable
from outreach.notifications.letters import write
from outreach.notifications.transport import UndeliveredError
from outreach.notifications.words import WORDS, refusal, undelivered
from outreach.scheduler.post import mail_transport, office_of


@click.group()
def mail() -> None:
    """The mail server."""


@mail.command()
@click.argument("address")
@click.option("--language", type=click.Choice(["nl", "fr", "en"]), default="nl", show_default=True)
@with_appcontext
@click.pass_context
def test(ctx: click.Context, address: str, language: str) -> None:
    """Send a test mail to ADDRESS at once, past the outbox, and say what the server answers."""
    settings = current_app.config["SETTINGS"]
    if not is_usable(address):
        raise click.UsageError(WORDS.text("error.address_malformed", LANGUAGE))
    try:
        with mail_transport(settings).session() as transport:
            transport.send(write(_letter(address, language), office_of(settings)))
    except Unsound as unsound:
        click.echo(refusal(unsound, LANGUAGE) or str(unsound), err=True)
        ctx.exit(WRONG_USE)
    except UndeliveredError as error:
        click.echo(undelivered(error.error, error.code, LANGUAGE), err=True)
        ctx.exit(REFUSED)
    click.echo(f"Verstuurd aan {address}.")


def _letter(address: str, language: str) -> Claimed:
    return Claimed(
        id=0,
        kind="test",
        address=address,
        language=language,
        message_id=uuid.uuid4().hex,
        digest_on=None,
        attempts=0,
        not_after_at=None,
        lines=(),
    )
