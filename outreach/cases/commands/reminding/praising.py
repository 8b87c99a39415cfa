"""Now and then a word of what came of it: true, without names, only in a mail that goes out anyway."""

from datetime import date

from sqlalchemy.orm import Session

from outreach.cases.commands.reminding.letters import Letter
from outreach.cases.queries.fresh import taking_part_after_visits
from outreach.notifications.lines import Line
from outreach.notifications.queries import addresses_told

PRAISE = "praise_started"

FEWEST = 3
"""Below this a number says too much about one child."""


def praise(session: Session, letters: dict[str, Letter], today: date) -> None:
    """Add how many children take part this month after somebody's visits, once a month, to who wants to hear it."""
    month = today.replace(day=1)
    people = {letter.reader.person_id: address for address, letter in letters.items() if letter.reader.praise}
    people.pop(None, None)
    if not people:
        return
    counts = taking_part_after_visits(session, (each for each in people if each is not None), month)
    many = {people[person_id]: count for person_id, count in counts.items() if count >= FEWEST}
    for address in many.keys() - addresses_told(session, PRAISE, sorted(many), since=month):
        data = {"count": many[address], "path": "/my-work"}
        line = Line("praise", f"praise:{month.isoformat()}", PRAISE, data, {"rung": "praise"})
        letters[address].lines.append((date.max, line))
