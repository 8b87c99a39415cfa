"""The rows by which children and their families are looked for: written with every name, checked by `verify`."""

from collections.abc import Iterable, Mapping

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from outreach import crypto
from outreach.children.models import Child, ChildSearchKey, FamilyContact, FamilySearchKey, Household
from outreach.children.search import name_keys
from outreach.children.search_terms import normal_phone
from outreach.database import seen_by
from outreach.database.absent import insert_absent
from outreach.database.among import MANY, pairs_among
from outreach.database.checks import Check, check
from outreach.database.copying import Columns
from outreach.database.many import in_chunks, insert_columns

PHONE = "phone"
"""Purpose of the blind index of a phone number."""

_READ = seen_by("search keys: what is known of a family, compared with its keys")
_CHUNK = 2_000

Keys = Mapping[int, Iterable[str]]


def phone_key(phone: str | None) -> str | None:
    """The key of a phone number, however it is written; None when it is too short to be a whole one."""
    number = normal_phone(phone) if phone else None
    return crypto.keys().blind_index(number, PHONE) if number else None


def grown_up_keys(name: str | None, phone: str | None = None) -> set[str]:
    """The keys of somebody of the family."""
    found = phone_key(phone)
    return name_keys(name or "") | ({found} if found else set())


def add_child_keys(session: Session, names: Mapping[int, tuple[str, str]]) -> None:
    """Let these children be found by first and last name; keys they have stay."""
    _add(session, ChildSearchKey, "child_id", {child_id: name_keys(*both) for child_id, both in names.items()})


def write_child_keys(session: Session, names: Mapping[int, tuple[str, str]]) -> None:
    """The same for children who have no keys yet."""
    _write(session, ChildSearchKey, "child_id", {child_id: name_keys(*both) for child_id, both in names.items()})


def write_family_keys(session: Session, keys: Keys) -> None:
    """The keys of households that have none yet."""
    _write(session, FamilySearchKey, "household_id", keys)


def add_family_keys(session: Session, keys: Keys) -> None:
    """Let the children of these households be found by these keys of grown-ups; keys they have stay."""
    _add(session, FamilySearchKey, "household_id", keys)


def renew_family_keys(session: Session, household_id: int, before: set[str]) -> None:
    """Somebody of the family, who had the keys `before`, is called otherwise now, or is not to be rung any more."""
    session.flush()
    now = _family_keys(session, [household_id])[household_id]
    session.execute(
        delete(FamilySearchKey)
        .where(FamilySearchKey.household_id == household_id, FamilySearchKey.key.in_(before - now))
        .execution_options(synchronize_session=False)
    )
    add_family_keys(session, {household_id: now})


def search_checks(session: Session) -> list[Check]:
    """Every name can be looked for: children and households that lack a key they should have."""
    children = session.execute(select(Child.id, Child.first_name, Child.last_name), execution_options=_READ)
    lacking: list[str] = []
    for rows in children.partitions(_CHUNK):
        lacking += _lacking(session, ChildSearchKey, {row.id: name_keys(*row[1:]) for row in rows})
    families: list[str] = []
    named = or_(Household.reference_person.is_not(None), FamilyContact.id.is_not(None))
    living = and_(FamilyContact.household_id == Household.id, FamilyContact.ended_at.is_(None))
    households = session.scalars(
        select(Household.id).outerjoin(FamilyContact, living).where(named).distinct(), execution_options=_READ
    )
    for ids in households.partitions(_CHUNK):
        families += _lacking(session, FamilySearchKey, _family_keys(session, ids))
    return [check("children_can_be_searched", lacking), check("families_can_be_searched", families)]


def _add(session: Session, model: type[ChildSearchKey | FamilySearchKey], owner: str, keys: Keys) -> None:
    rows = [{owner: number, "key": key} for number, each in keys.items() for key in sorted(each)]
    if rows:
        session.flush()
        session.execute(insert_absent(session, model), rows)


def _write(session: Session, model: type[ChildSearchKey | FamilySearchKey], owner: str, keys: Keys) -> None:
    pairs = sorted((key, number) for number, each in keys.items() for key in each)  # as the table stands: by key
    columns: Columns = {"key": [key for key, _ in pairs], owner: [number for _, number in pairs]}
    insert_columns(session, model, len(pairs), columns)


def _family_keys(session: Session, household_ids: Iterable[int]) -> dict[int, set[str]]:
    """The keys each household should have: of its reference person and of everybody who may be rung."""
    ids = list(household_ids)
    found: dict[int, set[str]] = {household_id: set() for household_id in ids}
    for chunk in in_chunks(ids):
        reference = select(Household.id, Household.reference_person).where(Household.id.in_(chunk))
        for household_id, name in session.execute(reference, execution_options=_READ):
            found[household_id] |= grown_up_keys(name)
        contacts = select(FamilyContact).where(FamilyContact.household_id.in_(chunk), FamilyContact.ended_at.is_(None))
        for contact in session.scalars(contacts, execution_options=_READ):
            found[contact.household_id] |= grown_up_keys(contact.name, contact.phone)
    return found


def _lacking(session: Session, model: type[ChildSearchKey | FamilySearchKey], keys: Keys) -> list[str]:
    """The ids whose keys are not all there."""
    owner = ChildSearchKey.child_id if model is ChildSearchKey else FamilySearchKey.household_id
    wanted = [(key, number) for number, each in keys.items() for key in each]
    there: set[tuple[str, int]] = set()
    for chunk in in_chunks(wanted, MANY):
        statement = select(model.key, owner).where(pairs_among(session, (model.key, owner), chunk))
        there.update((row[0], row[1]) for row in session.execute(statement, execution_options=_READ))
    return [str(number) for number, each in keys.items() if any((key, number) not in there for key in each)]
