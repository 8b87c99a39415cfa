"""A small field to work in: an area with its partners and people, and children who are not enrolled."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, actor_for, builtin
from outreach.accounts.commands import add_person
from outreach.cases.commands.opening import NewCase, open_case
from outreach.cases.models import Case
from outreach.children.models import Child, Household, HouseholdMembership, Residence
from outreach.children.names import name_key
from outreach.children.search_keys import add_child_keys
from outreach.partners.commands import add_area, add_organisation, serve_area
from outreach.partners.models import Area, Organisation

_PARTNERS = {
    "de-brug": ("inloopteam", "Inloopteam De Brug"),
    "kg-gent": ("kind-en-gezin", "Kind en Gezin Gent"),
    "hvhk-gent": ("huis-van-het-kind", "Huis van het Kind Gent"),
    "de-linde": ("school", "Basisschool De Linde"),
    "de-wilg": ("school", "Basisschool De Wilg"),
    "clb-gent": ("clb", "CLB Gent"),
}


@dataclass
class Field:
    """An area, its organisations by key, and somebody of each as actor."""

    session: Session
    area: Area
    organisations: dict[str, Organisation]
    people: dict[str, Actor] = field(default_factory=dict)

    def person(self, name: str, organisation: str, role: str) -> Actor:
        """Somebody of an organisation, made the first time they are named."""
        if name not in self.people:
            membership = add_person(
                self.session,
                email=f"{name.lower()}@example.test",
                name=name,
                role=role,
                organisation=self.organisations[organisation],
                by=builtin(self.session, "console"),
            )
            self.session.flush()
            self.people[name] = actor_for(membership)
        return self.people[name]

    @property
    def coordinator(self) -> Actor:
        """Lies, who coordinates for the LOP."""
        return self.person("Lies", f"lop-{self.area.key}", "coordinator")

    @property
    def worker(self) -> Actor:
        """Wim, who visits families for the inloopteam."""
        return self.person("Wim", "de-brug", "worker")

    @property
    def guide(self) -> Actor:
        """Hanne, who guides the choice of a school."""
        return self.person("Hanne", "hvhk-gent", "worker")

    @property
    def school(self) -> Actor:
        """Sofie, who welcomes children at De Linde."""
        return self.person("Sofie", "de-linde", "school-contact")

    def child(
        self,
        first_name: str,
        born_on: date,
        *,
        last_name: str = "Peeters",
        street: str = "Sleepstraat",
        number: str = "12",
    ) -> Child:
        """A child living in the area, alone in its household."""
        now = clock.now()
        household = Household(
            address_key=f"{street} {number}".lower(), reference_person=None, reference_key="", created_at=now
        )
        self.session.add(household)
        self.session.flush()
        child = Child(
            first_name=first_name,
            last_name=last_name,
            name_key=name_key(first_name, last_name),
            born_on=born_on,
            household_id=household.id,
            created_at=now,
        )
        self.session.add(child)
        self.session.flush()
        self._settle(child, household, street, number)
        add_child_keys(self.session, {child.id: (child.first_name, child.last_name)})
        return child

    def _settle(self, child: Child, household: Household, street: str, number: str) -> None:
        now, by = clock.now(), builtin(self.session, "import")
        residence = Residence(
            child_id=child.id,
            street=street,
            number=number,
            box="",
            postcode="9000",
            municipality="Gent",
            nis="44021",
            kind="home",
            address_key=household.address_key,
            from_at=now,
            until_at=None,
            by_id=by.person_id,
        )
        belonging = HouseholdMembership(child_id=child.id, household_id=household.id, from_at=now, by_id=by.person_id)
        self.session.add_all([belonging, residence])
        self.session.flush()

    def case(self, first_name: str, born_on: date, *, last_name: str = "Peeters") -> Case:
        """A case at intake, led by the LOP."""
        child = self.child(first_name, born_on, last_name=last_name)
        wanted = NewCase(child, self.area.id, self.area.coordinator_id)
        return open_case(self.session, wanted, origin="list", by=builtin(self.session, "import"))


def make_field(session: Session, key: str = "gent", nis: tuple[str, ...] = ("44021", "44088", "44013")) -> Field:
    """The area with one organisation of most kinds, and two schools."""
    area = add_area(session, key=key, name=key.capitalize(), nis=list(nis))
    session.flush()
    made = {f"lop-{key}": session.get_one(Organisation, area.coordinator_id)}
    for number, (name, (kind, label)) in enumerate(_PARTNERS.items(), start=1):
        own = name if key == "gent" else f"{name}-{key}"
        organisation = add_organisation(
            session,
            key=own,
            kind=kind,
            name=label,
            number=f"{number:06d}" if kind == "school" and key == "gent" else None,
            mailbox=f"{own}@example.test",
        )
        serve_area(session, organisation=organisation, area=area)
        made[name] = organisation
    session.flush()
    return Field(session, area, made)
