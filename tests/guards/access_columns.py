"""For the world of the access tests: a file with a column nobody knows, and another that was said before."""

from io import BytesIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.imports.commands.keeping import Sent, keep_file
from outreach.imports.commands.loading import Terms
from outreach.imports.commands.placing import remember_place
from outreach.imports.commands.queueing import Wanted, ask_for
from outreach.imports.commands.tying import Said, tie_columns
from outreach.imports.models import LOOK, ColumnTie
from outreach.imports.reading import Choice

STRANGE = b"Clan;Roepnaam;Wanneer\nSafi;Lina;01/03/2024\n"


def columns_of(session: Session, terms: Terms, coordinator: Actor) -> dict[str, Any]:
    """What the addresses of their pages need."""
    sent = Sent("not-enrolled", "lijst.csv", terms.area, terms.organisation_id, None, terms.as_of)
    kept = keep_file(session, BytesIO(STRANGE), sent, by=coordinator)
    tie_columns(session, terms.organisation_id, "not-enrolled", {"clan": Said("Clan", "last_name")}, by=coordinator)
    wanted = Wanted(LOOK, "not-enrolled", kept.id, terms.area.id, "lijst.csv", {"rows": 12_000})
    job_id = ask_for(session, wanted, by=coordinator)
    remember_place(session, terms.organisation_id, "not-enrolled", Choice("Blad 2", 3), by=coordinator)
    return {
        "file_id": kept.id,
        "tie_id": session.scalars(select(ColumnTie.id)).one(),
        "kind": "not-enrolled",
        "job_id": job_id,
    }
