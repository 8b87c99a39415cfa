"""A file read as the lists of its source were before: columns as they were said, on the sheet that was pointed out."""

from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.models import Person
from outreach.errors import Unreadable
from outreach.imports.models import ListPlace
from outreach.imports.queries.ties import vocabulary_for
from outreach.imports.reading import Choice, ListFile, read_list


def read_known_list(
    session: Session, organisation_id: int, kind: str, file: str | Path | BinaryIO, name: str | None = None
) -> ListFile:
    """The list in a file this organisation received, where its lists stood before.

    A file in which nothing fits there is read as any other. Raises Unreadable.
    """
    words = vocabulary_for(session, organisation_id, kind)
    place = find_place(session, organisation_id, kind)
    if place is not None:
        with suppress(Unreadable):
            return read_list(file, name, words, Choice(place.sheet, place.title_row))
    return read_list(file, name, words)


def find_place(session: Session, organisation_id: int, kind: str) -> ListPlace | None:
    """Where lists of this kind stand in the files of this organisation, if somebody said so."""
    statement = select(ListPlace).where(ListPlace.organisation_id == organisation_id, ListPlace.kind == kind)
    return session.scalars(statement).one_or_none()


def places_of(session: Session, organisation_id: int) -> list[tuple[ListPlace, Person]]:
    """Every place this organisation pointed out, and who said it."""
    statement = (
        select(ListPlace, Person)
        .join(Person, Person.id == ListPlace.by_id)
        .where(ListPlace.organisation_id == organisation_id)
        .order_by(ListPlace.kind)
    )
    return [(place, person) for place, person in session.execute(statement)]
