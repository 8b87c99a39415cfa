"""A reminder ladder and its dry run, as their pages show them."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from outreach.cases.commands.reminding.replaying import DryRun, Stretch
from outreach.cases.forms.ladder import SAYS, help_text, much_text, number_text
from outreach.cases.models import LadderChange
from outreach.cases.queries.ladders import default_ladder
from outreach.cases.queries.naming import names
from outreach.cases.workflow import Ladder, adjusted
from outreach.web.filters import moment

Shown = dict[str, Any]


def numbers_shown(ladder: Ladder, default: Ladder) -> list[Shown]:
    """Each number in words, with the default where it is another."""
    return [
        {
            "name": name,
            "says": says,
            "count": count,
            "text": number_text(name, count),
            "default": number_text(name, usual),
            "help": help_text(name),
            "own": count != usual,
        }
        for name, says in SAYS.items()
        for count, usual in [(int(getattr(ladder, name)), int(getattr(default, name)))]
    ]


def differences(before: Ladder, after: Ladder) -> list[Shown]:
    """The numbers that are not the same, before and after."""
    return [
        {"says": says, "before": much_text(name, old), "after": much_text(name, new)}
        for name, says in SAYS.items()
        for old, new in [(int(getattr(before, name)), int(getattr(after, name)))]
        if old != new
    ]


def changes_shown(session: Session, changes: list[LadderChange]) -> list[Shown]:
    """Who changed what and when, the newest first."""
    known = names(session, {each.by_id for each in changes}, ())
    ladders = [adjusted(default_ladder(), each.numbers) for each in changes] + [default_ladder()]
    return [
        {
            "at": moment(each.at),
            "by": known.person(each.by_id) or _("the console"),
            "to_default": ladders[index] == default_ladder(),
            "differences": differences(ladders[index + 1], ladders[index]),
        }
        for index, each in enumerate(changes)
    ]


def stretch_shown(stretch: Stretch) -> Shown:
    """How many mails to how many people, with either ladder."""
    return {
        "first_on": stretch.first_on,
        "last_on": stretch.last_on,
        "now": mails_text(stretch.now),
        "then": mails_text(stretch.then),
        "same": stretch.now == stretch.then,
        "none": not stretch.now and not stretch.then,
    }


def mails_text(counts: dict[str, int]) -> Shown:
    """A number of mails, and a number of those who get them."""
    mails, people = sum(counts.values()), len(counts)
    return {
        "mails": _("1 mail") if mails == 1 else _("%(count)s mails", count=mails),
        "people": _("1 person") if people == 1 else _("%(count)s people", count=people),
        "count": mails,
    }


def who_shown(run: DryRun) -> list[Shown]:
    """Everybody who had or would have mail; whose mail changes most comes first."""
    parts = (run.past.now, run.past.then, run.ahead.now, run.ahead.then)
    rows = [
        {"name": run.names.get(address, address), "counts": [part.get(address, 0) for part in parts]}
        for address in set().union(*parts)
    ]

    def weight(row: Shown) -> tuple[int, str]:
        past_now, past_then, now, then = row["counts"]
        return -abs(past_then - past_now) - abs(then - now), row["name"]

    return sorted(rows, key=weight)
