"""`outreach run`: the training environment on this machine, everything in one command."""

import logging
import socket

import click
from flask import Flask

import config
from outreach import schema
from outreach.accounts.actors import ensure_builtins
from outreach.accounts.queries import find_person
from outreach.application import create_app
from outreach.cli.console import LANGUAGE, WRONG_USE
from outreach.database import transaction
from outreach.errors import Unsound
from outreach.extensions import db
from outreach.training.commands import prepare
from outreach.training.running import Plan, alone_in, listen, run_until_told, training_environment
from outreach.training.sign_ins import ready_lines
from outreach.training.words import WORDS
from outreach.training.world.making import make_world
from outreach.training.world.people import PEOPLE

FAILED = 1


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), envvar="PORT", default=5000, show_default=True)
@click.option("--world-only", is_flag=True, hidden=True, help="Make the world and end (what `run` itself calls).")
def run(port: int, world_only: bool) -> None:
    """A training environment: an invented world the first time, then pages, reminders and a local mail sink.

    Until Ctrl-C or TERM. Nothing leaves this machine: pages and mail stay on loopback.
    """
    try:
        if world_only:
            make_world(training_app())
            return
        _serve(port)
    except Unsound as error:
        if f"run.{error.key}" not in WORDS:
            raise
        click.echo(WORDS.text(f"run.{error.key}", LANGUAGE, **error.data), err=True)
        raise SystemExit(WRONG_USE) from None


def training_app() -> Flask:
    """The application in a process of `outreach run`; raises Unsound outside one."""
    settings = config.load()
    if not settings.training:
        raise Unsound("only_in_training")
    return create_app(settings)


def _serve(port: int) -> None:
    environment = training_environment(port)
    settings = config.load(environment)
    with alone_in(settings.data_dir), listen(port) as listener:
        _say("run.starting", url=settings.base_url)
        environment["OUTREACH_BASE_URL"] = settings.base_url
        to_make, invented = _prepared(settings)
        if to_make:
            _say("run.making")
        plan = Plan(settings.data_dir, port, environment, to_make, settings.now is not None)
        _run(plan, listener, ready_lines(settings.base_url, settings.data_dir, invented=invented))


def _prepared(settings: config.Settings) -> tuple[bool, bool]:
    """Migrate and mark the database: whether a world is to be made in it, and whether it then holds an invented one."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    app = create_app(settings)
    with app.app_context():
        schema.upgrade()
        with transaction(db.session):
            ensure_builtins(db.session)
            to_make = prepare(db.session)
            invented = to_make or find_person(db.session, PEOPLE[0].email) is not None
        db.session.close()
        db.engine.dispose()
    return to_make, invented


def _run(plan: Plan, listener: socket.socket, ready: list[str]) -> None:
    failure = run_until_told(plan, listener, on_ready=lambda: click.echo("\n".join(ready)))
    if failure is None:
        _say("run.ended")
        return
    ended, words = failure
    click.echo(words, err=True)
    _say("run.process_ended", name=ended.name, code=ended.code, folder=str(plan.data_dir / "logs"), err=True)
    raise SystemExit(FAILED)


def _say(key: str, *, err: bool = False, **data: object) -> None:
    click.echo(WORDS.text(key, LANGUAGE, **data), err=err)
