"""A search is written down before its results are shown; its words are kept an hour, so that one can come back."""

import secrets
from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.searching import A_WHILE, note_search
from outreach.cases.models import SearchWords


def record_search(session: Session, *, words: str, kind: str, found: Sequence[str], by: Actor) -> str:
    """Write down a search and the references of the cases it showed; the key under which its results are opened."""
    forget_words(session)
    noted = note_search(session, by, kind=kind, found=found)
    key = secrets.token_urlsafe(16)
    session.add(SearchWords(key=key, search_id=noted.id, person_id=by.person_id, words=words, at=clock.now()))
    session.flush()
    return key


def forget_words(session: Session) -> int:
    """Delete what was typed more than an hour ago; how many rows that were."""
    old = delete(SearchWords).where(SearchWords.at <= clock.now() - A_WHILE)
    return session.execute(old.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined,no-any-return]
