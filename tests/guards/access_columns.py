"""For the world of the access tests: a file with a column nobody knows, another that was said before, and lists of
running cases."""

from io import BytesIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.imports.commands.keeping import Sent, keep_file
from outreach.imports.commands.loading import Terms
from outreach.imports.commands.loading_running import load_running
from outreach.imports.commands.placing import remember_place
from outreach.imports.commands.previewing_running import preview_running
from outreach.imports.commands.queueing import Wanted, ask_for
from outreach.imports.commands.tying import Said, tie_columns
from outreach.imports.models import LOOK, ColumnTie
from outreach.imports.reading import Choice, read_list
from outreach.imports.reading.vocabulary import RUNNING
from outreach.imports.running import RunningList, receive_running

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


OWN = "Naam;Voornaam;Geboortedatum;Status;Wie\nSafi;{};04/05/2024;2x niet thuis;Mieke\n"


def running_lists(session: Session, terms: Terms, coordinator: Actor) -> dict[str, Any]:
    """A list of running cases that was taken over, and one that is looked at."""
    loaded = load_running(session, _own_list("Lou", terms), terms, by=coordinator)
    looked = preview_running(session, _own_list("Bo", terms), terms, by=coordinator)
    return {"running.batch_id": loaded.batch_id, "running_preview.batch_id": looked.id}


def _own_list(name: str, terms: Terms) -> RunningList:
    file = read_list(BytesIO(OWN.format(name).encode()), "lopend.csv", RUNNING)
    return receive_running(file, terms.as_of)
