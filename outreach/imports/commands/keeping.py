"""A file that was sent is kept a day at most, so that somebody can say what its columns mean."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, BinaryIO

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.children.matching import MATCHING
from outreach.database.many import in_chunks, insert_rows
from outreach.imports.models import KeptFile, KeptPart
from outreach.partners.models import Area

KEPT = timedelta(days=1)
"""How long a file, or a list that nobody confirms, is kept."""

_PIECE = 1 << 20
_AT_ONCE = 4
_UNSYNCHRONISED = {**MATCHING, "synchronize_session": False}


@dataclass(frozen=True)
class Sent:
    """A file as it was sent, and for what."""

    kind: str
    file_name: str
    area: Area
    organisation_id: int
    agreement_id: int | None
    as_of: date
    upload_id: int | None = None


def keep_file(session: Session, stream: BinaryIO, sent: Sent, *, by: Actor) -> KeptFile:
    """Keep it from its start; the one this person sent before, and old ones of others, are forgotten."""
    forget_files(session, by=by)
    kept = KeptFile(
        kind=sent.kind,
        area_id=sent.area.id,
        organisation_id=sent.organisation_id,
        agreement_id=sent.agreement_id,
        as_of=sent.as_of,
        upload_id=sent.upload_id,
        file_name=sent.file_name,
        at=clock.now(),
        by_id=by.person_id,
    )
    session.add(kept)
    session.flush()
    stream.seek(0)
    for pieces in in_chunks(_pieces(stream, kept.id), _AT_ONCE):
        insert_rows(session, KeptPart, pieces)
    return kept


def forget_files(session: Session, *, by: Actor) -> None:
    """Take away the files of this person, and those that are a day old."""
    _forget(session, or_(KeptFile.by_id == by.person_id, KeptFile.at < clock.now() - KEPT))


def forget_old_files(session: Session) -> int:
    """Take away the files that are a day old; how many."""
    return _forget(session, KeptFile.at < clock.now() - KEPT)


def forget_file_of(session: Session, batch_id: int) -> None:
    """Take away the file of a list that is loaded: from now on its rows are kept."""
    _forget(session, KeptFile.batch_id == batch_id)


def forget_file_of_upload(session: Session, upload_id: int) -> None:
    """Take away the file of reports that are loaded."""
    _forget(session, KeptFile.upload_id == upload_id)


def _forget(session: Session, which: Any) -> int:
    files = list(session.scalars(select(KeptFile.id).where(which), execution_options=MATCHING))
    session.execute(delete(KeptPart).where(KeptPart.kept_file_id.in_(files)), execution_options=_UNSYNCHRONISED)
    session.execute(delete(KeptFile).where(KeptFile.id.in_(files)), execution_options=_UNSYNCHRONISED)
    return len(files)


def _pieces(stream: BinaryIO, kept_file_id: int) -> Iterator[dict[str, Any]]:
    number = 0
    while piece := stream.read(_PIECE):
        yield {"kept_file_id": kept_file_id, "number": number, "content": base64.b64encode(piece).decode()}
        number += 1
