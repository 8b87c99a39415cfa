"""Files that were sent and are kept for a day, as who sent them sees them."""

import base64
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.children.grants import sight
from outreach.imports.models import KeptFile, KeptPart

_IN_MEMORY = 8 << 20


def find_kept(session: Session, actor: Actor, kept_file_id: int) -> KeptFile | None:
    """A file this person sent for the organisation they act for now."""
    statement = select(KeptFile).where(
        KeptFile.id == kept_file_id,
        KeptFile.by_id == actor.person_id,
        KeptFile.organisation_id == actor.organisation_id,
    )
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


def kept_for(session: Session, actor: Actor, batch_id: int) -> KeptFile | None:
    """The file of a list that is looked at."""
    statement = select(KeptFile).where(KeptFile.batch_id == batch_id, KeptFile.by_id == actor.person_id)
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


@contextmanager
def content_of(session: Session, actor: Actor, kept: KeptFile) -> Iterator[BinaryIO]:
    """The file again, from its start; beyond eight megabytes it rests on disk as long as it is used."""
    statement = select(KeptPart.content).where(KeptPart.kept_file_id == kept.id).order_by(KeptPart.number)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        for piece in session.scalars(statement, execution_options=sight(actor) | {"yield_per": 1}):
            file.write(base64.b64decode(piece))
        file.seek(0)
        yield cast(BinaryIO, file)
