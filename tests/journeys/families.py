"""What happens around the steps in a random year: lists, families, moves, people who come and go."""

from datetime import timedelta
from typing import Any

from hypothesis import note, strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.commands import TRAY, Successor
from outreach.accounts.models import Membership
from outreach.cases.commands.door import add_child_at_door
from outreach.cases.commands.family import (
    SECRECIES,
    add_contact,
    become_companion,
    correct_address,
    end_contact,
    set_language,
    set_secrecy,
)
from outreach.cases.commands.household import join_households, say_siblings, split_household
from outreach.cases.commands.leaving import leave_team
from outreach.cases.commands.opening import reopen_case
from outreach.cases.commands.proposing import ANSWERS, REOPEN, decide_proposal, propose
from outreach.cases.commands.rederiving import apply_rederivation
from outreach.cases.commands.transferring import TRANSFER, accept_transfer
from outreach.cases.commands.words import add_note, correct_note
from outreach.cases.models import Case, Note, Proposal, Step
from outreach.cases.policy import may_add_facts, may_guard, may_reopen
from outreach.children.addresses import AddressKind
from outreach.children.grants import Scope
from outreach.children.models import Child, FamilyContact, Household
from outreach.partners.commands import add_closing
from tests.journeys.promises import READ
from tests.journeys.year import Year, on, when

_LEAVERS = ("worker", "bridge-person", "school-contact")
_MANY = 7
"""Open cases from which on no new ones come, so that each gets its turns."""


