"""A file whose columns nobody knows is kept, so that somebody can say what they are."""

from typing import BinaryIO

from sqlalchemy.orm import Session

from outreach.errors import OutreachError, Unreadable
from outreach.imports.queries.known_lists import read_known_list
from outreach.imports.queries.ties import vocabulary_for
from outreach.imports.reading import ListFile, guess_list

_ASKED = frozenset({"list_columns_missing", "list_header_missing"})
"""What can be said by somebody who knows the list."""


def found_or_asked(
    session: Session, organisation_id: int, kind: str, stream: BinaryIO, name: str
) -> tuple[ListFile, bool]:
    """The list in a file, and whether somebody has to say what its columns are. Raises Unreadable."""
    try:
        return read_known_list(session, organisation_id, kind, stream, name), False
    except Unreadable as error:
        if not can_be_said(error):
            raise
        return guess_list(stream, name, vocabulary_for(session, organisation_id, kind)), True


def can_be_said(error: OutreachError) -> bool:
    """Whether what is wrong with a file is only that we do not know its columns."""
    return error.key in _ASKED
