"""Lists of running cases taken over in a small field, by the words that were said of it."""

import io
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.models import Case, Deed, Step
from outreach.cases.queries.verify import case_checks
from outreach.children.models import Child
from outreach.database import transaction
from outreach.imports.commands import Terms
from outreach.imports.commands.loading_running import LoadedRunning, load_running
from outreach.imports.commands.tying_words import tie_words
from outreach.imports.queries import import_checks
from outreach.imports.queries.unnamed import with_known_numbers
from outreach.imports.reading import read_list
from outreach.imports.reading.vocabulary import RUNNING
from outreach.imports.running import receive_running
from tests.ground.field import Field, make_field
from tests.imports.loading import READ, agree

AS_OF = date(2026, 11, 27)


def running_field(session: Session) -> Field:
    """Ghent with an agreement, and everybody who follows these children."""
    made = make_field(session)
    agree(made)
    for name, organisation, role in (
        ("Lies", "lop-gent", "coordinator"),
        ("Wim", "de-brug", "worker"),
        ("Hanne", "hvhk-gent", "worker"),
        ("Sofie", "de-linde", "school-contact"),
    ):
        made.person(name, organisation, role)
    session.commit()
    return made


def say(field: Field, about: str, **said: str | None) -> None:
    with transaction(field.session) as session:
        words = {word.replace("_", " "): target for word, target in said.items()}
        tie_words(session, field.area.coordinator_id, field.area, about, words, by=field.coordinator)


def take(field: Field, content: bytes, name: str = "lopend.csv", **terms: Any) -> LoadedRunning:
    with transaction(field.session) as session:
        running = receive_running(read_list(io.BytesIO(content), name, RUNNING), AS_OF)
        running = with_known_numbers(session, running, field.area, field.area.coordinator_id)
        wanted = Terms(field.area, AS_OF, field.area.coordinator_id)
        return load_running(session, running, wanted, by=field.coordinator, **terms)


def living(session: Session, last_name: str) -> Step:
    statement = select(Step).join(Case, Case.id == Step.case_id).join(Child, Child.id == Case.child_id)
    statement = statement.where(Child.last_name == last_name, Step.ended_at.is_(None))
    return session.scalars(statement, execution_options=READ).one()


def case_of(session: Session, last_name: str) -> Case:
    statement = select(Case).join(Child, Child.id == Case.child_id).where(Child.last_name == last_name)
    return session.scalars(statement, execution_options=READ).one()


def broken(session: Session) -> list[object]:
    session.flush()
    return [each for each in (*case_checks(session), *import_checks(session)) if not each.ok]


def newest_deed(session: Session) -> Deed:
    statement = select(Deed).order_by(Deed.id.desc()).limit(1)
    return session.scalars(statement, execution_options=READ).one()
