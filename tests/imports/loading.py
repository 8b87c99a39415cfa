"""Lists loaded in a small field: Ghent with its LOP, on the clock of the test."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.accounts.actors import builtin
from outreach.children.models import Child
from outreach.database import Model, seen_by, transaction
from outreach.imports.commands import Terms, load_list, look_at_list
from outreach.imports.commands.loading import Loaded
from outreach.imports.judging import receive
from outreach.imports.reading import ListFile, read_list
from outreach.partners.commands import add_agreement
from outreach.partners.models import Agreement
from tests.ground.field import Field
from tests.imports.files import AS_OF, TITLES, csv_bytes, read

DATA = Path(__file__).parent / "data"
DECEMBER, MARCH = DATA / "niet-ingeschreven-2026-12.csv", DATA / "niet-ingeschreven-2027-03.xlsx"
READ = seen_by("test")


def agree(field: Field) -> Agreement:
    """The agreement under which lists of children who are not enrolled come in, of these years."""
    days = {"from_on": date(2026, 1, 1), "until_on": date(2027, 12, 31)}
    return add_agreement(
        field.session, key="niet-ingeschreven", area=field.area, source="not-enrolled", reference="protocol", **days
    )


def load(field: Field, *rows: Sequence[Any], as_of: date = AS_OF, **terms: Any) -> Loaded:
    """Load a list of the usual titles and these rows, looked at first: looking said what loading then does."""
    list_file = read(csv_bytes([TITLES, *rows]))
    wanted = Terms(field.area, as_of, field.area.coordinator_id, **terms)
    looked = look_at_list(field.session, receive(list_file, as_of), wanted)
    loaded = load_file(field, list_file, as_of, **terms)
    told = {name: count for name, count in loaded.counts.items() if name != "cases_opened"}
    assert {name: looked.counts[name] for name in told} == told
    assert (looked.differences, looked.same_file) == (loaded.differences, loaded.same_file)
    return loaded


def load_file(field: Field, list_file: ListFile, as_of: date = AS_OF, **terms: Any) -> Loaded:
    """Load a file, as the console does."""
    session = field.session
    with transaction(session):
        wanted = Terms(field.area, as_of, field.area.coordinator_id, **terms)
        return load_list(session, receive(list_file, as_of), wanted, by=builtin(session, "console"))


def load_sample(field: Field, path: Path, as_of: date) -> Loaded:
    """Load one of the sample lists."""
    return load_file(field, read_list(path), as_of)


def number_of_rows(session: Session, *models: type[Model]) -> list[int]:
    """How many rows each of these tables has."""
    counts = (session.scalar(select(func.count()).select_from(model), execution_options=READ) for model in models)
    return [count or 0 for count in counts]


def children(session: Session, *conditions: Any) -> list[Child]:
    """The children in the database, in the order they came."""
    return list(session.scalars(select(Child).where(*conditions).order_by(Child.id), execution_options=READ))


def names(found: Iterable[Child]) -> list[str]:
    """Their first names."""
    return [child.first_name for child in found]
