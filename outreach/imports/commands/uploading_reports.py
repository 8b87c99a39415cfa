"""Reports of schools that were sent: kept to look at, then loaded or forgotten."""

import base64
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.children.matching import MATCHING
from outreach.errors import Refused
from outreach.imports.commands.keeping import KEPT, forget_file_of_upload
from outreach.imports.commands.loading_reports import LoadedReports, ReportTerms
from outreach.imports.commands.report_kinds import KINDS, ReadReports
from outreach.imports.models import LIVING, LOAD, PARTICIPATION, ReportUpload, UploadedFile, UploadJob

_UNSYNCHRONISED = {**MATCHING, "synchronize_session": False}


def keep_upload(
    session: Session,
    files: Sequence[tuple[str, bytes]],
    terms: ReportTerms,
    *,
    kind: str = PARTICIPATION,
    by: Actor,
) -> ReportUpload:
    """Keep files to look at, each with its name; what this person sent before, and old ones of others, is forgotten."""
    mine_or_old = or_(ReportUpload.by_id == by.person_id, ReportUpload.at < clock.now() - KEPT)
    loading = select(UploadJob.subject_id).where(
        UploadJob.work == LOAD, UploadJob.kind == ReportUpload.kind, UploadJob.state.in_(LIVING)
    )
    _forget(session, and_(mine_or_old, ReportUpload.id.not_in(loading)))
    upload = ReportUpload(
        kind=kind,
        area_id=terms.area.id,
        organisation_id=terms.organisation_id,
        agreement_id=terms.agreement.id if terms.agreement else None,
        as_of=terms.as_of,
        at=clock.now(),
        by_id=by.person_id,
    )
    session.add(upload)
    session.flush()
    session.add_all(
        UploadedFile(upload_id=upload.id, file_name=name, content=base64.b64encode(content).decode())
        for name, content in files
    )
    session.flush()
    return upload


def load_upload(
    session: Session, upload: ReportUpload, reports: ReadReports, terms: ReportTerms, *, by: Actor
) -> LoadedReports:
    """Load what was looked at, and forget the files. Raises Refused without an agreement, or when done already."""
    if terms.agreement is None:
        raise Refused("report_without_agreement")
    still_there = select(ReportUpload.id).where(ReportUpload.id == upload.id).with_for_update()
    if session.scalar(still_there, execution_options=MATCHING) is None:
        raise Refused("list_loaded_already")
    loaded = KINDS[upload.kind].load(session, reports, terms, by=by)
    forget_file_of_upload(session, upload.id)
    _forget(session, ReportUpload.id == upload.id)
    return loaded


def _forget(session: Session, which: Any) -> None:
    """Take away uploads with their files."""
    uploads = select(ReportUpload.id).where(which)
    session.execute(delete(UploadedFile).where(UploadedFile.upload_id.in_(uploads)), execution_options=_UNSYNCHRONISED)
    session.execute(delete(ReportUpload).where(which), execution_options=_UNSYNCHRONISED)
