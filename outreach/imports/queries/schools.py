"""The school that a list names: by its number or its name, among those of the area."""

import re

from sqlalchemy.orm import Session

from outreach import clock
from outreach.children.names import fold
from outreach.partners.models import SCHOOL, Area, Organisation
from outreach.partners.queries import find_school, organisations

_NUMBER = re.compile(r"\b\d{6}\b|\b\d{5}\b")


def school_named(session: Session, area: Area, text: str) -> Organisation | None:
    """The only school this can be; None when no school, or more than one, answers to it."""
    if number := _NUMBER.search(text):
        return find_school(session, number.group().zfill(6))
    asked = fold(text)
    schools = organisations(session, area_id=area.id, kind=SCHOOL, on=clock.today())
    for fits in (lambda name: name == asked, lambda name: len(asked) > 3 and (asked in name or name in asked)):
        found = [one for one in schools if fits(fold(one.name))]
        if len(found) == 1:
            return found[0]
    return None
