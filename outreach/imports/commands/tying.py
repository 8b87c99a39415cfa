"""What a column of a source's lists means is said once, and remembered until somebody says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.imports.models import ColumnTie


@dataclass(frozen=True)
class Said:
    """What one column is: its title as it stands in the file, and the field, or None to leave it alone."""

    title: str
    field: str | None


def tie_columns(session: Session, organisation_id: int, kind: str, said: Mapping[str, Said], *, by: Actor) -> None:
    """Remember what these columns (by `title_keys`) mean in lists of this kind that this organisation receives."""
    statement = select(ColumnTie).where(ColumnTie.organisation_id == organisation_id, ColumnTie.kind == kind)
    known = {tie.title_key: tie for tie in session.scalars(statement)}
    for key, one in said.items():
        tie = known.get(key)
        if tie is None:
            tie = ColumnTie(organisation_id=organisation_id, kind=kind, title_key=key)
            session.add(tie)
        tie.title, tie.field = one.title, one.field
        tie.at, tie.by_id = clock.now(), by.person_id
    session.flush()


def untie_column(session: Session, tie: ColumnTie) -> None:
    """Forget what was said of a column: from now on its title speaks for itself, or is asked about."""
    session.delete(tie)
    session.flush()
