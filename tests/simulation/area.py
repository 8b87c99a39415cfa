"""An area of 400 children: its people with their habits, what mail they want, their days off, its lists."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor, builtin
from outreach.accounts.models import Person
from outreach.partners.commands import add_closing, add_window
from tests.journeys.town import Town, make_town

TEAMS = {
    "lop-gent": ("coordinator", 2),
    "de-brug": ("worker", 5),
    "kg-gent": ("worker", 4),
    "hvhk-gent": ("worker", 3),
    "de-linde": ("school-contact", 1),
    "de-wilg": ("school-contact", 1),
    "clb-gent": ("clb", 1),
}
"""How many come beside the people of the town."""

LISTS = {
    date(2026, 9, 7): 60,
    date(2026, 12, 15): 120,
    date(2027, 3, 22): 60,
    date(2027, 9, 6): 60,
    date(2027, 12, 14): 100,
}
"""The day each list comes in, and how many children are on it."""


@dataclass
class Area:
    """The town at work. `diligence` is by person: how likely they do what is due on a day they are there."""

    town: Town
    chance: Random
    diligence: dict[int, float] = field(default_factory=dict)
    away: dict[int, tuple[date, date]] = field(default_factory=dict)

    def is_there(self, actor: Actor, on: date) -> bool:
        """Whether somebody is at work that day."""
        first, last = self.away.get(actor.person_id, (date.max, date.max))
        return not first <= on <= last

    def who_acts(self, organisation_id: int, person_id: int | None, on: date) -> Actor | None:
        """Who would do something about a step today: its person, else a colleague."""
        there = [each for each in self.town.colleagues(organisation_id) if self.is_there(each, on)]
        own = [each for each in there if each.person_id == person_id]
        return self.chance.choice(own or there) if own or there else None


def make_area(session: Session, chance: Random) -> Area:
    """The area at the clock's present moment."""
    town = make_town(session, routed=True)
    for key, (role, count) in TEAMS.items():
        for _ in range(count):
            town.join(town.here.organisations[key], role)
    area = Area(town, chance)
    for actor in town.actors:
        area.diligence[actor.person_id] = chance.choice((0.02, 0.1, 0.25, 0.5))
        _choose_mail(session.get_one(Person, actor.person_id), chance)
    _keep_hours(session, area)
    return area


def _choose_mail(person: Person, chance: Random) -> None:
    person.digest_hour = chance.choice((None, None, 8, 9, 13))
    person.digest_days = chance.choice((None, None, None, [0, 2, 4], [1, 3]))
    person.digest_only_late = chance.random() < 0.1
    person.plain_mail = chance.random() < 0.1
    person.language = chance.choice(("nl", "nl", "nl", "fr", "en"))


def _keep_hours(session: Session, area: Area) -> None:
    """One team is not there on Wednesdays, another begins late; both have days of their own at the end of the year."""
    brug, guides = area.town.here.organisations["de-brug"], area.town.here.organisations["hvhk-gent"]
    brug.working_days = [0, 1, 3, 4]
    guides.opens_hour, guides.closes_hour = 10, 15
    for year in (2026, 2027):
        first, last = date(year, 12, 28), date(year, 12, 31)
        for organisation in (brug, guides):
            add_closing(session, from_on=first, until_on=last, reason="collectief verlof", organisation=organisation)
    for birth_year in (2024, 2025, 2026):
        if birth_year > 2025:
            closes_on = date(birth_year + 3, 3, 24)
            add_window(session, area=area.town.here.area, birth_year=birth_year, closes_on=closes_on)


def list_of(area: Area, count: int) -> list[tuple[str, date]]:
    """Names and birth dates of so many children of two and a half to five and a half."""
    today = clock.today()
    return [(f"Kind{number}", today - timedelta(days=area.chance.randint(900, 2000))) for number in range(count)]


def machine(area: Area) -> Actor:
    """The import, which opens cases."""
    return builtin(area.town.session, "import")
