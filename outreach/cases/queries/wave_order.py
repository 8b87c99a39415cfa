"""Who comes first when there are more families than hands: one order, shown and explained, the same everywhere."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from outreach.cases.workflow import Circumstances, compulsory_from, nearest_loss


class Urgency(NamedTuple):
    """Sorts families: compulsory school age first, then the nearest loss (none comes after), then longest waiting."""

    free: bool
    """Not of compulsory school age."""
    loss_on: date
    waiting_since: date

    @property
    def compulsory(self) -> bool:
        """Whether a child of the family is of compulsory school age."""
        return not self.free


def urgency_of(at: Circumstances, today: date) -> Urgency:
    """How urgent one child is; `at.opened_on` is today."""
    free = today < compulsory_from(at.born_on)
    return Urgency(free, nearest_loss(at, today) or date.max, at.case_opened_on)


def most_urgent(children: Iterable[Urgency]) -> Urgency:
    """A family is as urgent as its most urgent child, in each respect."""
    each = list(children)
    return Urgency(all(one.free for one in each), min(o.loss_on for o in each), min(o.waiting_since for o in each))
