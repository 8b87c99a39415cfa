"""Reports of schools that were sent or loaded, as the organisation that sent them sees them."""

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.accounts.models import Person
from outreach.attendance.models import SchoolReport
from outreach.attendance.policy import is_school
from outreach.children.grants import sight
from outreach.errors import Refused
from outreach.imports.models import REPORTS, Batch, BatchState, ReportUpload, UploadedFile
from outreach.imports.queries.batches import PER_PAGE
from outreach.partners.models import Organisation


class Schools(Protocol):
    """Reports that were read, by school number."""

    @property
    def schools(self) -> Mapping[str, Any]: ...


def find_upload(session: Session, actor: Actor, upload_id: int) -> ReportUpload | None:
    """What this person sent and looks at, for the organisation they act for."""
    statement = select(ReportUpload).where(
        ReportUpload.id == upload_id,
        ReportUpload.by_id == actor.person_id,
        ReportUpload.organisation_id == actor.organisation_id,
    )
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


def files_of(session: Session, actor: Actor, upload: ReportUpload) -> list[tuple[str, io.BytesIO]]:
    """The files of an upload, each with its name, in the order in which they were sent."""
    statement = select(UploadedFile).where(UploadedFile.upload_id == upload.id).order_by(UploadedFile.id)
    found = session.scalars(statement, execution_options=sight(actor))
    return [(file.file_name, io.BytesIO(base64.b64decode(file.content))) for file in found]


def require_own(session: Session, actor: Actor, found: Schools) -> None:
    """Raises Refused when a school sends what is not its own."""
    if not is_school(actor):
        return
    own = session.get_one(Organisation, actor.organisation_id)
    if own.number is None:
        raise Refused("school_without_number")
    others = sorted(number for number in found.schools if number != own.number)
    if others:
        raise Refused("report_of_other_schools", numbers=", ".join(others[:3]), own=own.number)


def loaded_reports(session: Session, actor: Actor, *, page: int) -> tuple[list[tuple[Batch, Person]], int]:
    """The files this organisation loaded with who did it, newest first, and how many there are."""
    here = (
        Batch.organisation_id == actor.organisation_id,
        Batch.kind.in_(REPORTS),
        Batch.state == BatchState.LOADED,
    )
    statement = (
        select(Batch, Person)
        .join(Person, Person.id == Batch.by_id)
        .where(*here)
        .order_by(Batch.at.desc(), Batch.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    found = [(batch, person) for batch, person in session.execute(statement, execution_options=sight(actor))]
    count = session.scalar(select(func.count(Batch.id)).where(*here), execution_options=sight(actor))
    return found, count or 0


def find_report(session: Session, actor: Actor, batch_id: int) -> Batch | None:
    """A file this organisation loaded."""
    statement = select(Batch).where(
        Batch.id == batch_id,
        Batch.organisation_id == actor.organisation_id,
        Batch.kind.in_(REPORTS),
        Batch.state == BatchState.LOADED,
    )
    return session.scalars(statement, execution_options=sight(actor)).one_or_none()


def schools_of(session: Session, actor: Actor, batch: Batch) -> Sequence[tuple[SchoolReport, Organisation]]:
    """What each school of a file reported, as it was received, by name of the school."""
    statement = (
        select(SchoolReport, Organisation)
        .join(Organisation, Organisation.id == SchoolReport.school_id)
        .where(SchoolReport.origin == f"batch:{batch.id}")
        .order_by(Organisation.name, Organisation.id)
    )
    return [(report, school) for report, school in session.execute(statement, execution_options=sight(actor))]
