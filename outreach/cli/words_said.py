"""What is typed of the words of a list of running cases: where a status leads, whom a name stands for."""

import click
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cli import named
from outreach.cli.asked import Asked
from outreach.cli.console import LANGUAGE
from outreach.imports.commands.tying_words import tie_words
from outreach.imports.queries.followers import STATUS, WHO, candidates
from outreach.imports.targets import Follower, closures, place_named, process
from outreach.imports.words import word
from outreach.partners.models import Area


def remember_words(session: Session, area: Area, asked: Asked, by: Actor) -> None:
    """What was typed of words holds for this list and every next one of the area."""
    places = {one: _place(target) for one, target in map(_parted, asked.statuses)}
    followers = {one: _follower(session, area, target) for one, target in map(_parted, asked.who)}
    tie_words(session, area.coordinator_id, area, STATUS, places, by=by)
    tie_words(session, area.coordinator_id, area, WHO, followers, by=by)


def _parted(said: str) -> tuple[str, str]:
    one, equals, target = said.rpartition("=")
    if not equals or not one.strip() or not target.strip():
        raise click.UsageError(word("console.word_malformed", LANGUAGE, said=said))
    return one.strip(), target.strip()


def _place(target: str) -> str:
    found = place_named(target)
    if found is None:
        keys = ", ".join([*(one.key for one in process().steps), *closures()])
        raise click.UsageError(word("console.place_unknown", LANGUAGE, target=target, keys=keys))
    return found.key


def _follower(session: Session, area: Area, target: str) -> str:
    """Whom an e-mail address or the key of an organisation names, among those who can follow a child of this area."""
    if "@" in target:
        person = named.person(session, target)
        found = [one for one in candidates(session, area) if one.follower.person_id == person.id]
    else:
        organisation = named.organisation(session, target)
        team = Follower(organisation.id)
        found = [one for one in candidates(session, area) if one.follower == team]
    if not found:
        raise click.UsageError(word("console.not_of_area", LANGUAGE, target=target, area=area.key))
    return found[0].follower.key
