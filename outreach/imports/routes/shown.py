"""Rows of a list as a page shows them: what is ours only to who may see that case, nothing of another area."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.accounts.models import Person
from outreach.children.grants import Scope, scopes_of
from outreach.imports.checking import RefusedRow
from outreach.imports.commands.loading import find_loaded
from outreach.imports.judging import DoubleRow
from outreach.imports.listed import ListedChild
from outreach.imports.models import Batch
from outreach.imports.queries.batches import find_batch
from outreach.imports.queries.case_history import taken_back
from outreach.imports.queries.comparing import CaseOfChild, Comparison
from outreach.imports.routes.blueprint import receipt_url
from outreach.imports.words import word
from outreach.partners.models import Area, Organisation
from outreach.web.filters import language, moment

MOST = 100
"""How many rows of one sort a page shows; the counts tell the whole."""

Shown = dict[str, Any]


def preview_shown(session: Session, actor: Actor, comparison: Comparison, area_id: int) -> Shown:
    """The rows of a compared list of this area that a person looks at."""
    telling = sorted(comparison.known(session), key=lambda one: (not one.differences, one.child.row_number))[:MOST]
    cases = [one.case for one in telling if one.case]
    sight = Sight(session, actor, cases, opening_in=area_id)
    return {
        "refused": refused_shown(comparison.judged.refused[:MOST]),
        "known": [sight.known(one.child, one.differences, one.case) for one in telling],
        "outside": outside_shown(islice(comparison.outside, MOST)),
        "doubles": doubles_shown(comparison.judged.doubles[:MOST]),
    }


def refused_shown(refused: Sequence[RefusedRow]) -> list[Shown]:
    """Each fault of each refused row, in words."""
    return [
        {
            "row": one.row_number,
            "column": fault.column,
            "fault": fault.wrong(language()),
            "remedy": fault.todo(language()),
        }
        for one in refused
        for fault in one.faults
    ]


def places_refused(refused: Sequence[RefusedRow]) -> list[Shown]:
    """Where refused rows stand and what to do, nothing of what they say: for who loads reports of many schools."""
    return [
        {"row": one.row_number, "column": fault.column, "remedy": fault.todo(language())}
        for one in refused
        for fault in one.faults
    ]


def outside_shown(children: Iterable[ListedChild]) -> list[Shown]:
    """Children living outside the area."""
    return [
        {"row": child.row_number, "name": name_of(child), "municipality": child.municipality or child.postcode}
        for child in children
    ]


def doubles_shown(doubles: Iterable[DoubleRow]) -> list[Shown]:
    """Rows of a child an earlier row tells of."""
    return [{"row": one.row_number, "first_row": one.first_row, "name": name_of(one.child)} for one in doubles]


def name_of(child: ListedChild) -> str:
    """The name as it stands on the list."""
    return f"{child.first_name} {child.last_name}".strip()


def earlier_shown(session: Session, actor: Actor, batch: Batch, area: Area) -> Shown | None:
    """When and by whom this very file was loaded before, if it was."""
    earlier_id = find_loaded(session, batch.file_digest, area, batch.kind)
    earlier = find_batch(session, actor, earlier_id, [area.id], batch.kind) if earlier_id else None
    if earlier is None:
        return None
    return {
        "at_text": moment(earlier.at),
        "by": by_name(session.get_one(Person, earlier.by_id)),
        "url": receipt_url(earlier),
    }


class Sight:
    """What one actor may see of the cases known children have.

    `opening_in`: the area a list would be loaded for, which opens cases of a list that was taken back there again.
    """

    def __init__(
        self, session: Session, actor: Actor, cases: Sequence[CaseOfChild], *, opening_in: int | None = None
    ) -> None:
        self._actor = actor
        self._again = taken_back(session, [case.case_id for case in cases if case.ended and case.area_id == opening_in])
        self._scopes: Mapping[int, Scope] = scopes_of(session, actor, [case.case_id for case in cases])
        areas = {case.area_id for case in cases}
        leads = {case.lead_id for case in cases}
        self._areas = {area_id: session.get_one(Area, area_id).name for area_id in areas}
        self._leads = {lead_id: session.get_one(Organisation, lead_id).name for lead_id in leads}

    def sees(self, case: CaseOfChild | None) -> bool:
        """Whether our own facts of this child may be shown."""
        return case is not None and self._scopes.get(case.case_id) is Scope.FULL

    def known(self, child: ListedChild, differences: Sequence[Mapping[str, str]], case: CaseOfChild | None) -> Shown:
        """A known child: the list beside ours, or only who coordinates it."""
        sees = self.sees(case)
        return {
            "name": name_of(child),
            "row": child.row_number,
            "differences": [self._difference(one, case) for one in differences] if sees else [],
            "state": self._state(case, sees),
            "proposal": self._proposal(case, differences, sees),
        }

    def _difference(self, one: Mapping[str, str], case: CaseOfChild | None) -> Shown:
        place = one["field"] == "address" and case is not None and case.secrecy is not None
        hidden = place and case is not None and case.lead_id != self._actor.organisation_id
        return {
            "label": word(f"differs.{one['field']}", language()),
            "list": word("differs.other_number", language()) if one["field"] == "number" else told(one["listed"]),
            "ours": word("differs.hidden", language()) if hidden else told(one["ours"]),
        }

    def _state(self, case: CaseOfChild | None, sees: bool) -> str:
        if case is None:
            return ""
        ended = _("case closed") if case.ended else _("case open")
        if sees:
            return f"{ended} · {case.reference}"
        where = {"area": self._areas[case.area_id], "lead": self._leads[case.lead_id]}
        elsewhere = _("%(area)s, lead: %(lead)s", **where)
        return f"{ended} · {elsewhere}"

    def _proposal(self, case: CaseOfChild | None, differences: Sequence[Mapping[str, str]], sees: bool) -> str:
        if case is not None and case.case_id in self._again:
            return str(_("Opens again: it closed when its list was taken back."))
        if case is not None and case.ended:
            return str(_("The organisation in the lead is asked; nothing opens by itself."))
        said = {one["field"] for one in differences}
        if not sees or not said:
            return ""
        if said == {"number"}:
            return str(_("The other number is noted; that can be undone."))
        return str(_("Nothing changes by itself: once the list is loaded you decide among the differences."))


def told(value: str) -> str:
    """A value as it is read; a day written out."""
    parts = value.split("-")
    if len(value) == 10 and len(parts) == 3 and value.replace("-", "").isdigit():
        return f"{int(parts[2])}/{int(parts[1])}/{parts[0]}"
    return value


def by_name(person: Person) -> str:
    """Who loaded a list; a built-in actor by its word."""
    return word("by.console", language()) if person.actor_key else person.name


def account_of(batch: Batch) -> dict[str, int]:
    """The counts of a list."""
    return {
        name: getattr(batch, name) for name in ("rows", "new", "known", "double", "refused", "outside", "cases_opened")
    }
