"""The account of all lists of an area, on one page to print."""

from flask import abort, render_template

from outreach import clock
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.cases.words import closure_label
from outreach.extensions import db
from outreach.imports.queries.accounting import accounts_of
from outreach.imports.routes.blueprint import ROLE, Page, blueprint, own_areas, receipt_url
from outreach.web.access import allowed
from outreach.web.filters import language, moment


@blueprint.get("/lists/account/<key>")
@allowed(ROLE)
def account(key: str) -> Page:
    """Where every row and every child of the lists of one area is."""
    log_reading(db.session, current_actor(), f"account:{key}")
    area = next((one for one in own_areas() if one.key == key), None)
    if area is None:
        abort(404)
    accounts = accounts_of(db.session, current_actor(), area)
    return render_template(
        "imports/account.html",
        area=area.name,
        now=moment(clock.now()),
        total=accounts.total,
        lists=[
            {
                "file_name": batch.file_name,
                "as_of": batch.as_of,
                "url": receipt_url(batch),
                "account": account,
            }
            for batch, account in accounts.lists
        ],
        endings=[(closure_label(ending, language()), count) for ending, count in accounts.endings],
    )
