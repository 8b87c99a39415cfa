"""What was said of the columns of a source, and the words by which its lists are read."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.models import Person
from outreach.imports.models import ABSENCES, NOT_ENROLLED, PARTICIPATION, RUNNING, ColumnTie
from outreach.imports.reading import vocabulary

VOCABULARIES = {
    NOT_ENROLLED: vocabulary.NOT_ENROLLED,
    PARTICIPATION: vocabulary.PARTICIPATION,
    ABSENCES: vocabulary.ABSENCES,
    RUNNING: vocabulary.RUNNING,
}


def vocabulary_for(session: Session, organisation_id: int, kind: str) -> vocabulary.Vocabulary:
    """The words of this kind of list, with what this organisation said of its columns."""
    statement = select(ColumnTie.title_key, ColumnTie.field).where(
        ColumnTie.organisation_id == organisation_id, ColumnTie.kind == kind
    )
    return VOCABULARIES[kind].with_ties(dict(session.execute(statement).all()))


def ties_of(session: Session, organisation_id: int) -> Sequence[tuple[ColumnTie, Person]]:
    """Everything this organisation said of columns, and who said it."""
    statement = (
        select(ColumnTie, Person)
        .join(Person, Person.id == ColumnTie.by_id)
        .where(ColumnTie.organisation_id == organisation_id)
        .order_by(ColumnTie.kind, ColumnTie.title_key)
    )
    return [(tie, person) for tie, person in session.execute(statement)]


def find_tie(session: Session, organisation_id: int, tie_id: int) -> ColumnTie | None:
    """One of them."""
    statement = select(ColumnTie).where(ColumnTie.id == tie_id, ColumnTie.organisation_id == organisation_id)
    return session.scalars(statement).one_or_none()
