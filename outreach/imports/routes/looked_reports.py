"""What reports that were sent say: read now, or, of long ones, as they were looked at outside the request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outreach.accounts.signed_in import current_actor
from outreach.extensions import db
from outreach.imports.checking import RefusedRow
from outreach.imports.commands.loading_reports import ReportTerms, loaded_before
from outreach.imports.commands.report_kinds import KINDS
from outreach.imports.models import ReportUpload
from outreach.imports.queries.jobs import find_look, outcome_of
from outreach.imports.queries.known_lists import read_known_list
from outreach.imports.queries.reports import files_of
from outreach.imports.routes.shown import MOST
from outreach.imports.stored import refused_row


def read_again(upload: ReportUpload) -> Any:
    """Every file by its rows. Raises Unreadable."""
    lists = (
        read_known_list(db.session, upload.organisation_id, upload.kind, file, name)
        for name, file in files_of(db.session, current_actor(), upload)
    )
    return KINDS[upload.kind].receive(lists, upload.as_of)


@dataclass(frozen=True)
class LookedReports:
    """What reports say, as the page shows it."""

    answer: Mapping[str, Any]
    files: int
    same_file: bool
    refused: Sequence[RefusedRow]


def look_at_reports(upload: ReportUpload, terms: ReportTerms) -> LookedReports:
    """Read now, or, of long ones, as they were outside the request. Raises Unreadable."""
    look = find_look(db.session, upload.kind, upload.id)
    if look is not None:
        told = outcome_of(look)
        refused = [refused_row(number, data) for number, data in told["refused"]]
        return LookedReports(told["answer"], told["files"], told["same_file"], refused)
    found = read_again(upload)
    return LookedReports(
        KINDS[upload.kind].look(db.session, found, terms).answer(),
        len(found.files),
        loaded_before(db.session, found.files, terms, upload.kind),
        [row for file in found.files for row in file.refused[:MOST]],
    )
