"""Absences by day are loaded: a receipt for each file, the half days, and a report for each school."""

from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.attendance.commands.receiving import Received, Terms
from outreach.attendance.commands.receiving_days import judge_days, receive_absences
from outreach.imports.absences import DayReports
from outreach.imports.commands.loading import one_at_a_time
from outreach.imports.commands.loading_reports import (
    LoadedReports,
    ReportTerms,
    find_receipt,
    keep_receipt,
    looked_at,
    schools_of,
)
from outreach.imports.models import ABSENCES


def load_absences(session: Session, days: DayReports, terms: ReportTerms, *, by: Actor) -> LoadedReports:
    """Keep the absences of every school; files that were all loaded before for this area and day change nothing."""
    if terms.agreement is None:
        return look_at_absences(session, days, terms)
    one_at_a_time(session)
    earlier = [find_receipt(session, file, terms, ABSENCES) for file in days.files]
    known = [batch for batch in earlier if batch is not None]
    if len(known) == len(earlier):
        seen = look_at_absences(session, days, terms)
        return LoadedReports(seen.rows, seen.refused, seen.schools, known, same_file=True)
    batches = [
        before or keep_receipt(session, file, terms, ABSENCES, by=by)
        for file, before in zip(days.files, earlier, strict=True)
    ]
    schools: list[tuple[str, Received]] = []
    for place, batch_id in enumerate(batches):
        of_file = [school for school in days.schools.values() if school.file == place]
        ids = schools_of(session, {one.number: one.said for one in of_file}, terms.area)
        pupils = {ids[one.number]: list(one.pupils.values()) for one in of_file}
        kept = Terms(terms.as_of, terms.area.id, terms.agreement.id, f"batch:{batch_id}", by_day=True)
        received = receive_absences(session, pupils, kept, by=by)
        schools += zip([one.said for one in of_file], received, strict=True)
    return LoadedReports(days.rows, days.refused, schools, batches)


def look_at_absences(session: Session, days: DayReports, terms: ReportTerms) -> LoadedReports:
    """What absences say, keeping nothing: an unknown school counts on the calendar of all."""
    ids = looked_at(session, list(days.schools.values()))
    received = judge_days(session, {key: list(one.pupils.values()) for key, one in ids.items()}, terms.as_of)
    said = [one.said for one in ids.values()]
    return LoadedReports(days.rows, days.refused, list(zip(said, received, strict=True)))
