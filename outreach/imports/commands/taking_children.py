"""The children of a list of running cases, one by one: a case opened and brought to where it stood, or added to."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.cases.commands.opening import reopen_case
from outreach.cases.commands.taking_over import Standing, take_over
from outreach.cases.models import Case, Step
from outreach.cases.models.step import IS_LIVING
from outreach.children.matching import MATCHING
from outreach.imports.commands.adding_followed import Source, add_followed, entry_day, short
from outreach.imports.commands.filling import other_rows, row_of
from outreach.imports.commands.loading import Terms
from outreach.imports.commands.newcomers import open_for_known, open_for_new
from outreach.imports.models import Batch
from outreach.imports.queries.receipts import source_of
from outreach.imports.queries.running import Path, RunningChild, RunningComparison
from outreach.imports.queries.schools import school_named
from outreach.imports.running import RunningList
from outreach.imports.stored import with_followed
from outreach.partners.models import Organisation

_ORIGIN = "running"


class Taking:
    """One list while it is taken over: what is the same for all its cases, and what became of each row."""

    def __init__(self, session: Session, batch: Batch, terms: Terms, by: Actor, *, parents_agree: bool) -> None:
        self._session, self._batch, self._terms, self._by = session, batch, terms, by
        self._parents_agree = parents_agree
        self._source = Source(terms.area, source_of(batch), by)
        self._became: dict[int, tuple[int, str, dict[str, Any]]] = {}

    def open_all(self, compared: RunningComparison) -> dict[int, int]:
        """Open the cases there are to open; the case of every child that is taken over, by its row."""
        new = [one.compared for one in compared.children if one.compared.match is None]
        without = [one.compared for one in compared.children if one.compared.match and one.compared.case is None]
        opened = open_for_new(
            self._session, new, self._terms, origin=_ORIGIN, batch_id=self._batch.id, by=self._by, dates_of={}
        )
        known = open_for_known(
            self._session, without, self._terms, origin=_ORIGIN, batch_id=self._batch.id, by=self._by
        )
        found = {one.child.row_number: case.id for one, case in zip([*new, *without], [*opened, *known], strict=True)}
        for child in compared.children:
            case = child.compared.case
            if case is not None and child.path in (Path.ADD, Path.REOPEN):
                found[child.row_number] = case.case_id
        return found

    def take(self, child: RunningChild, case_id: int) -> None:
        """What becomes of one child."""
        case = self._session.get_one(Case, case_id, execution_options=MATCHING)
        if child.path is Path.REOPEN:
            reopen_case(self._session, case, by=self._by)
        step = self._last_step(case)
        if child.opens:
            step = self._bring(child, case, step)
        add_followed(self._session, child, case, step, self._source)
        opened = child.path is Path.OPEN
        became: dict[str, Any] = {"path": child.path.value, "opened": opened, "contacts": len(child.contacts)}
        if child.opens:
            became |= {"step": child.place.step, "closure": child.place.closure, "unassigned": child.unassigned}
        self._became[child.row_number] = (case.child_id, case.reference, became)

    def rows(self, running: RunningList, compared: RunningComparison) -> Iterator[dict[str, Any]]:
        """Every row of the list, with what it notes and what became of it."""
        for child in compared.children:
            match, case = child.compared.match, child.compared.case
            own = (match.child_id, case.reference) if match and case else (None, None)
            child_id, reference, became = self._became.get(child.row_number, (*own, {"path": child.path.value}))
            row = row_of(self._batch, child.compared, child_id=child_id, case_reference=reference)
            yield row | {"data": with_followed(row["data"], running.followed[child.row_number], became)}
        for row in other_rows(self._batch, compared.comparison):
            followed = running.followed.get(row["row_number"]) if row["first_row"] is not None else None
            yield row | ({"data": with_followed(row["data"], followed)} if followed else {})

    def _bring(self, child: RunningChild, case: Case, step: Step) -> Step:
        """To where the list says it stands."""
        told, follower = child.told, child.follower
        standing = Standing(
            step=child.place.step or step.key,
            closure=child.place.closure,
            organisation=self._session.get(Organisation, follower.organisation_id) if follower else None,
            person_id=follower.person_id if follower else None,
            school=school_named(self._session, self._terms.area, told.school) if told.school else None,
            entry_on=entry_day(self._session, child, case),
            parents_agree=self._parents_agree,
        )
        since = short(told.since_on) if told.since_on else ""
        said = {"status": told.status, "who": told.who, "since": since}
        words = {name: text for name, text in said.items() if text}
        return take_over(self._session, case, step, standing, told=words, origin=self._source.origin, by=self._by)

    def _last_step(self, case: Case) -> Step:
        """The living move of a case, else its last step."""
        statement = select(Step).where(Step.case_id == case.id, Step.side_of_id.is_(None))
        statement = statement.order_by(IS_LIVING.desc(), Step.number.desc()).limit(1)
        return self._session.scalars(statement, execution_options=MATCHING).one()
