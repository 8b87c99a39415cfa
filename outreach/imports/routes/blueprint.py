"""The blueprint the pages of lists hang on, and how a list is found for who asks."""

from flask import Blueprint, abort, url_for
from werkzeug.wrappers import Response

from outreach import clock
from outreach.accounts.signed_in import current_actor
from outreach.extensions import db
from outreach.imports.models import RUNNING, Batch
from outreach.imports.policy import areas_to_load
from outreach.imports.queries.batches import find_batch
from outreach.partners.models import Area

ROLE = "coordinator"

Page = str | Response | tuple[str, int]

blueprint = Blueprint("imports", __name__)


def own_areas() -> list[Area]:
    """The areas the signed-in person may load lists for."""
    return areas_to_load(db.session, current_actor(), clock.today())


def batch_or_404(batch_id: int, *kinds: str, for_change: bool = False) -> tuple[Batch, Area]:
    """A list of one of these areas, of one of these kinds (else of children not enrolled), with its area; what one may
    not see does not exist."""
    areas = {area.id: area for area in own_areas()}
    batch = find_batch(db.session, current_actor(), batch_id, list(areas), *kinds, for_change=for_change)
    if batch is None:
        abort(404)
    return batch, areas[batch.area_id]


def receipt_url(batch: Batch) -> str:
    """Where one reads what came of a list."""
    return url_for("imports.running_receipt" if batch.kind == RUNNING else "imports.receipt", batch_id=batch.id)
