"""Reports of participation are loaded: a receipt for each file, a report for each school, schools nobody knew yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.attendance.commands.receiving import Received, Terms, judge, receive_reports
from outreach.children.matching import MATCHING
from outreach.errors import Refused
from outreach.imports.commands.filling import refused_row_of, write_rows
from outreach.imports.commands.loading import one_at_a_time
from outreach.imports.models import PARTICIPATION, Batch, BatchState
from outreach.imports.participation import ReportFile, Reports
from outreach.partners.commands import add_schools_to_look_at
from outreach.partners.models import Agreement, Area
from outreach.partners.queries import schools_numbered


class Numbered(Protocol):
    """A school as a file names it."""

    number: str


AnySchool = TypeVar("AnySchool", bound=Numbered)


@dataclass(frozen=True)
class ReportTerms:
    """For which area, as of which day, by which organisation; without an agreement reports are only looked at."""

    area: Area
    as_of: date
    organisation_id: int
    agreement: Agreement | None


@dataclass(frozen=True)
class LoadedReports:
    """What reports say: each school as the file calls it with its counts; `batches` is empty when nothing was kept."""

    rows: int
    refused: int
    schools: Sequence[tuple[str, Received]]
    batches: Sequence[int] = ()
    same_file: bool = False

    def answer(self) -> dict[str, Any]:
        """As other programs read it (design: doors, import)."""
        return {
            "rows": self.rows,
            "refused": self.refused,
            "loaded": bool(self.batches) and not self.same_file,
            "same_file": self.same_file,
            "schools": [
                {
                    "school": said,
                    "children": one.children,
                    "at_risk": one.at_risk,
                    "not_attainable": one.not_attainable,
                    "percent": one.percent,
                }
                for said, one in self.schools
            ],
        }


def load_reports(session: Session, reports: Reports, terms: ReportTerms, *, by: Actor) -> LoadedReports:
    """Keep the reports of every school; files that were all loaded before for this area and day change nothing.

    Raises Refused when one of them was loaded before as the report of another day.
    """
    if terms.agreement is None:
        return look_at_reports(session, reports, terms)
    one_at_a_time(session)
    earlier = [find_receipt(session, file, terms, PARTICIPATION) for file in reports.files]
    if all(batch is not None for batch in earlier):
        seen = look_at_reports(session, reports, terms)
        known = [batch for batch in earlier if batch is not None]
        return LoadedReports(seen.rows, seen.refused, seen.schools, known, same_file=True)
    batches = [
        before or keep_receipt(session, file, terms, PARTICIPATION, by=by)
        for file, before in zip(reports.files, earlier, strict=True)
    ]
    schools: list[tuple[str, Received]] = []
    for place, batch_id in enumerate(batches):
        of_file = [school for school in reports.schools.values() if school.file == place]
        ids = schools_of(session, {school.number: school.said for school in of_file}, terms.area)
        pupils = {ids[school.number]: school.pupils for school in of_file}
        kept = Terms(terms.as_of, terms.area.id, terms.agreement.id, f"batch:{batch_id}")
        received = receive_reports(session, pupils, kept, by=by)
        schools += zip([school.said for school in of_file], received, strict=True)
    return LoadedReports(reports.rows, reports.refused, schools, batches)


def look_at_reports(session: Session, reports: Reports, terms: ReportTerms) -> LoadedReports:
    """What reports say, keeping nothing: an unknown school counts on the calendar of all."""
    ids = looked_at(session, list(reports.schools.values()))
    received = judge(session, {key: one.pupils for key, one in ids.items()}, terms.as_of)
    said = [one.said for one in ids.values()]
    return LoadedReports(reports.rows, reports.refused, list(zip(said, received, strict=True)))


def loaded_before(session: Session, files: Sequence[ReportFile], terms: ReportTerms, kind: str) -> bool:
    """Whether every one of these files was loaded before for this area and day."""
    return all(find_receipt(session, file, terms, kind) is not None for file in files)


def find_receipt(session: Session, file: ReportFile, terms: ReportTerms, kind: str) -> int | None:
    """The batch as which this file was loaded before for this area and day."""
    statement = select(Batch.id).where(
        Batch.file_digest == file.list_file.digest,
        Batch.area_id == terms.area.id,
        Batch.kind == kind,
        Batch.as_of == terms.as_of,
        Batch.state == BatchState.LOADED,
    )
    return session.scalar(statement, execution_options=MATCHING)


def keep_receipt(session: Session, file: ReportFile, terms: ReportTerms, kind: str, *, by: Actor) -> int:
    """The receipt of a file: how many rows were taken, and every refused row with its reasons.

    Raises Refused when it is known as the report of another day.
    """
    found = file.list_file
    _require_new(session, found.digest, terms.area, kind)
    batch = Batch(
        kind=kind,
        area_id=terms.area.id,
        organisation_id=terms.organisation_id,
        agreement_id=terms.agreement.id if terms.agreement else None,
        as_of=terms.as_of,
        file_name=found.file_name,
        file_digest=found.digest,
        layout=found.layout,
        titles=list(found.titles),
        state=BatchState.LOADED,
        rows=file.rows,
        new=file.taken,
        known=0,
        double=0,
        refused=len(file.refused),
        outside=0,
        cases_opened=0,
        at=clock.now(),
        by_id=by.person_id,
    )
    session.add(batch)
    session.flush()
    write_rows(session, (refused_row_of(batch, refused) for refused in file.refused))
    return batch.id


def _require_new(session: Session, digest: str, area: Area, kind: str) -> None:
    """Raises Refused for a file that was loaded as the report of another day: one of the two days is wrong."""
    statement = select(Batch.as_of).where(
        Batch.file_digest == digest,
        Batch.area_id == area.id,
        Batch.kind == kind,
        Batch.state == BatchState.LOADED,
    )
    as_of = session.scalar(statement, execution_options=MATCHING)
    if as_of is not None:
        raise Refused("report_of_other_day", as_of=as_of.isoformat())


def schools_of(session: Session, named: Mapping[str, str], area: Area) -> dict[str, int]:
    """The organisation of each school number, with how the file calls it; one nobody knew is made here, to be looked
    at."""
    known = schools_numbered(session, named)
    unknown = {number: said for number, said in named.items() if number not in known}
    return known | add_schools_to_look_at(session, unknown, area)


def looked_at(session: Session, schools: Sequence[AnySchool]) -> dict[int, AnySchool]:
    """Schools a report names by their id; one nobody knows has a number below zero."""
    known = schools_numbered(session, [school.number for school in schools])
    return {known.get(school.number, -place): school for place, school in enumerate(schools, start=1)}