class Families(Year):
    """Everything but the moves."""

    @rule(months=st.lists(st.integers(24, 75), min_size=1, max_size=3), outside=st.booleans())
    def a_list_comes_in(self, months: list[int], outside: bool) -> None:
        """Children from two to six who are not enrolled."""
        if len(self.cases()) < _MANY:
            self.arrive(months, outside=outside)

    @when("open")
    @rule(data=st.data(), months=st.integers(0, 90))
    def another_child_is_at_the_door(self, data: st.DataObject, months: int) -> None:
        """A brother, a sister, a cousin."""
        found = self._somebody(data, self._may_write)
        if found is not None and len(self.cases()) < _MANY + 2:
            actor, case = found
            refusals = ("child_too_old", "child_known")
            details = {"first_name": "Zus", "last_name": f"Van {months}", "insz": None, "by": actor}
            born_on = self.today - timedelta(days=30 * months)
            self.tell(add_child_at_door, case, born_on=born_on, may_refuse=refusals, **details)

    @when("open")
    @rule(data=st.data(), what=st.sampled_from(("note", "contact", "language", "address")), shared=st.booleans())
    def something_is_learnt(self, data: st.DataObject, what: str, shared: bool) -> None:
        """About the family, by anybody who sees it."""
        found = self._somebody(data, self._may_write)
        if found is None:
            return
        actor, case = found
        if what == "note":
            self._note(actor, case, shared)
        elif what == "contact":
            self._contact(actor, case)
        elif what == "language":
            child = self.session.get_one(Child, case.child_id, execution_options=READ)
            self.tell(set_language, case, language="fr" if child.language == "tr" else "tr", by=actor)
        else:
            kind = self.pick(data, list(AddressKind), "kind")
            address = {"street": "Sleepstraat", "number": str(1 + shared), "postcode": "9000", "nis": "44021"}
            self.tell(correct_address, case, address=address, kind=kind, by=actor)

    @when("open")
    @rule(data=st.data(), secrecy=st.sampled_from((None, *SECRECIES)))
    def a_family_is_guarded(self, data: st.DataObject, secrecy: str | None) -> None:
        """Or shown again."""
        found = self._somebody(data, lambda actor, case: may_guard(actor, case, self._steps(case)))
        if found is not None:
            actor, case = found
            self.say(set_secrecy, case, secrecy=secrecy, by=actor)

    @when("open")
    @rule(data=st.data())
    def somebody_accompanies_a_family(self, data: st.DataObject) -> None:
        """The one they trust from now on."""
        found = self._somebody(data, self._may_write)
        if found is not None:
            actor, case = found
            self.trust(case, actor)
            self.say(become_companion, case, by=actor)

    @when("open")
    @rule(data=st.data())
    def a_household_is_two_or_one(self, data: st.DataObject) -> None:
        """A child turns out to be of another family, another family of this one; or they are brothers and sisters."""
        found = self._somebody(data, lambda actor, case: self.scope(actor, case) == "full")
        if found is None:
            return
        actor, case = found
        child = self._child(case)
        others = select(Household).where(Household.id != child.household_id).order_by(Household.id)
        other = self.session.scalars(others, execution_options=READ).first()
        if other is not None:
            refusals = ("household_elsewhere", "household_is_same")
            self.say(join_households, case, other=other, may_refuse=refusals, by=actor)
        self.say(say_siblings, case, may_refuse=("household_of_one",), by=actor)
        self.say(
            split_household,
            case,
            child=self._child(case),
            with_contacts=True,
            may_refuse=("household_of_one",),
            by=actor,
        )

    @when("offered")
    @rule(data=st.data())
    def the_other_area_accepts(self, data: st.DataObject) -> None:
        """The family that moved has its case there now, and none here."""
        open_ones = select(Proposal).where(Proposal.key == TRANSFER, Proposal.decided_at.is_(None))
        offered = self.session.scalars(open_ones.order_by(Proposal.id), execution_options=READ).all()
        if not offered:
            return
        proposal = self.pick(data, offered, "offer")
        case = self.session.get_one(Case, proposal.case_id, execution_options=READ)
        by = next(each for each in self.town.actors if each.organisation_id == proposal.organisation_id)
        child_id = case.child_id
        refusals = ("transfer_answered", "other_track_open")
        opened = self.tell(accept_transfer, case, proposal, may_refuse=refusals, by=by)
        assert opened is None or (opened.child_id == child_id and opened.area_id == proposal.data["area"])

    @when("ended")
    @rule(data=st.data(), listed=st.booleans(), answer=st.sampled_from(ANSWERS))
    def a_case_begins_again(self, data: st.DataObject, listed: bool, answer: str) -> None:
        """Because somebody asks for it or the child is on a list; not before the day until which the family is left in
        peace, nor beside another case."""
        found = self._somebody(data, may_reopen, ended=True)
        if found is None:
            return
        actor, case = found
        refusals = ("leave_in_peace", "other_case_open")
        if not listed:
            self.tell(reopen_case, case, may_refuse=refusals, by=actor)
            return
        details = {"key": "still_so", "organisation_id": case.lead_id, "data": {}, "not_before_on": None}
        proposal = self.say(propose, case, **details, by=self.town.machine)
        refusals = refusals if answer == REOPEN else ()
        self.tell(decide_proposal, case, proposal, answer=answer, may_refuse=refusals, by=actor)

    @when("open")
    @rule(data=st.data())
    def somebody_leaves(self, data: st.DataObject) -> None:
        """What they had goes to a colleague or to the team's tray; somebody new comes."""
        leaver = self.pick(data, [each for each in self.town.actors if each.role in _LEAVERS], "leaver")
        mates = [each for each in self.town.colleagues(leaver.organisation_id) if each.person_id != leaver.person_id]
        successor = self.pick(data, [None, *mates], "successor")
        note(f"{leaver} leaves, to {successor}")
        handed_to = Successor(successor.person_id) if successor else TRAY
        membership = self.session.get_one(Membership, leaver.membership_id)
        moved = self.say(leave_team, membership, handed_to=handed_to, by=self.town.named("Ann"))
        assert moved is not None
        self.town.actors.remove(leaver)
        with clock.at(self.now):
            self.town.join(membership.organisation, leaver.role)

    @when("open")
    @rule(data=st.data(), first=st.integers(0, 30), days=st.integers(0, 5))
    def a_team_is_closed(self, data: st.DataObject, first: int, days: int) -> None:
        """Closing days come, and the dates that hang on them move."""
        organisation = self.pick(data, self.town.organisations, "closed")
        span = {"from_on": on(self.now, first), "until_on": on(self.now, first + days)}
        self.say(add_closing, organisation=organisation, reason="brugdag", **span)
        self.say(apply_rederivation, organisation_id=organisation.id, by=self.town.named("Lies"))

    def _note(self, actor: Actor, case: Case, shared: bool) -> None:
        """Written, and corrected when the same organisation comes back to it."""
        mine = select(Note).where(Note.case_id == case.id, Note.organisation_id == actor.organisation_id)
        known = self.session.scalars(mine.order_by(Note.id.desc()), execution_options=READ).first()
        if known is None:
            self.tell(add_note, case, text="Oma is er op dinsdag", shared=shared, by=actor)
        else:
            self.tell(correct_note, case, known, text="Oma is er op woensdag", shared=shared, by=actor)

    def _contact(self, actor: Actor, case: Case) -> None:
        """A number is added, or the one there was is no longer right."""
        known = select(FamilyContact).where(
            FamilyContact.household_id == self._child(case).household_id, FamilyContact.ended_at.is_(None)
        )
        contact = self.session.scalars(known.order_by(FamilyContact.id), execution_options=READ).first()
        if contact is not None:
            self.tell(end_contact, case, contact, by=actor)
            return
        details = {"name": "Fatma", "relation": "mother", "phone": "0470 00 00 00", "email": None, "language": "tr"}
        self.tell(add_contact, case, **details, school_may_ring=True, by=actor)

    def _somebody(self, data: st.DataObject, may: Any, *, ended: bool = False) -> tuple[Actor, Case] | None:
        """Somebody who may do this in a case they see, if there is one."""
        self.later(data)
        with clock.at(self.now):
            found = [
                (actor, case)
                for case in self.cases(ended=ended)
                for actor in self.town.actors
                if self.scope(actor, case) is not None and may(actor, case)
            ]
        return self.pick(data, found, "somebody") if found else None

    def _may_write(self, actor: Actor, case: Case) -> bool:
        scope = self.scope(actor, case)
        return may_add_facts(actor, case, Scope(scope) if scope else None)

    def _steps(self, case: Case) -> list[Step]:
        return list(self.session.scalars(select(Step).where(Step.case_id == case.id), execution_options=READ))

    def _child(self, case: Case) -> Child:
        return self.session.get_one(Child, case.child_id, execution_options=READ)
