"""The names behind ids of people and organisations, each fetched once for a whole page."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.models import Person
from outreach.partners.models import SCHOOL, Organisation


@dataclass(frozen=True)
class Names:
    """Names by id. `hide_schools`: who may not know the school of this case reads none."""

    people: dict[int, str] = field(default_factory=dict)
    organisations: dict[int, Organisation] = field(default_factory=dict)
    hide_schools: bool = False

    def person(self, person_id: int | None) -> str:
        """The name of a person; empty when nobody is meant."""
        return self.people.get(person_id, "") if person_id else ""

    def organisation(self, organisation_id: int | None) -> str:
        """The name of an organisation; empty for a school that must stay unknown."""
        found = self.organisations.get(organisation_id) if organisation_id else None
        if found is None or (self.hide_schools and found.kind == SCHOOL):
            return ""
        return found.name


def names(
    session: Session, people: Iterable[int | None], organisations: Iterable[int | None], *, hide_schools: bool = False
) -> Names:
    """Two statements for any number of ids. Built-in actors (the clock, an import) have no name."""
    wanted = {each for each in people if each}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted), Person.actor_key.is_(None)))
    places = {each for each in organisations if each}
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(places)))
    return Names({row.id: row.name for row in found}, {row.id: row for row in rows}, hide_schools)
