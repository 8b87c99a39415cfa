"""A town and its neighbour with everybody who works there, for stories in which anybody may act."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, actor_for, builtin
from outreach.accounts.commands import add_person
from outreach.partners.commands import add_organisation, add_window, serve_area, set_routing
from outreach.partners.models import Organisation
from tests.ground.field import Field, make_field

_ROLES = (
    ("Lies", "lop-gent", "coordinator"),
    ("Wim", "de-brug", "worker"),
    ("Wout", "de-brug", "worker"),
    ("Tine", "de-brug", "team-lead"),
    ("Karima", "kg-gent", "worker"),
    ("Hanne", "hvhk-gent", "worker"),
    ("Sofie", "de-linde", "school-contact"),
    ("Stijn", "de-wilg", "school-contact"),
    ("Clara", "clb-gent", "clb"),
    ("Bea", "de-linde", "bridge-person"),
    ("Ann", "lop-gent", "administrator"),
    ("Dirk", "lop-gent", "dpo"),
)
_NEIGHBOURS = (("Omer", "lop-aalst", "coordinator"), ("Nele", "de-brug", "worker"))


@dataclass
class Town:
    """Two areas, their organisations and their people; `actors` are those who can act now."""

    session: Session
    here: Field
    there: Field
    actors: list[Actor] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    joined: int = 0

    @property
    def schools(self) -> list[Organisation]:
        """The two schools."""
        return [self.here.organisations["de-linde"], self.here.organisations["de-wilg"]]

    @property
    def visiting(self) -> list[Organisation]:
        """The two teams that visit families."""
        return [self.here.organisations["de-brug"], self.here.organisations["kg-gent"]]

    @property
    def machine(self) -> Actor:
        """The import, which opens cases."""
        return builtin(self.session, "import")

    def named(self, name: str) -> Actor:
        """Somebody of the town."""
        return next(actor for actor in self.actors if actor.name == name)

    def colleagues(self, organisation_id: int) -> list[Actor]:
        """Who acts for an organisation now."""
        return [actor for actor in self.actors if actor.organisation_id == organisation_id]

    def join(self, organisation: Organisation, role: str, name: str | None = None) -> Actor:
        """Somebody gets a place in an organisation; without a name somebody new."""
        if name is None:
            self.joined += 1
            name = f"Nieuw{self.joined}"
        console = builtin(self.session, "console")
        membership = add_person(
            self.session,
            email=f"{name.lower()}@example.test",
            name=name,
            role=role,
            organisation=organisation,
            by=console,
        )
        self.actors.append(actor_for(membership))
        return self.actors[-1]


def make_town(session: Session, *, routed: bool) -> Town:
    """The town at the clock's present moment; `routed`: the area says which team visits whom."""
    here, there = make_field(session), make_field(session, "aalst", ("41002",))
    town = Town(session, here, there)
    for name, organisation, role in _ROLES:
        town.join(here.organisations[organisation], role, name)
    town.join(here.organisations["de-wilg"], "bridge-person", "Bea")
    for name, organisation, role in _NEIGHBOURS:
        town.join(there.organisations[organisation], role, name)
    ocmw = add_organisation(session, key="ocmw-gent", kind="ocmw", name="OCMW Gent", mailbox="ocmw@example.test")
    serve_area(session, organisation=ocmw, area=here.area)
    town.organisations = [*here.organisations.values(), ocmw]
    if routed:
        set_routing(session, area=here.area, step="home_visit", organisation=here.organisations["de-brug"])
        set_routing(session, area=here.area, step="home_visit", age=3, organisation=here.organisations["kg-gent"])
    _windows(session, here)
    return town


def _windows(session: Session, here: Field) -> None:
    year = clock.today().year
    for birth_year in (year - 2, year - 1):
        closes_on = date(birth_year + 3, 3, 24)
        add_window(
            session,
            area=here.area,
            birth_year=birth_year,
            closes_on=closes_on,
            result_on=date(birth_year + 3, 4, 25),
            ticket_expires_on=date(birth_year + 3, 5, 20),
        )
