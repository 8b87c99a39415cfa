"""The order in which one walks: neighbourhood, street, house number as people count (2 before 10), box."""

import re

from outreach.children.models import Residence
from outreach.partners.spelling import fold

Walk = tuple[bool, str, str, tuple[int, str], tuple[int, str]]

_NUMBER = re.compile(r"\d+")


def walking_key(residence: Residence | None) -> Walk:
    """Sorts addresses for a walk; who has no address that may be seen, or no street, comes last."""
    if residence is None:
        return True, "", "", (0, ""), (0, "")
    return (
        not residence.street,
        fold(residence.postcode + residence.municipality),
        fold(residence.street),
        counted(residence.number),
        counted(residence.box),
    )


def counted(text: str) -> tuple[int, str]:
    """A house number as a number and what hangs on it: 10 and 10A are neighbours, 2 comes before both."""
    found = _NUMBER.search(text)
    return (int(found[0]), fold(text[found.end() :])) if found else (0, fold(text))
