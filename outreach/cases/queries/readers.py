"""Who is reminded of a step: its person or who replaces them, the team's mailbox, team leads, coordinators."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from outreach.accounts.models import TEAM_LEAD, Membership, Person
from outreach.accounts.queries import active, substitutes_on
from outreach.cases.workflow.ladder import schools_asleep
from outreach.notifications.addresses import wrong_addresses
from outreach.notifications.commands import normalised
from outreach.partners.calendars import calendar_for
from outreach.partners.hours import CLOSES, OPENS, Hours, hours_on
from outreach.partners.models import SCHOOL, Area, Organisation

_COORDINATOR = "coordinator"
_SCHOOL_CONTACT = "school-contact"


@dataclass(frozen=True)
class Reader:
    """An address that may get mail today for one organisation, and how its owner wants it.

    `works`: the organisation is at work today, so its lines may be sent. `hour` is from when a digest goes, between
    `opens` and `closes`; `wanted` whether this is one of the weekdays chosen; `only_late`: no digest for anything less.
    """

    address: str
    language: str
    hour: int = OPENS
    opens: int = OPENS
    closes: int = CLOSES
    works: bool = True
    wanted: bool = True
    only_late: bool = False
    plain: bool = False
    praise: bool = False
    person_id: int | None = None


_WISHES = (
    Person.email,
    Person.language,
    Person.digest_days,
    Person.digest_hour,
    Person.digest_only_late,
    Person.plain_mail,
    Person.praise,
)
"""How a person wants mail."""


class Readers:
    """Everybody who may be reminded on one day, read in a few statements; at a wrong address nobody is. `among`: the
    organisations that matter, else all."""

    def __init__(self, session: Session, on: date, among: Collection[int] | None = None) -> None:
        self._on = on
        wrong = {row.address for row in wrong_addresses(session)}
        self._places = _Places(session, on, wrong, among)
        self._people: dict[int, Any] = {}
        self._roles: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._there: set[tuple[int, int]] = set()
        self._made: dict[tuple[int, int], Reader] = {}
        statement = (
            select(Membership.person_id, Membership.organisation_id, Membership.role, *_WISHES)
            .join(Person, Person.id == Membership.person_id)
            .where(active(on), true() if among is None else Membership.organisation_id.in_(among))
            .order_by(Membership.id)
        )
        for row in session.connection().execute(statement):  # no objects: they are thousands, and only looked at
            self._there.add((row.person_id, row.organisation_id))
            self._roles[row.organisation_id, row.role].append(row.person_id)
            if row.email and normalised(row.email) not in wrong:
                self._people[row.person_id] = row
        self._substitutes = substitutes_on(session, on)
        self._coordinating = {row[0]: row[1] for row in session.execute(select(Area.id, Area.coordinator_id))}

    def owner(self, person_id: int | None, organisation_id: int) -> Reader | None:
        """Who has the step, or replaces them; else the team's mailbox; None when neither can be written to."""
        if person_id is not None and (person_id, organisation_id) in self._there:
            acting = self._substitutes.get((person_id, organisation_id), person_id)
            if acting in self._people:
                return self._reader(acting, organisation_id)
        return self._places.mailboxes.get(organisation_id)

    def team_leads(self, organisation_id: int) -> list[Reader]:
        """The team leads of an organisation."""
        return self._of_role(organisation_id, TEAM_LEAD)

    def coordinators(self, organisation_id: int) -> list[Reader]:
        """The coordinators of an organisation, else its mailbox."""
        found = self._of_role(organisation_id, _COORDINATOR)
        mailbox = self._places.mailboxes.get(organisation_id)
        return found or ([mailbox] if mailbox else [])

    def school_contacts(self, organisation_id: int) -> list[Reader]:
        """The contacts of a school, else its mailbox."""
        found = self._of_role(organisation_id, _SCHOOL_CONTACT)
        mailbox = self._places.mailboxes.get(organisation_id)
        return found or ([mailbox] if mailbox else [])

    def coordinators_of_area(self, area_id: int) -> list[Reader]:
        """Who coordinates an area."""
        return self.coordinators(self._coordinating[area_id])

    def above_lead(self, person_id: int | None, organisation_id: int) -> list[Reader]:
        """For a late step of the lead itself: who replaces the person, else the team lead, else the person again."""
        substitute = self._substitutes.get((person_id, organisation_id)) if person_id is not None else None
        if substitute in self._people:
            return [self._reader(substitute, organisation_id)]
        owner = self.owner(person_id, organisation_id)
        return self.team_leads(organisation_id) or ([owner] if owner else [])

    def _of_role(self, organisation_id: int, role: str) -> list[Reader]:
        people: Iterable[int] = self._roles.get((organisation_id, role), ())
        return [self._reader(person_id, organisation_id) for person_id in people if person_id in self._people]

    def _reader(self, person_id: int, organisation_id: int) -> Reader:
        made = self._made.get((person_id, organisation_id))
        if made is None:
            person, hours = self._people[person_id], self._places.hours(organisation_id)
            wanted = person.digest_days is None or self._on.weekday() in person.digest_days
            hour = hours.opens if person.digest_hour is None else person.digest_hour
            made = self._made[person_id, organisation_id] = Reader(
                address=person.email or "",
                language=person.language,
                hour=min(max(hour, hours.opens), hours.closes - 1),
                opens=hours.opens,
                closes=hours.closes,
                works=hours.works,
                wanted=wanted,
                only_late=person.digest_only_late,
                plain=person.plain_mail,
                praise=person.praise,
                person_id=person_id,
            )
        return made


class _Places:
    """The hours of organisations on one day, schools asleep included, and their mailboxes."""

    def __init__(self, session: Session, on: date, wrong: Collection[str], among: Collection[int] | None) -> None:
        self._hours = hours_on(session, on)
        columns = (Organisation.id, Organisation.kind, Organisation.mailbox, Organisation.language)
        self.mailboxes: dict[int, Reader] = {}
        self._asleep: set[int] = set()
        for id_, kind, mailbox, language in session.execute(
            select(*columns).where(true() if among is None else Organisation.id.in_(among))
        ):
            if kind == SCHOOL and schools_asleep(on, calendar_for(session, None, id_)):
                self._asleep.add(id_)
            if mailbox and normalised(mailbox) not in wrong:
                hours = self.hours(id_)
                self.mailboxes[id_] = Reader(
                    mailbox, language, hour=hours.opens, opens=hours.opens, closes=hours.closes, works=hours.works
                )

    def hours(self, organisation_id: int) -> Hours:
        """When this organisation is at work today."""
        hours = self._hours.get(organisation_id, Hours())
        return Hours(False, hours.opens, hours.closes) if organisation_id in self._asleep else hours
