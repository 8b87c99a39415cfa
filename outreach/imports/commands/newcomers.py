"""Children of a list get their record and case: new ones both, known ones without a case a case."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.opening import DatesOf, NewCase, open_many
from outreach.cases.models.plain import PlainCase
from outreach.children.addresses import AddressKind
from outreach.children.commands import AddedChild, add_children
from outreach.children.matching import MATCHING
from outreach.children.models import Child
from outreach.children.queries import special_addresses
from outreach.imports.queries.begun import BATCH
from outreach.imports.queries.comparing import Compared
from outreach.partners.models import Area

SHELTER = "shelter"


class LoadingTerms(Protocol):
    """The part of the terms that decides what is written."""

    @property
    def area(self) -> Area: ...

    @property
    def address_kinds(self) -> Mapping[str, AddressKind]: ...

    def lead_of(self, born_on: date) -> int: ...


def open_for_new(
    session: Session,
    portion: Sequence[Compared],
    terms: LoadingTerms,
    *,
    origin: str = "list",
    batch_id: int,
    by: Actor,
    dates_of: DatesOf,
    between: Callable[[], None] = lambda: None,
) -> list[PlainCase]:
    """The cases of children nobody knew, in the order given; their records are made first, and then `between` is
    called: what it raises stops the work."""
    special = _special_addresses(session, portion)
    children = _new_children(session, portion, special, terms, by)
    between()
    pairs = list(zip(portion, children, strict=True))
    return _open(session, pairs, special, terms, origin, batch_id, by, dates_of)


def open_for_known(
    session: Session,
    without: Sequence[Compared],
    terms: LoadingTerms,
    *,
    origin: str = "list",
    batch_id: int,
    by: Actor,
) -> list[PlainCase]:
    """The cases of known children that never had one."""
    children = [session.get_one(Child, one.match.child_id, execution_options=MATCHING) for one in without if one.match]
    special = _special_addresses(session, without)
    return _open(session, list(zip(without, children, strict=True)), special, terms, origin, batch_id, by, {})


def _special_addresses(session: Session, portion: Sequence[Compared]) -> dict[str, str]:
    return special_addresses(session, {one.child.address_key for one in portion if one.child.address_key})


def _new_children(
    session: Session, portion: Sequence[Compared], special: Mapping[str, str], terms: LoadingTerms, by: Actor
) -> list[AddedChild]:
    kinds = {**special, **{key: kind.value for key, kind in terms.address_kinds.items()}}
    return add_children(session, [one.child for one in portion], kinds=kinds, by=by)


def _open(
    session: Session,
    pairs: Sequence[tuple[Compared, AddedChild | Child]],
    special: Mapping[str, str],
    terms: LoadingTerms,
    origin: str,
    batch_id: int,
    by: Actor,
    dates_of: DatesOf,
) -> list[PlainCase]:
    """A case for each child; at a shelter address and school are hidden from the first minute."""
    shelters = {key for key, kind in special.items() if kind == SHELTER}
    shelters |= {key for key, kind in terms.address_kinds.items() if kind is AddressKind.SHELTER}
    wanted = [
        NewCase(
            child,
            terms.area.id,
            terms.lead_of(child.born_on),
            outside=one.outside,
            secrecy=SHELTER if one.child.address_key in shelters else None,
        )
        for one, child in pairs
    ]
    return open_many(session, wanted, origin=origin, told={BATCH: batch_id}, by=by, dates_of=dates_of)
