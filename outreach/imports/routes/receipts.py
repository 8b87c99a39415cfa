"""Every list that was loaded, and the receipt of one: what became of each row, and what waits for a decision."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for

from outreach.accounts.models import Person
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.extensions import db
from outreach.imports.judging import DoubleRow
from outreach.imports.models import Batch, BatchRow, BatchState, DifferenceKind, RowResult
from outreach.imports.queries.batches import PER_PAGE, loaded_batches, rows_of
from outreach.imports.queries.comparing import CaseOfChild, cases_of
from outreach.imports.queries.receipts import number_changes, same_addresses
from outreach.imports.queries.tallies import Tally, tallies
from outreach.imports.routes.blueprint import ROLE, Page, batch_or_404, blueprint, own_areas, receipt_url
from outreach.imports.routes.jobs import jobs_shown
from outreach.imports.routes.shown import (
    MOST,
    Shown,
    Sight,
    account_of,
    by_name,
    doubles_shown,
    name_of,
    outside_shown,
    refused_shown,
)
from outreach.imports.routes.taking_back import undo_shown
from outreach.imports.stored import differences_of, listed_child, refused_row
from outreach.imports.words import word
from outreach.web.access import allowed
from outreach.web.filters import language, moment

_MOST_COMPARED = 5_000
"""How many rows of a list are looked through for what a page tells first."""


@blueprint.get("/lists")
@allowed(ROLE)
def batches() -> Page:
    """The loaded lists of one's areas, newest first."""
    areas = {area.id: area.name for area in own_areas()}
    number = max(request.args.get("page", 1, type=int), 1)
    found, count = loaded_batches(db.session, current_actor(), list(areas), page=number)
    rows = [
        account_of(batch)
        | {
            "file_name": batch.file_name,
            "url": receipt_url(batch),
            "kind": word(f"kind.{batch.kind}", language()),
            "taken_back": batch.state == BatchState.TAKEN_BACK,
            "area": areas[batch.area_id],
            "as_of": batch.as_of,
            "at_text": moment(batch.at),
            "by": by_name(person),
        }
        for batch, person in found
    ]
    upload_url = url_for("imports.upload") if areas else None
    accounts = [{"area": area.name, "url": url_for("imports.account", key=area.key)} for area in own_areas()]
    return render_template(
        "imports/batches.html",
        batches=rows,
        upload_url=upload_url,
        accounts=accounts,
        pages=_pages(number, count),
        jobs=jobs_shown(reports=False),
    )


@blueprint.get("/lists/<int:batch_id>")
@allowed(ROLE)
def receipt(batch_id: int) -> Page:
    """What came of a list."""
    log_reading(db.session, current_actor(), f"batch:{batch_id}")
    batch, area = batch_or_404(batch_id)
    if batch.state == BatchState.PREVIEWED:
        return redirect(url_for("imports.preview", batch_id=batch.id))
    return render_template(
        "imports/receipt.html",
        batch={
            "file_name": batch.file_name,
            "area": area.name,
            "as_of": batch.as_of,
            "at_text": moment(batch.at),
            "by": by_name(db.session.get_one(Person, batch.by_id)),
        },
        counts=account_of(batch),
        undo=undo_shown(batch),
        area_url=url_for("cases.area", key=area.key),
        differences_url=url_for("imports.differences", batch_id=batch.id),
        refused_url=url_for("imports.refused_xlsx", batch_id=batch.id),
        refused_csv_url=url_for("imports.refused_csv", batch_id=batch.id),
        again=tallies(db.session, current_actor(), batch).get(DifferenceKind.AGAIN, Tally()).waiting,
        again_url=url_for("imports.differences", batch_id=batch.id, group=DifferenceKind.AGAIN.value, _anchor="group"),
        **_rows_shown(batch),
    )


def _rows_shown(batch: Batch) -> Shown:
    session, actor = db.session, current_actor()
    refused = rows_of(session, actor, batch, RowResult.REFUSED, most=MOST)
    outside = rows_of(session, actor, batch, outside=True, most=MOST)
    doubles = rows_of(session, actor, batch, RowResult.DOUBLE, most=MOST)
    known = rows_of(session, actor, batch, RowResult.KNOWN, most=_MOST_COMPARED)
    children = known + rows_of(session, actor, batch, RowResult.NEW, most=_MOST_COMPARED)
    cases = cases_of(session, [row.child_id for row in known if row.child_id])
    sight = Sight(session, actor, list(cases.values()))
    return {
        "refused": refused_shown([refused_row(row.row_number, row.data) for row in refused]),
        "known": _known_shown(known, cases, sight),
        "outside": outside_shown(listed_child(row.row_number, row.data) for row in outside),
        "doubles": doubles_shown(
            DoubleRow(listed_child(row.row_number, row.data), row.first_row or 0) for row in doubles
        ),
        "numbers": _numbers_shown(batch, cases, sight),
        "same_addresses": _same_addresses_shown(children),
    }


def _known_shown(known: Sequence[BatchRow], cases: dict[int, CaseOfChild], sight: Sight) -> list[Shown]:
    telling = sorted(known, key=lambda row: (not row.differs, row.row_number))[:MOST]
    return [
        sight.known(listed_child(row.row_number, row.data), differences_of(row.data), cases.get(row.child_id or 0))
        for row in telling
    ]


def _numbers_shown(batch: Batch, cases: dict[int, CaseOfChild], sight: Sight) -> list[Shown]:
    """Numbers this list changed, for who may see the case."""
    return [
        {
            "name": name_of(listed_child(row.row_number, row.data)),
            "row": row.row_number,
            "url": url_for("imports.undo_number_change", batch_id=batch.id, change_id=change.id),
        }
        for change, row in number_changes(db.session, current_actor(), batch)
        if sight.sees(cases.get(change.child_id))
    ]


def _same_addresses_shown(rows: Sequence[BatchRow]) -> list[Shown]:
    listed = [listed_child(row.row_number, row.data) for row in rows]
    return [
        {
            "address": same.address,
            "children": [
                {"name": name_of(child), "row": child.row_number, "reference_person": child.reference_person}
                for child in same.children
            ],
        }
        for same in same_addresses(listed)[:MOST]
    ]


def _pages(number: int, count: int) -> dict[str, Any]:
    last = max(1, -(-count // PER_PAGE))
    return {
        "number": number,
        "count": last,
        "previous_url": url_for("imports.batches", page=number - 1) if number > 1 else None,
        "next_url": url_for("imports.batches", page=number + 1) if number < last else None,
    }
