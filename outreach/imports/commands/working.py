"""What is done with a long file outside the request: read without writing a word, then written in one transaction."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from heapq import nsmallest
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from outreach import clock
from outreach.accounts.actors import Actor, actor_for
from outreach.accounts.models import Membership, Person
from outreach.accounts.queries import active
from outreach.children.addresses import AddressKind
from outreach.children.matching import MATCHING
from outreach.errors import Refused
from outreach.imports.commands.loading import Terms
from outreach.imports.commands.loading_reports import ReportTerms, loaded_before
from outreach.imports.commands.previewing import load_preview, preview_list
from outreach.imports.commands.previewing_running import load_running_preview
from outreach.imports.commands.report_kinds import KINDS
from outreach.imports.commands.taking_back import MOST_NAMED, take_back_list
from outreach.imports.commands.uploading_reports import load_upload
from outreach.imports.judging import receive
from outreach.imports.models import (
    CHILD_LISTS,
    LOAD,
    LOOK,
    NOT_ENROLLED,
    REPORTS,
    RUNNING,
    TAKE_BACK,
    Batch,
    KeptFile,
    ReportUpload,
    UploadJob,
)
from outreach.imports.policy import areas_to_load, areas_to_report
from outreach.imports.progress import Stage, Told
from outreach.imports.queries.batches import incoming_of
from outreach.imports.queries.case_history import count_opening_again
from outreach.imports.queries.comparing import Comparison, compare, crowded_addresses
from outreach.imports.queries.kept import content_of
from outreach.imports.queries.known_lists import read_known_list
from outreach.imports.queries.reports import files_of, require_own
from outreach.imports.queries.ties import vocabulary_for
from outreach.imports.reading import Choice, ListFile, read_list
from outreach.imports.stored import stored_child, stored_refusal
from outreach.partners.models import Agreement, Area

MOST_SHOWN = 100
_WARNINGS = 10

Outcome = tuple[int | None, dict[str, Any]]


@dataclass(frozen=True)
class Task:
    """A job as it was claimed, in plain values."""

    job_id: int
    work: str
    kind: str
    subject_id: int
    area_id: int
    membership_id: int
    asked: dict[str, Any]


def task_of(job: UploadJob) -> Task:
    """The job in plain values, which outlive its transaction."""
    asked = json.loads(job.asked) if job.asked else {}
    return Task(job.id, job.work, job.kind, job.subject_id, job.area_id, job.membership_id, asked)


def read_first(session: Session, task: Task, told: Told) -> Any:
    """The long half: read, judge and compare; nothing is written. Raises Unreadable or Refused."""
    return _work(task).read(session, task, told)


def write_then(session: Session, task: Task, read: Any, told: Told) -> Outcome:
    """The half that writes, in the transaction of the caller: what it led to, and what there is to tell of it."""
    return _work(task).write(session, task, read, told)


@dataclass(frozen=True)
class _Work:
    read: Callable[[Session, Task, Told], Any]
    write: Callable[[Session, Task, Any, Told], Outcome]


def _actor(session: Session, task: Task) -> tuple[Actor, Area]:
    """Who asked for it, if they still may."""
    statement = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.id == task.membership_id, active(clock.today()))
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
    )
    membership = session.scalars(statement).one_or_none()
    if membership is not None:
        actor = actor_for(membership)
        areas = (areas_to_report if task.kind in REPORTS else areas_to_load)(session, actor, clock.today())
        for area in areas:
            if area.id == task.area_id:
                return actor, area
    raise Refused("upload_no_longer_allowed")


def _read_list(session: Session, task: Task, told: Told) -> tuple[ListFile, Comparison, Any]:
    actor, area = _actor(session, task)
    kept = session.get(KeptFile, task.subject_id, execution_options=MATCHING)
    if kept is None:
        raise Refused("upload_gone")
    words, as_of = vocabulary_for(session, kept.organisation_id, kept.kind), kept.as_of
    with content_of(session, actor, kept) as content:
        found = read_list(content, kept.file_name, words, Choice(kept.sheet, kept.title_row)).followed(told)
        session.rollback()  # reading takes long, and PostgreSQL ends who is idle in a transaction
        incoming = receive(found, as_of)
    told(Stage.COMPARED, 0)
    return found, compare(session, incoming.judged, area, as_of), incoming


def _keep_look(session: Session, task: Task, read: Any, told: Told) -> Outcome:
    actor, area = _actor(session, task)
    comparison: Comparison
    found, comparison, incoming = read
    kept = session.get(KeptFile, task.subject_id, execution_options=MATCHING)
    if kept is None:
        raise Refused("upload_gone")
    terms = Terms(area, kept.as_of, kept.organisation_id, kept.agreement_id)
    told(Stage.WRITTEN, 0)
    batch = preview_list(session, incoming, terms, by=actor, comparison=comparison)
    kept.batch_id, kept.sheet, kept.title_row = batch.id, found.sheet, found.header.row_number
    crowded = crowded_addresses(session, comparison.judged.children)
    telling = nsmallest(
        MOST_SHOWN, comparison.known(session), key=lambda one: (not one.differences, one.child.row_number)
    )
    warnings = comparison.judged.warnings
    return batch.id, {
        "cohorts": comparison.cohorts,
        "known": [(one.child.row_number, one.match.child_id) for one in telling if one.match],
        "crowded": {key: [len(there), there[0].row_number, stored_child(there[0])] for key, there in crowded.items()},
        "warnings": [asdict(one) for one in warnings[:_WARNINGS]],
        "more_warnings": max(len(warnings) - _WARNINGS, 0),
        "again": count_opening_again(session, comparison, area.id),
    }


def _batch(session: Session, task: Task) -> Batch:
    batch = session.get(Batch, task.subject_id, execution_options=MATCHING)
    if batch is None:
        raise Refused("upload_gone")
    return batch


def _read_batch(session: Session, task: Task, _told: Told) -> Any:
    return incoming_of(session, _batch(session, task))


def _load_batch(session: Session, task: Task, read: Any, told: Told) -> Outcome:
    actor, area = _actor(session, task)
    batch = _batch(session, task)
    leads = {int(year): lead for year, lead in task.asked["leads"].items()}
    kinds = {key: AddressKind(kind) for key, kind in task.asked["address_kinds"].items()}
    terms = Terms(area, batch.as_of, batch.organisation_id, task.asked["agreement_id"], leads, kinds)
    told(Stage.WRITTEN, 0)
    loaded = load_preview(session, batch, terms, by=actor, incoming=read, told=told)
    return loaded.batch_id, {"same_file": loaded.same_file}


def _read_reports(session: Session, task: Task, told: Told) -> Any:
    actor, _area = _actor(session, task)
    upload = _upload(session, task)
    follow, as_of = _followed_on(told), upload.as_of
    lists = [
        read_known_list(session, upload.organisation_id, upload.kind, file, name)
        for name, file in files_of(session, actor, upload)
    ]
    session.rollback()  # as above
    found = KINDS[task.kind].receive((follow(one) for one in lists), as_of)
    require_own(session, actor, found)
    return found


def _keep_report_look(session: Session, task: Task, read: Any, told: Told) -> Outcome:
    _actor_here, area = _actor(session, task)
    upload = _upload(session, task)
    told(Stage.COMPARED, 0)
    terms = _report_terms(session, upload, area)
    looked = KINDS[upload.kind].look(session, read, terms)
    refused = [row for file in read.files for row in file.refused[:MOST_SHOWN]]
    return upload.id, {
        "answer": looked.answer(),
        "files": len(read.files),
        "same_file": loaded_before(session, read.files, terms, upload.kind),
        "refused": [[row.row_number, stored_refusal(row)] for row in refused[:MOST_SHOWN]],
    }


def _load_reports(session: Session, task: Task, read: Any, told: Told) -> Outcome:
    actor, area = _actor(session, task)
    upload = _upload(session, task)
    told(Stage.WRITTEN, 0)
    loaded = load_upload(session, upload, read, _report_terms(session, upload, area), by=actor)
    return loaded.batches[0], {"same_file": loaded.same_file, "batches": len(loaded.batches)}


def _upload(session: Session, task: Task) -> ReportUpload:
    upload = session.get(ReportUpload, task.subject_id, execution_options=MATCHING)
    if upload is None:
        raise Refused("upload_gone")
    return upload


def _report_terms(session: Session, upload: ReportUpload, area: Area) -> ReportTerms:
    agreement = session.get_one(Agreement, upload.agreement_id) if upload.agreement_id else None
    return ReportTerms(area, upload.as_of, upload.organisation_id, agreement)


def _followed_on(told: Told) -> Callable[[ListFile], ListFile]:
    """Several files counted on: the rows of the second come after those of the first."""
    before, last = 0, 0

    def counted(stage: Stage, rows: int) -> None:
        nonlocal last
        last = rows
        told(stage, before + rows)

    def follow(one: ListFile) -> ListFile:
        nonlocal before, last
        before, last = before + last, 0
        return one.followed(counted)

    return follow


def _need_not_read(_session: Session, _task: Task, _told: Told) -> None:
    """It is all in the database."""


def _take_over(session: Session, task: Task, _read: Any, told: Told) -> Outcome:
    actor, area = _actor(session, task)
    batch, asked = _batch(session, task), task.asked
    terms = Terms(area, batch.as_of, batch.organisation_id, asked["agreement_id"])
    told(Stage.WRITTEN, 0)
    agree = asked["parents_agree"]
    loaded = load_running_preview(session, batch, terms, parents_agree=agree, by=actor, told=told)
    return loaded.batch_id, {"same_file": loaded.same_file}


def _take_back(session: Session, task: Task, _read: Any, told: Told) -> Outcome:
    actor, _area = _actor(session, task)
    batch = _batch(session, task)
    told(Stage.WRITTEN, 0)
    left = take_back_list(session, batch, by=actor, told=told).left
    return batch.id, {"left": left[:MOST_NAMED], "more": len(left) - MOST_NAMED}


_LOOK_AT_REPORTS, _LOAD_REPORTS = _Work(_read_reports, _keep_report_look), _Work(_read_reports, _load_reports)
_TAKE_BACK = _Work(_need_not_read, _take_back)

_WORK: Mapping[tuple[str, str], _Work] = {
    (LOOK, NOT_ENROLLED): _Work(_read_list, _keep_look),
    (LOAD, NOT_ENROLLED): _Work(_read_batch, _load_batch),
    (LOAD, RUNNING): _Work(_need_not_read, _take_over),
    **{(TAKE_BACK, kind): _TAKE_BACK for kind in CHILD_LISTS},
    **{(LOOK, kind): _LOOK_AT_REPORTS for kind in REPORTS},
    **{(LOAD, kind): _LOAD_REPORTS for kind in REPORTS},
}


def _work(task: Task) -> _Work:
    return _WORK[task.work, task.kind]
