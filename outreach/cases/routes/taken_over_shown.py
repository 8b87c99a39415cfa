"""What somebody's own list said of a case, on its timeline: in the words of that list, without an hour nobody wrote."""

from collections.abc import Iterator

from outreach.cases.models import Attempt
from outreach.cases.queries.next_visit import TAKEN_OVER
from outreach.cases.queries.timeline import Happening
from outreach.cases.words import label, text
from outreach.web.filters import hour, language


def contact_line(attempt: Attempt) -> str:
    """How and when the family was sought."""
    spoken, known = language(), attempt.details.get(TAKEN_OVER)
    channel = label("channel", attempt.channel, spoken)
    if known is None:
        return text("line.attempt", spoken, channel=channel, day=attempt.on, hour=hour(attempt.at))
    if not known["channel"]:
        return text("line.contact_taken_over", spoken, day=attempt.on)
    return text("line.attempt_taken_over", spoken, channel=channel, day=attempt.on)


def taken_over_lines(happening: Happening) -> Iterator[str]:
    """The words of the list, and whether somebody was reached where it tells."""
    attempt, spoken = happening.attempt, language()
    known = attempt.details.get(TAKEN_OVER) if attempt else None
    if attempt and known and known["reached"]:
        yield label("line", "reached" if attempt.reached else "not_reached", spoken)
    for field, said in (happening.personal.get("list") or {}).items():
        yield text(f"list.{field}", spoken, said=said)
