"""What a list that is looked at holds: compared now, or, of a long one, as it was looked at outside the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outreach import clock
from outreach.accounts.signed_in import current_actor
from outreach.extensions import db
from outreach.imports.findings import Finding
from outreach.imports.forms import ConfirmForm, confirm_form
from outreach.imports.judging import DoubleRow
from outreach.imports.listed import ListedChild
from outreach.imports.models import NOT_ENROLLED, Batch, RowResult
from outreach.imports.policy import may_lead
from outreach.imports.queries.batches import incoming_of, rows_numbered, rows_of
from outreach.imports.queries.case_history import count_opening_again
from outreach.imports.queries.comparing import cases_of, compare, crowded_addresses
from outreach.imports.queries.jobs import find_look, outcome_of
from outreach.imports.routes.shown import (
    MOST,
    Shown,
    Sight,
    account_of,
    doubles_shown,
    outside_shown,
    preview_shown,
    refused_shown,
)
from outreach.imports.stored import differences_of, listed_child, refused_row
from outreach.partners.models import Area
from outreach.partners.queries import organisations

WARNINGS = 10
"""How many remarks a page tells; it counts the others."""


@dataclass(frozen=True)
class Looked:
    """The counts, what to look at, the rows a page shows, and the form with what is asked before it is loaded.

    `again`: known children whose case opens again, because it ended only when a list was taken back.
    """

    counts: dict[str, int]
    again: int
    warnings: Sequence[Finding]
    more_warnings: int
    rows: Shown
    form: ConfirmForm
    is_long: bool


def look(batch: Batch, area: Area) -> Looked:
    """The kept list, with the form about it."""
    job = find_look(db.session, NOT_ENROLLED, batch.id)
    return _as_it_was(batch, area, outcome_of(job)) if job else _now(batch, area)


def _now(batch: Batch, area: Area) -> Looked:
    incoming = incoming_of(db.session, batch)
    comparison = compare(db.session, incoming.judged, area, batch.as_of)
    crowded = crowded_addresses(db.session, incoming.judged.children)
    form = _form(batch, area, comparison.cohorts, crowded)
    warnings = comparison.judged.warnings
    rows = preview_shown(db.session, current_actor(), comparison, area.id)
    more = max(len(warnings) - WARNINGS, 0)
    again = count_opening_again(db.session, comparison, area.id)
    return Looked(comparison.counts(), again, warnings[:WARNINGS], more, rows, form, is_long=False)


def _as_it_was(batch: Batch, area: Area, outcome: Mapping[str, Any]) -> Looked:
    cohorts = {int(year): count for year, count in outcome["cohorts"].items()}
    crowded = {key: [listed_child(row, data)] * count for key, (count, row, data) in outcome["crowded"].items()}
    warnings = [Finding(**one) for one in outcome["warnings"]]
    rows = _rows(batch, dict(outcome["known"]))
    form = _form(batch, area, cohorts, crowded)
    return Looked(
        account_of(batch), outcome.get("again", 0), warnings, outcome["more_warnings"], rows, form, is_long=True
    )


def _rows(batch: Batch, known: Mapping[int, int]) -> Shown:
    """`known`: the child of each row of a known child that is shown."""
    session, actor = db.session, current_actor()
    cases = cases_of(session, known.values())
    sight = Sight(session, actor, list(cases.values()), opening_in=batch.area_id)
    refused = rows_of(session, actor, batch, RowResult.REFUSED, most=MOST)
    outside = rows_of(session, actor, batch, outside=True, most=MOST)
    doubles = rows_of(session, actor, batch, RowResult.DOUBLE, most=MOST)
    telling = sorted(
        rows_numbered(session, actor, batch, list(known)), key=lambda row: (not row.differs, row.row_number)
    )
    return {
        "refused": refused_shown([refused_row(row.row_number, row.data) for row in refused]),
        "known": [
            sight.known(
                listed_child(row.row_number, row.data), differences_of(row.data), cases.get(known[row.row_number])
            )
            for row in telling
        ],
        "outside": outside_shown(listed_child(row.row_number, row.data) for row in outside),
        "doubles": doubles_shown(
            DoubleRow(listed_child(row.row_number, row.data), row.first_row or 0) for row in doubles
        ),
    }


def _form(
    batch: Batch, area: Area, cohorts: Mapping[int, int], crowded: Mapping[str, Sequence[ListedChild]]
) -> ConfirmForm:
    found = organisations(db.session, area_id=area.id, on=clock.today())
    own = batch.organisation_id
    leads = [one for one in found if may_lead(one.kind) or one.id in (own, area.coordinator_id)]
    return confirm_form(cohorts, leads, own, crowded, batch.as_of)
