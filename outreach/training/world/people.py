"""The people of the world: at least one for every role, all with the same well-known password."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts import commands, passwords
from outreach.accounts.actors import Actor, actor_for, builtin
from outreach.accounts.models import Membership
from outreach.accounts.queries import find_person, memberships_of
from outreach.errors import Unsound
from outreach.partners.queries import find_organisation
from outreach.training.world.partners import CLB, DE_BRUG, HET_ANKER, HUIS, KIND_EN_GEZIN, SCHOOLS, STAD

PASSWORD = "samen-naar-school"
"""Printed for everybody: invented children, on this machine only."""


@dataclass(frozen=True)
class Somebody:
    """A person to be; the first of a role, and of a language, is the one `outreach run` names."""

    first_name: str
    last_name: str
    role: str
    organisation: str
    language: str = "nl"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def email(self) -> str:
        """Short, because it is typed by hand; the domain belongs to nobody."""
        return f"{self.first_name.lower()}@gent.example"


PEOPLE = (
    Somebody("An", "Verlinden", "coordinator", "lop-gent"),
    Somebody("Griet", "Smet", "coordinator", "lop-lokeren"),
    Somebody("Karim", "Bensaid", "worker", DE_BRUG),
    Somebody("Lies", "Vermeulen", "worker", DE_BRUG),
    Somebody("Sofie", "Claeys", "worker", DE_BRUG),
    Somebody("Marleen", "De Wulf", "team-lead", DE_BRUG),
    Somebody("Fatma", "Aydin", "worker", HET_ANKER, "en"),
    Somebody("Tom", "Hoste", "worker", HET_ANKER),
    Somebody("Hilde", "Martens", "worker", KIND_EN_GEZIN),
    Somebody("Nele", "Baert", "worker", KIND_EN_GEZIN),
    Somebody("Rita", "Coppens", "team-lead", KIND_EN_GEZIN),
    Somebody("Yasmina", "Haddou", "worker", HUIS, "fr"),
    Somebody("Bram", "Lievens", "worker", HUIS),
    Somebody("Els", "Dhaene", "school-contact", SCHOOLS[0].key),
    Somebody("Peter", "Roels", "school-contact", SCHOOLS[1].key),
    Somebody("Ilse", "Wauters", "school-contact", SCHOOLS[2].key),
    Somebody("Jonas", "Pauwels", "school-contact", SCHOOLS[3].key),
    Somebody("Katrien", "Bogaert", "school-contact", SCHOOLS[4].key),
    Somebody("Emine", "Kaplan", "bridge-person", STAD),
    Somebody("Sander", "Goethals", "worker", STAD),
    Somebody("Joris", "Van Hecke", "clb", CLB),
    Somebody("Veerle", "Segers", "agodi", "agodi"),
    Somebody("Dirk", "Lambrecht", "administrator", "beheer"),
    Somebody("Nora", "Stevens", "dpo", "beheer"),
    Somebody("Wim", "Thienpont", "worker", "inloopteam-lokeren"),
    Somebody("Anke", "Blomme", "worker", "huis-van-het-kind-lokeren"),
    Somebody("Lotte", "Raes", "school-contact", "school-reiger"),
)

_AWAY, _STANDS_IN = "Karim", "Sofie"


def settle_people(session: Session, today: date, password_hash: str) -> None:
    """Give everybody a place and the password; one is away these days, a colleague stands in."""
    by = builtin(session, "console")
    for one in PEOPLE:
        organisation = find_organisation(session, one.organisation)
        if organisation is None:
            raise Unsound("world_without_organisation", organisation=one.organisation)
        membership = commands.add_person(
            session,
            email=one.email,
            name=one.name,
            role=one.role,
            organisation=organisation,
            language=one.language,
            by=by,
        )
        commands.set_password(session, person=membership.person, password_hash=password_hash, by=by)
    away, stands_in = (membership_of(session, name) for name in (_AWAY, _STANDS_IN))
    commands.add_substitution(
        session,
        person=away.person,
        substitute=stands_in.person,
        organisation=away.organisation,
        from_on=today - timedelta(days=3),
        until_on=today + timedelta(days=11),
        by=by,
    )


def hashed_password() -> str:
    """One hash for everybody: takes long, and outside any transaction."""
    return passwords.hash_password(PASSWORD)


def membership_of(session: Session, first_name: str) -> Membership:
    """The place of one of the people above."""
    person = find_person(session, f"{first_name.lower()}@gent.example")
    places = memberships_of(session, person.id, clock.today()) if person else []
    if not places:
        raise Unsound("world_without_person", person=first_name)
    return places[0]


def actor_of(session: Session, first_name: str) -> Actor:
    """One of the people above, acting for their organisation."""
    return actor_for(membership_of(session, first_name))


def to_practise_with() -> list[Somebody]:
    """The first of each role, then the first who reads another language, in the order of the list."""
    first: dict[str, Somebody] = {}
    for one in PEOPLE:
        first.setdefault(one.role, one)
    for one in PEOPLE:
        if one.language != "nl":
            first.setdefault(one.language, one)
    return list(first.values())
