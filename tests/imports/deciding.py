"""Two lists of an organisation of Ghent, and a coordinator who decides about what they say otherwise."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.models import Case, Deed, Step
from outreach.cases.queries.verify import case_checks
from outreach.children.models import Child
from outreach.children.search_keys import search_checks
from outreach.imports.models import DifferenceKind, ListDifference
from tests.cases.conftest import SignIn, Visitor
from tests.ground.field import Field, make_field
from tests.imports.files import number_of, row
from tests.imports.loading import READ, load

THEN, NOW = date(2026, 12, 15), date(2027, 3, 15)
NOOR = {"Voornaam": "Noor", "INSZ": number_of(date(2023, 4, 2)), "Geboortedatum": "02/04/2023"}
AYAAN = {"Voornaam": "Ayaan"}
LOU = {"Voornaam": "Lou", "INSZ": number_of(date(2023, 5, 6)), "Geboortedatum": "06/05/2023"}
ELSEWHERE = {"Straat": "Kerkstraat", "Huisnummer": "9"}
ANTWERP = {"Straat": "Meir", "Huisnummer": "1", "Postcode": "2000", "Gemeente": "Antwerpen", "NIS_code": "11002"}


@pytest.fixture
def field(session: Session) -> Field:
    made = make_field(session, nis=("44021", "44088", "44013", "43018"))
    session.commit()
    return made


@pytest.fixture
def lies(sign_in: SignIn, field: Field) -> Visitor:
    """The coordinator of the LOP, signed in."""
    return sign_in(field.coordinator)


def two_lists(field: Field, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> int:
    """Load two lists, the second three months later; its batch."""
    load(field, *(row(**{**AYAAN, **one}) for one in before), as_of=THEN)
    return load(field, *(row(**{**AYAAN, **one}) for one in after), as_of=NOW).batch_id


def case_of(session: Session, name: str) -> Case:
    statement = select(Case).join(Child, Child.id == Case.child_id).where(Child.first_name == name)
    return session.scalars(statement, execution_options=READ).one()


def move_of(session: Session, case: Case) -> Step:
    statement = select(Step).where(Step.case_id == case.id, Step.ended_at.is_(None), Step.side_of_id.is_(None))
    return session.scalars(statement, execution_options=READ).one()


def ids_of(session: Session, batch_id: int, kind: DifferenceKind) -> list[int]:
    statement = select(ListDifference.id).where(ListDifference.batch_id == batch_id, ListDifference.kind == kind)
    return list(session.scalars(statement.order_by(ListDifference.id), execution_options=READ))


def look(visitor: Visitor, batch_id: int, kind: DifferenceKind, answer: str, ids: list[int]) -> tuple[str, list[str]]:
    """See what would happen; the page, and the children it keeps."""
    page = visitor.send(f"/lists/{batch_id}/differences", group=kind.value, answer=answer, item=ids)
    assert page.status_code == 200, page.text
    return page.text, re.findall(r'name="item" value="([^"]+)"', page.text)


def confirm(visitor: Visitor, batch_id: int, kind: DifferenceKind, answer: str, kept: list[str], **more: Any) -> str:
    """Decide what was looked at; what the page says then."""
    path = f"/lists/{batch_id}/differences/confirm"
    answer_ = visitor.send(path, group=kind.value, answer=answer, item=kept, **more)
    assert answer_.status_code == 302, answer_.text
    return visitor.open(answer_.location).text


def decide(visitor: Visitor, session: Session, batch_id: int, kind: DifferenceKind, answer: str) -> str:
    """Decide about the whole group, by way of the preview."""
    _page, kept = look(visitor, batch_id, kind, answer, ids_of(session, batch_id, kind))
    session.rollback()
    return confirm(visitor, batch_id, kind, answer, kept)


def undo(visitor: Visitor, session: Session, batch_id: int) -> str:
    """Take the last decision back; what the page says then."""
    deed = session.scalars(select(Deed.id).order_by(Deed.id.desc()).limit(1), execution_options=READ).one()
    session.rollback()
    answer = visitor.send(f"/lists/{batch_id}/deeds/{deed}/undo")
    assert answer.status_code == 302
    return visitor.open(answer.location).text


def sound(session: Session) -> None:
    session.rollback()
    session.expire_all()
    assert [each for each in [*case_checks(session), *search_checks(session)] if not each.ok] == []
