"""`outreach users`: people, their memberships and their passwords."""

import sys
from typing import Any

import click
from flask.cli import AppGroup

from outreach import clock
from outreach.accounts import commands, passwords, queries
from outreach.accounts.actors import builtin
from outreach.accounts.models import ROLES, Membership, Person
from outreach.cli import named
from outreach.cli.console import answer, json_option
from outreach.database import transaction
from outreach.extensions import db
from outreach.labels import LANGUAGES

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)


@click.group(cls=AppGroup)
def users() -> None:
    """People who sign in, and the organisations they belong to."""


@users.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--organisation", required=True, metavar="KEY")
@click.option("--language", type=click.Choice(LANGUAGES), default="nl", show_default=True)
@password_option
@json_option
def add(
    email: str, name: str, role: str, organisation: str, language: str, password_stdin: bool, as_json: bool
) -> None:
    """Give somebody a place in an organisation; again with another organisation or role gives one more."""
    password_hash = passwords.hash_password(_first_line()) if password_stdin else None
    with transaction(db.session):
        by = builtin(db.session, "console")
        person = commands.add_person(
            db.session,
            email=email,
            name=name,
            role=role,
            organisation=named.organisation(db.session, organisation),
            language=language,
            by=by,
        ).person
        if password_hash is not None:
            commands.set_password(db.session, person=person, password_hash=password_hash, by=by)
        data = _data(person, queries.memberships_of(db.session, person.id, clock.today()))
    answer(as_json, data, [_line(data)])
    if not data["has_password"]:
        click.echo(f"Nog zonder wachtwoord: maak er een met `outreach users reset {data['email']}`.", err=True)


@users.command(name="list")
@json_option
def list_users(as_json: bool) -> None:
    """Everybody, those who left too."""
    people = queries.people(db.session)
    places = queries.current_memberships(db.session, [one.id for one in people], clock.today())
    rows = [_data(one, places[one.id]) for one in people]
    answer(as_json, {"users": rows}, map(_line, rows))


@users.command()
@click.argument("email")
@password_option
@json_option
def reset(email: str, password_stdin: bool, as_json: bool) -> None:
    """Give somebody a new password, made here and shown this once; everything that was signed in ends."""
    made = None if password_stdin else passwords.random_password()
    password_hash = passwords.hash_password(made or _first_line())
    with transaction(db.session):
        person = named.person(db.session, email)
        by = builtin(db.session, "console")
        commands.set_password(db.session, person=person, password_hash=password_hash, by=by)
        known = person.email
    data = {"email": known} | ({"password": made} if made else {})
    answer(as_json, data, [made] if made else [f"Het wachtwoord van {known} is vervangen."])


def _first_line() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _data(person: Person, places: list[Membership]) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "language": person.language,
        "has_password": person.password_hash is not None,
        "ended": person.ended_at is not None,
        "memberships": [{"organisation": place.organisation.key, "role": place.role} for place in places],
    }


def _line(data: dict[str, Any]) -> str:
    places = ", ".join(f"{place['role']} bij {place['organisation']}" for place in data["memberships"])
    return f"{data['email']}: {data['name']} ({places or 'nergens meer'})"
