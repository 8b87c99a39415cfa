"""How every command on the console answers: one JSON object or plain lines, and an exit code that means something."""

import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
import structlog
from flask.cli import FlaskGroup
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from outreach.errors import OutreachError, Refused
from outreach.imports.words import refusal
from outreach.labels import Catalogue

LANGUAGE = "nl"
"""What the console speaks."""

WRONG_USE = 2
REFUSED = 3

FAULTS = Catalogue.load(Path(__file__).with_name("labels.toml"))

F = TypeVar("F", bound=Callable[..., Any])

_WRONG_USE_KEYS = frozenset(
    {
        "municipality_unknown",
        "municipality_by_name",
        "municipality_merged",
        "municipality_not_of_area",
        "number_malformed",
        "mailbox_malformed",
        "email_malformed",
        "password_too_short",
        "password_too_long",
        "window_not_in_order",
        "days_not_in_order",
        "closing_needs_one_place",
    }
)
"""Refusals that say the question was wrong (exit 2), whatever the database holds; the others are exit 3."""


def json_option(command: F) -> F:
    """`--json`: one object on stdout and nothing else."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")(command)


def answer(as_json: bool, data: dict[str, Any], lines: Iterable[str]) -> None:
    """Say what was done or found: as JSON, or as lines for people."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, default=_plain))
        return
    for line in lines:
        click.echo(line)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in JSON")


class Console(FlaskGroup):
    """The `outreach` command: a refusal becomes a sentence on stderr and an exit code, never a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Only our own commands, known without an application."""
        return sorted(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command: exit 2 when the question was wrong, 3 when it was refused and nothing changed."""
        structlog.configure(logger_factory=_log_to_stderr)
        try:
            return super().invoke(ctx)
        except OutreachError as error:
            click.echo(said(error), err=True)
            refused = isinstance(error, Refused) and error.key not in _WRONG_USE_KEYS
            ctx.exit(REFUSED if refused else WRONG_USE)
        except (OperationalError, ProgrammingError) as error:
            if not _table_missing(error):
                raise
            click.echo("Deze databank is nog leeg of te oud: draai eerst `outreach db upgrade`.", err=True)
            ctx.exit(WRONG_USE)


def _log_to_stderr(*_names: object) -> structlog.PrintLogger:
    """Stdout belongs to the answer."""
    return structlog.PrintLogger(sys.stderr)


def _table_missing(error: DBAPIError) -> bool:
    return "no such table" in str(error.orig) or type(error.orig).__name__ == "UndefinedTable"


def said(error: OutreachError) -> str:
    """The refusal in words; its key when no room has words for it."""
    key = f"fault.{error.key}"
    if key in FAULTS:
        return FAULTS.text(key, LANGUAGE, **error.data)
    return refusal(error, LANGUAGE) or str(error.data.get("says") or error)


def unknown(what: str, key: str, known: Iterable[str], add: str) -> click.UsageError:
    """A key nobody knows: name those that exist, or how the first one is made."""
    keys = list(known)
    hint = (
        f"Bekend zijn: {', '.join(keys[:30])}." if keys else f"Er zijn er nog geen; maak er een met `outreach {add}`."
    )
    return click.UsageError(f"{what} {key} bestaat niet. {hint}")


class Day(click.ParamType[date]):
    """A date as 2026-12-15."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the date, or say how to write one."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is geen datum; schrijf bijvoorbeeld 2026-12-15.", param, ctx)


DAY = Day()
