"""Whether enough was tried to say "not reached": so many times, over so many channels, spread over so many days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from outreach.cases.workflow.model import Tries
from outreach.schoolyear import Counter, SchoolCalendar


@dataclass(frozen=True)
class Try:
    """One attempt to reach a household."""

    on: date
    channel: str


def enough(tries: Sequence[Try], rule: Tries, *, compulsory: bool, calendar: SchoolCalendar) -> bool:
    """Whether the set tries were done; tries count per household."""
    return not missing(tries, rule, compulsory=compulsory, calendar=calendar)


def missing(tries: Sequence[Try], rule: Tries, *, compulsory: bool, calendar: SchoolCalendar) -> dict[str, int]:
    """What is still lacking, by `tries`, `channels` and `working_days`; empty when it is enough."""
    count = rule.compulsory_count if compulsory else rule.count
    lacking = {"tries": count - len(tries), "channels": rule.channels - len({each.channel for each in tries})}
    if tries:
        days = [each.on for each in tries]
        spread = calendar.between(min(days), max(days), Counter.WORKING_DAYS)
        lacking["working_days"] = rule.working_days - spread
    else:
        lacking["working_days"] = rule.working_days
    return {key: value for key, value in lacking.items() if value > 0}
