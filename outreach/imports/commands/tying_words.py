"""What a word of the list of running cases of an area means is said once, and remembered until it is said otherwise."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.imports.models import WordTie
from outreach.imports.queries.followers import word_index
from outreach.partners.models import Area


def tie_words(
    session: Session, organisation_id: int, area: Area, about: str, said: Mapping[str, str | None], *, by: Actor
) -> None:
    """Remember what these words mean (as they stand in the list, to the key of a target; None: nothing)."""
    statement = select(WordTie).where(
        WordTie.organisation_id == organisation_id, WordTie.area_id == area.id, WordTie.about == about
    )
    known = {tie.word_index: tie for tie in session.scalars(statement)}
    for word, target in said.items():
        index = word_index(word)
        tie = known.get(index)
        if tie is None:
            tie = WordTie(organisation_id=organisation_id, area_id=area.id, about=about, word_index=index)
            known[index] = tie
            session.add(tie)
        tie.word, tie.target = word, target
        tie.at, tie.by_id = clock.now(), by.person_id
    session.flush()


def forget_words(session: Session, organisation_id: int, area: Area, about: str, words: Iterable[str]) -> None:
    """Forget what was said of these words: the next list asks again."""
    here = (WordTie.organisation_id == organisation_id, WordTie.area_id == area.id, WordTie.about == about)
    indexes = {word_index(word) for word in words}
    for tie in session.scalars(select(WordTie).where(*here)).all():
        if tie.word_index in indexes:
            session.delete(tie)
    session.flush()
