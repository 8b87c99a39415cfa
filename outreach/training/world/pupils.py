"""The kleuters of the invented schools: four classes, most there nearly every day, some seldom."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from outreach.schoolyear import SchoolCalendar, age_in, school_year_of
from outreach.training.world.names import CIRCLES
from outreach.training.world.partners import Place

CLASSES = {2: "Instap", 3: "K1", 4: "K2", 5: "K3"}
"""By the age a kleuter reaches in the calendar year in which the school year starts."""

_IN_CLASS = (8, 14, 15, 16)

_HABITS = {(0.95, 0.95): 62, (0.86, 0.88): 16, (0.7, 0.72): 9, (0.9, 0.5): 5, (0.5, 0.8): 4, (0.35, 0.35): 4}
"""The chance of being there on a half day before and after the first report; of a hundred kleuters so many."""

HalfDay = tuple[date, int]
"""A day, and 1 for the morning or 2 for the afternoon."""


@dataclass(frozen=True)
class Kleuter:
    """A pupil as its school knows it. `absent`: half days since 1 September or its entry on which it was not there."""

    number: str
    first_name: str
    last_name: str
    born_on: date
    class_name: str
    entry_on: date
    absent: frozenset[HalfDay]

    def there(self, until: date, calendar: SchoolCalendar) -> tuple[int, int]:
        """Half days it was there and could have been there, up to and with this day."""
        possible = calendar.half_days_between(self.entry_on, until)
        return possible - sum(day <= until for day, _half in self.absent), possible


def kleuters_of(school: Place, until: date, turns_on: date) -> list[Kleuter]:
    """Everybody who came into this school by `until`; habits may turn on `turns_on`. The same on the same days."""
    dice = Random(f"{school.key} {until.isoformat()}")
    year = school_year_of(until)
    letters = "".join(word[0] for word in school.name.split()[1:])
    found: list[Kleuter] = []
    for age, size in zip(CLASSES, _IN_CLASS, strict=True):
        for _ in range(size):
            made = _kleuter(dice, f"{letters}-{len(found) + 1:03d}", year.start - age, until, turns_on)
            if made.entry_on <= until:
                found.append(made)
    return found


def _kleuter(dice: Random, number: str, born_year: int, until: date, turns_on: date) -> Kleuter:
    calendar = SchoolCalendar()
    year = school_year_of(until)
    circle = dice.choices(CIRCLES, [circle.weight for circle in CIRCLES])[0]
    first_name, last_name = dice.choice(circle.first_names), dice.choice(circle.last_names)
    born_on = date(born_year, 1, 1) + timedelta(days=dice.randrange(365))
    entry_on = max(calendar.first_school_day(year.start), calendar.effective_entry_on(born_on))
    if dice.random() < 0.04:
        entry_on = calendar.next_entry_on(born_on, entry_on + timedelta(days=1))
    before, after = dice.choices(list(_HABITS), list(_HABITS.values()))[0]
    absent = set()
    for offset in range((until - entry_on).days + 1):
        day = entry_on + timedelta(days=offset)
        for half in range(1, calendar.half_days_on(day) + 1):
            if dice.random() > (before if day <= turns_on else after):
                absent.add((day, half))
    class_name = CLASSES[age_in(year, born_year)]
    return Kleuter(number, first_name, last_name, born_on, class_name, entry_on, frozenset(absent))
