"""Who is reminded of a step: its person or who replaces them, the team's mailbox, team leads, coordinators."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.models import TEAM_LEAD, Membership, Person
from outreach.accounts.queries import active, substitutes_on
from outreach.partners.models import Area, Organisation

MORNING = 8
"""The hour of a digest for who did not choose another."""

_COORDINATOR = "coordinator"


@dataclass(frozen=True)
class Reader:
    """An address that gets a digest, in its language, from its hour on."""

    address: str
    language: str
    hour: int = MORNING


class Readers:
    """Everybody who may be reminded on one day, read in a few statements."""

    def __init__(self, session: Session, on: date) -> None:
        self._people: dict[int, Reader] = {}
        self._roles: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._there: set[tuple[int, int]] = set()
        statement = (
            select(Membership.person_id, Membership.organisation_id, Membership.role, Person)
            .join(Person, Person.id == Membership.person_id)
            .where(active(on))
            .order_by(Membership.id)
        )
        for person_id, organisation_id, role, person in session.execute(statement):
            self._there.add((person_id, organisation_id))
            self._roles[organisation_id, role].append(person_id)
            if person.email:
                self._people[person_id] = Reader(person.email, person.language, person.digest_hour or MORNING)
        self._substitutes = substitutes_on(session, on)
        self._mailboxes = {
            row.id: Reader(row.mailbox, row.language)
            for row in session.execute(select(Organisation.id, Organisation.mailbox, Organisation.language))
            if row.mailbox
        }
        self._coordinating = {row[0]: row[1] for row in session.execute(select(Area.id, Area.coordinator_id))}

    def owner(self, person_id: int | None, organisation_id: int) -> Reader | None:
        """Who has the step, or replaces them; else the team's mailbox; None when neither can be written to."""
        if person_id is not None and (person_id, organisation_id) in self._there:
            acting = self._substitutes.get((person_id, organisation_id), person_id)
            if acting in self._people:
                return self._people[acting]
        return self._mailboxes.get(organisation_id)

    def team_leads(self, organisation_id: int) -> list[Reader]:
        """The team leads of an organisation."""
        return self._of_role(organisation_id, TEAM_LEAD)

    def coordinators(self, organisation_id: int) -> list[Reader]:
        """The coordinators of an organisation, else its mailbox."""
        found = self._of_role(organisation_id, _COORDINATOR)
        mailbox = self._mailboxes.get(organisation_id)
        return found or ([mailbox] if mailbox else [])

    def coordinators_of_area(self, area_id: int) -> list[Reader]:
        """Who coordinates an area."""
        return self.coordinators(self._coordinating[area_id])

    def above_lead(self, person_id: int | None, organisation_id: int) -> list[Reader]:
        """For a late step of the lead itself: who replaces the person, else the team lead, else the person again."""
        substitute = self._substitutes.get((person_id, organisation_id)) if person_id is not None else None
        if substitute in self._people:
            return [self._people[substitute]]
        owner = self.owner(person_id, organisation_id)
        return self.team_leads(organisation_id) or ([owner] if owner else [])

    def _of_role(self, organisation_id: int, role: str) -> list[Reader]:
        return list(_readers(self._people, self._roles.get((organisation_id, role), ())))


def _readers(people: dict[int, Reader], ids: Iterable[int]) -> Iterable[Reader]:
    return (people[person_id] for person_id in ids if person_id in people)
