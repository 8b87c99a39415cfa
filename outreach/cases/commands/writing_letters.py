"""Letters to families: their words are written, and those that were sent are recorded as attempts."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.letter_words import KINDS, check_text, languages, shipped
from outreach.cases.models import LetterText
from outreach.cases.queries.letters import LETTER, Addressed
from outreach.cases.workflow import Fact
from outreach.errors import Refused
from outreach.partners.models import Area


def record_letters(
    session: Session, letters: Sequence[Addressed], *, kind: str, visit_on: date | None, by: Actor
) -> int:
    """Every letter is one attempt for all children of its household; an announced visit is the next agreed day.

    Raises Refused; then nothing of it is kept. Returns how many letters there were.
    """
    for letter in letters:
        facts = {Fact.PLANNED_ON.value: visit_on} if visit_on else {}
        visited = [Visited(each.case, each.step, outcome.key, facts) for each, outcome in letter.visits]
        occasion = Occasion(channel=LETTER, at=clock.now(), details={LETTER: kind})
        record_home_visit(session, visited, occasion, by=by)
    return len(letters)


def write_letter_text(session: Session, area: Area, *, kind: str, language: str, text: str, by: Actor) -> None:
    """Keep an area's own words; an empty text, or the one that came with Outreach, goes back to that.

    Raises Refused for a field nobody fills in, or a text that does not fit on a sheet.
    """
    if kind not in KINDS or language not in languages():
        raise Refused("letter_language_unknown", language=language)
    clean = text.replace("\r\n", "\n").strip()
    check_text(clean)
    own = select(LetterText).where(
        LetterText.area_id == area.id, LetterText.kind == kind, LetterText.language == language
    )
    row = session.scalars(own).one_or_none()
    if clean in ("", shipped()[kind][language]):
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = LetterText(area_id=area.id, kind=kind, language=language)
        session.add(row)
    row.text, row.at, row.by_id = clean, clock.now(), by.person_id
