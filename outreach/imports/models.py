"""A list that came in, and what became of each of its rows."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import EncryptedText, Model, protect

NOT_ENROLLED = "not-enrolled"
PARTICIPATION = "participation"
ABSENCES = "absences"
REPORTS = (PARTICIPATION, ABSENCES)
"""What schools report."""
RUNNING = "running"

CHILD_LISTS = (NOT_ENROLLED, RUNNING)
"""The lists of which every row is a child that has, or gets, a case; each of their rows is kept."""


class BatchState(StrEnum):
    """A list somebody looks at before it is loaded, one that was, and one that was taken back since."""

    PREVIEWED = "previewed"
    LOADED = "loaded"
    TAKEN_BACK = "taken_back"


class RowResult(StrEnum):
    """What became of a row; every row is exactly one of these."""

    NEW = "new"
    KNOWN = "known"
    DOUBLE = "double"
    REFUSED = "refused"


class Batch(Model):
    """One file of one area, with the account of its rows; `titles` are the columns as they stand in the file.

    Of a report of participation `new` counts the kleuters it brought, of absences by day the rows that were taken; only
    refused rows are kept.
    """

    __tablename__ = "batch"
    __table_args__ = (
        Index(
            "uq_batch_loaded_file",
            "file_digest",
            "area_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'loaded'"),
            postgresql_where=text("state = 'loaded'"),
        ),
        Index("ix_batch_area_at", "area_id", "state", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    as_of: Mapped[date]
    file_name: Mapped[str]
    file_digest: Mapped[str]
    layout: Mapped[str]
    titles: Mapped[list[Any]]
    state: Mapped[str]
    rows: Mapped[int]
    new: Mapped[int]
    known: Mapped[int]
    double: Mapped[int]
    refused: Mapped[int]
    outside: Mapped[int]
    cases_opened: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class BatchRow(Model):
    """One row of a list. What the list says of the child is encrypted; `faults` are the keys of what refused it.

    `first_row` of a double row is the row of the same child; `differs` names what a known child's row says otherwise;
    `case_reference` is the case it opened, or the one the child had. It points upward to nothing: a plain text.
    """

    __tablename__ = "batch_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "row_number"),
        Index("ix_batch_row_result", "batch_id", "result", "row_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    row_number: Mapped[int]
    result: Mapped[str]
    first_row: Mapped[int | None]
    outside: Mapped[bool]
    faults: Mapped[list[Any]]
    differs: Mapped[list[Any]]
    child_id: Mapped[int | None] = mapped_column(ForeignKey("child.id"))
    case_reference: Mapped[str | None]
    data: Mapped[str] = mapped_column(EncryptedText)


class DifferenceKind(StrEnum):
    """What a list says otherwise than the one before it, or than we know; a child may stand in several."""

    GONE = "gone"
    MOVED = "moved"
    RESPELT = "respelt"
    CAPITALS = "capitals"
    BORN = "born"
    RENUMBERED = "renumbered"
    OUTSIDE = "outside"
    AGAIN = "again"
    """A child whose case is closed is on a list again."""
    PROPOSED = "proposed"
    """A new child of the list is probably this known one; `row_number` is the row of the new one."""


class ListDifference(Model):
    """One thing a loaded list says otherwise about one child, until somebody decides.

    `said` is JSON: what the list says and what stood here. `answer` is what was decided, `deed_id` (opaque) its deed.
    """

    __tablename__ = "list_difference"
    __table_args__ = (UniqueConstraint("batch_id", "kind", "child_id"), Index("ix_list_difference_child", "child_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    kind: Mapped[str]
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    row_number: Mapped[int | None]
    said: Mapped[str] = mapped_column(EncryptedText)
    answer: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deed_id: Mapped[int | None]


class ReportUpload(Model):
    """Reports of schools somebody sent and looks at, all of one kind; read again when loaded, forgotten after a day."""

    __tablename__ = "report_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    as_of: Mapped[date]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class UploadedFile(Model):
    """One file of an upload, as it came: its bytes in base64, encrypted."""

    __tablename__ = "uploaded_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("report_upload.id"), index=True)
    file_name: Mapped[str]
    content: Mapped[str] = mapped_column(EncryptedText)


class ColumnTie(Model):
    """What a column of lists of one source means: said once by somebody of the organisation that receives them.

    `title_key` is the title in one shape; `field` None says that the column is left alone.
    """

    __tablename__ = "column_tie"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "title_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str]
    title_key: Mapped[str]
    title: Mapped[str]
    field: Mapped[str | None]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class ListPlace(Model):
    """Where in the files of one source the list stands, said once: on which sheet, under which title line."""

    __tablename__ = "list_place"
    __table_args__ = (UniqueConstraint("organisation_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str]
    sheet: Mapped[str | None] = mapped_column(EncryptedText)
    title_row: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class WordTie(Model):
    """What a word of the list of running cases of one area means: said once by who keeps that list.

    `about` is "status" or "who". `target` names a step, a closure, an organisation or a person in it (see
    `outreach.imports.targets`); None says that nothing is known by it. The word itself may tell of a family.
    """

    __tablename__ = "word_tie"
    __table_args__ = (UniqueConstraint("organisation_id", "area_id", "about", "word_index"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    about: Mapped[str]
    word_index: Mapped[str]
    word: Mapped[str] = mapped_column(EncryptedText)
    target: Mapped[str | None]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class KeptFile(Model):
    """A file that was sent, kept until its list is loaded and for a day at most, so that its columns can be said.

    `sheet` and `title_row` are where somebody said the list stands; empty when that was found by itself. `upload_id`
    is the upload of reports it came in with.
    """

    __tablename__ = "kept_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    as_of: Mapped[date]
    file_name: Mapped[str]
    sheet: Mapped[str | None] = mapped_column(EncryptedText)
    title_row: Mapped[int | None]
    batch_id: Mapped[int | None] = mapped_column(index=True)
    upload_id: Mapped[int | None]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class KeptPart(Model):
    """A piece of a kept file, in order: its bytes in base64, encrypted."""

    __tablename__ = "kept_part"

    kept_file_id: Mapped[int] = mapped_column(ForeignKey("kept_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(EncryptedText)


class JobState(StrEnum):
    """How far the work on a long file is."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"


LOOK, LOAD, TAKE_BACK = "look", "load", "take-back"
LIVING = (JobState.WAITING, JobState.RUNNING, JobState.STOPPING)
_GOES_ON = text("state IN ('waiting', 'running')")


class UploadJob(Model):
    """One thing to do with a long file, outside the request that asked for it: look at it, load it, or take it back.

    `subject_id` is the kept file, list or upload of reports it is about. `owner` is the process that does it now, until
    `lease_until`; `tries` how often one began. `asked` and `outcome` are JSON: what was filled in, and what came of it.
    """

    __tablename__ = "upload_job"
    __table_args__ = (
        Index(
            "uq_upload_job_going_on",
            "work",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=_GOES_ON,
            postgresql_where=_GOES_ON,
        ),
        Index("ix_upload_job_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work: Mapped[str]
    kind: Mapped[str]
    subject_id: Mapped[int]
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    file_name: Mapped[str]
    state: Mapped[str]
    at: Mapped[datetime]
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int]
    stage: Mapped[str | None]
    rows_done: Mapped[int]
    rows_total: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    result_id: Mapped[int | None]
    asked: Mapped[str | None] = mapped_column(EncryptedText)
    outcome: Mapped[str | None] = mapped_column(EncryptedText)


protect(Batch, BatchRow, ListDifference, ReportUpload, UploadedFile, KeptFile, KeptPart, UploadJob)
