"""The refused rows of a list as a file to correct and load again."""

import io
from typing import Literal

from flask import Response, send_file

from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.extensions import db
from outreach.imports.corrections import write_refused
from outreach.imports.models import CHILD_LISTS
from outreach.imports.queries.batches import refused_rows
from outreach.imports.routes.blueprint import ROLE, batch_or_404, blueprint
from outreach.imports.stored import refused_row
from outreach.web.access import allowed
from outreach.web.filters import language

_TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@blueprint.get("/lists/<int:batch_id>/refused.xlsx")
@allowed(ROLE)
def refused_xlsx(batch_id: int) -> Response:
    """As an Excel workbook, which keeps a number of eleven digits whole."""
    return _refused(batch_id, "xlsx")


@blueprint.get("/lists/<int:batch_id>/refused.csv")
@allowed(ROLE)
def refused_csv(batch_id: int) -> Response:
    """As CSV."""
    return _refused(batch_id, "csv")


def _refused(batch_id: int, layout: Literal["csv", "xlsx"]) -> Response:
    actor = current_actor()
    log_reading(db.session, actor, f"batch:{batch_id}")
    batch, _ = batch_or_404(batch_id, *CHILD_LISTS)
    rows = (refused_row(row.row_number, row.data) for row in refused_rows(db.session, actor, batch))
    file = io.BytesIO()
    write_refused(file, batch, rows, language(), layout)
    file.seek(0)
    name = f"geweigerde-rijen-{batch.id}.{layout}"  # never the name of a child or a family in it
    return send_file(file, mimetype=_TYPES[layout], as_attachment=True, download_name=name)
