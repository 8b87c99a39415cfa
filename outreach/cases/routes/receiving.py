"""A report that comes late: recorded when nothing moved meanwhile, else merged; a person looks at what does not fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, NoReturn

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from outreach import clock
from outreach.accounts.actors import Actor, actor_for
from outreach.accounts.queries import find_membership, memberships_of
from outreach.cases.commands.at_the_visit import FamilyTold
from outreach.cases.commands.events import plain
from outreach.cases.commands.family import become_companion
from outreach.cases.commands.receiving import Late, put_to_owner
from outreach.cases.commands.settling import CONTACT, VISIT
from outreach.cases.commands.visiting import CHANNELS, Occasion, Visited, record_bare_visit
from outreach.cases.drafts import Draft
from outreach.cases.forms.visit import SAME, VisitForm
from outreach.cases.merging import OUTCOME, Fate, Verdict, conflicts, is_blank, merge
from outreach.cases.models import Case, Step, StepState
from outreach.cases.policy import may_report
from outreach.cases.queries.family import contacts_of
from outreach.cases.queries.finding import child_of
from outreach.cases.queries.offline import find_taken, find_visit, taken_along, what_stands
from outreach.cases.queries.outcomes import find_possible
from outreach.cases.routes.reading_drafts import (
    CHILD,
    CONTACT_FIELDS,
    children_of,
    grouped,
    seen_contacts,
    told_contacts,
    typed_fields,
)
from outreach.cases.routes.saying import Spot
from outreach.cases.routes.visits import form_of, occasion_of, record_visit
from outreach.cases.words import refusal
from outreach.children.grants import Scope, scope_of
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.web.filters import language
from outreach.web.submissions import first_time, remember_result, result_of

AHEAD = timedelta(hours=1)
"""How far the clock of a phone may run ahead of ours."""

_APART = ("told", "companion")
"""Of a visit that is kept: what stands among its fields already."""

_BESIDE = frozenset({"checklist", "channel", "interpreter"})
"""Facts of a visit itself: two visits never contradict each other in them."""


class Incomplete(Exception):
    """The report cannot be taken as it is; it stays on the phone."""

    def __init__(self, faults: Mapping[str, Sequence[str]], url: str) -> None:
        self.faults = {name: [str(one) for one in found] for name, found in faults.items()}
        self.url = url
        super().__init__(str(self.faults))


class Absent(Exception):
    """There is no such visit, for this person: it is not there, or was never theirs."""


def absent() -> NoReturn:
    """Say so, the same for both."""
    raise Absent


@dataclass(frozen=True)
class Part:
    """What a report says about one child: under which field of the draft, and what becomes of it."""

    field: str
    case: Case
    step: Step
    reason: str | None = None
    verdicts: Mapping[str, Verdict] | None = None

    @property
    def applies(self) -> bool:
        """Whether its outcome is recorded as if it were said online."""
        return bool(self.verdicts) and self.verdicts is not None and self.verdicts[OUTCOME].fate is Fate.APPLIED


def receive(sender: Actor, draft: Draft) -> dict[str, Any]:
    """Take a report once. Raises Incomplete when its writer is to add something, Absent for what was never theirs."""
    with transaction(db.session):
        key = f"draft:{draft.id}"
        if not (_claim(key, sender) and _claim(draft.first("submission_key"), sender)):
            url = result_of(db.session, key=key, person_id=sender.person_id)
            return {"result": "already", "text": _("This report was received before."), "url": url}
        answer = _Receiving(sender, draft).answer()
        remember_result(db.session, key=key, person_id=sender.person_id, result=answer["url"])
        return answer


def _claim(key: str, sender: Actor) -> bool:
    """False when this was taken before: as this draft, or by the page it was typed on."""
    return not key or first_time(db.session, key=key, person_id=sender.person_id)


class _Receiving:
    """One late report on its way in."""

    def __init__(self, sender: Actor, draft: Draft) -> None:
        self.draft = draft
        self.mine = draft.person_id == sender.person_id
        self.late = Late(draft.id, draft.at, None if self.mine else sender)
        self.by = _acting(sender, draft)
        self.fields = typed_fields(draft)
        self.kept: list[Part] = []
        self.parts = self._parts()

    def answer(self) -> dict[str, Any]:
        """Record, merge or keep it: what the phone is told."""
        if self.parts:
            self._judge()
        for part in self.kept:
            self._keep(part)
        if not self.parts:
            text = _("Your report was received and handed over to who has this family now.")
            return {"result": "kept", "text": text, "url": url_for("cases.my_work")}
        return self._record()

    def _parts(self) -> list[Part]:
        """The children of this report that may still be seen; the others, if they were taken along, are kept."""
        found = []
        for field, step_id in children_of(self.draft).items():
            seen = find_visit(db.session, self.by, step_id) if self.mine else None
            if seen is not None:
                found.append(Part(field, *seen))
                continue
            taken = find_taken(db.session, self.draft.person_id, step_id)
            if taken is not None:
                self.kept.append(Part(field, *taken, reason="not_seen" if self.mine else "person_left"))
        if not found and not self.kept:
            absent()
        return found

    @property
    def spot(self) -> Spot:
        """Where the report stands: at the first child that may be seen."""
        part = self.parts[0]
        scope = scope_of(db.session, self.by, part.case.id) or Scope.REFERENCE
        child = child_of(db.session, self.by, part.case) if scope is not Scope.REFERENCE else None
        return Spot(self.by, part.case, scope, part.step, child)

    def _form(self, *, late: bool) -> VisitForm:
        """The form with what was typed, for the children that may be seen; each under its place in this form."""
        together = [(part.case, part.step, child_of(db.session, self.by, part.case)) for part in self.parts]
        form = form_of(self.spot, together, late=late)
        typed = MultiDict((name, value) for name, value in self.fields if not CHILD.fullmatch(name))
        for name, part in zip(form.children, self.parts, strict=True):
            typed[name] = self._outcome(part)
        self._put_in_time(typed)
        form.process(typed)
        return form

    def _put_in_time(self, typed: MultiDict[str, str]) -> None:
        """A visit without a moment was made when the report was; one some minutes ahead of our clock was made now."""
        made = clock.local(self.draft.at)
        if not typed.get("visited_on"):
            typed["visited_on"] = made.date().isoformat()
        if not typed.get("visited_at") and typed["visited_on"] == made.date().isoformat():
            typed["visited_at"] = made.strftime("%H:%M")
        here = clock.local(clock.now())
        said = f"{typed['visited_on']} {typed.get('visited_at', '')}"
        if f"{here:%Y-%m-%d %H:%M}" < said <= f"{here + AHEAD:%Y-%m-%d %H:%M}":
            typed["visited_on"], typed["visited_at"] = f"{here:%Y-%m-%d}", f"{here:%H:%M}"

    def _outcome(self, part: Part) -> str:
        said = self.draft.first(part.field)
        return self.draft.first(OUTCOME) if said == SAME else said

    def _judge(self) -> None:
        """Compare for each child what was seen, typed and stands now."""
        form = self._form(late=True)
        names = dict(zip((part.field for part in self.parts), form.children, strict=True))
        known = {outcome.key for outcome in form.offered.outcomes}
        if any(self._outcome(part) not in known for part in self.parts):
            form.validate()
            raise Incomplete(form.errors, self._again())
        self.parts = [self._judged(part, form, form.key_for(names[part.field])) for part in self.parts]

    def _judged(self, part: Part, form: VisitForm, key: str) -> Part:
        now = what_stands(db.session, part.case, part.step)
        seen = self._seen(part, now)
        facts = plain(form.facts(key))
        companion = self.by.person_id if form["companion"].data else None
        typed = {**facts, OUTCOME: key, "language": form.told.language, "companion": companion}
        if part is self.parts[0]:
            before, theirs = self._contacts(part, form)
            typed, seen, now = {**typed, **told_contacts(form)}, {**seen, **before}, {**now, **theirs}
        reason = self._blocked(part, seen, now, key)
        hanging = facts.keys() - _BESIDE
        found = merge(
            {**seen, OUTCOME: None}, typed, now, beside=_BESIDE, hang_on_outcome=hanging, blocked=reason is not None
        )
        reason = (reason or "other_outcome") if found[OUTCOME].fate is Fate.CONFLICT else "fields"
        return Part(part.field, part.case, part.step, reason, found)

    def _seen(self, part: Part, now: Mapping[str, Any]) -> Mapping[str, Any]:
        """What stood there when the visit was taken along. A page that kept only the versions saw what stands now, if
        these are still the same; else nothing is known of what it saw."""
        fields = self.draft.seen.get("fields")
        if isinstance(fields, Mapping) and isinstance(fields.get(str(part.step.id)), Mapping):
            seen = dict(fields[str(part.step.id)])
            return {**now, **seen} if seen.get("version") == now["version"] else seen
        return now if self.draft.first("version") == str(part.step.version) else {}

    def _contacts(self, part: Part, form: VisitForm) -> tuple[dict[str, Any], dict[str, Any]]:
        """Those to ring as they were seen, and as they stand now; somebody taken off meanwhile stands empty."""
        child = child_of(db.session, self.by, part.case)
        here = {one.id: one for one in contacts_of(db.session, self.by, child.household_id)}
        now = {
            key: {name: getattr(here[number], name) or "" for name in CONTACT_FIELDS} if number in here else None
            for key, number in ((key, int(key.removeprefix(CONTACT))) for key in told_contacts(form))
        }
        return seen_contacts(form), now

    def _blocked(self, part: Part, seen: Mapping[str, Any], now: Mapping[str, Any], key: str) -> str | None:
        """Why no outcome can be recorded at this step any more."""
        if part.case.ended_at is not None:
            return "case_closed"
        if not part.step.living:
            return "other_outcome" if part.step.outcome else "step_withdrawn"
        if part.step.state == StepState.PAUSED and seen.get("state") != StepState.PAUSED:
            return "step_paused"
        if not may_report(self.by, part.case, part.step):
            return "step_handed_over"
        possible = find_possible(db.session, part.case, part.step, key)
        moved = seen.get("version") != now["version"]
        return "not_offered" if moved and (possible is None or possible.refusal is not None) else None

    def _record(self) -> dict[str, Any]:
        """Record what fits, and put the rest to the owner."""
        spot, items = self.spot, 0
        whole = all(part.applies and not conflicts(part.verdicts or {}) for part in self.parts)
        applied = [part for part in self.parts if part.applies]
        told = self._say(applied, spot, whole) if applied else ""
        bare = [part for part in self.parts if not part.applies]
        if bare:
            self._say_bare(bare, spot, noted=bool(applied))
        for part in self.parts:
            items += self._put(part)
        if items or self.kept:
            text = _(
                "Received. Part of it does not fit what others said meanwhile: who has this family now looks at it."
            )
            return {"result": "conflict", "text": text, "url": spot.case_url}
        if not whole:
            return {
                "result": "merged",
                "text": _("Received and added to what others said meanwhile."),
                "url": spot.case_url,
            }
        return {"result": "recorded", "text": told, "url": spot.case_url}

    def _say(self, parts: list[Part], spot: Spot, whole: bool) -> str:
        """The very command of the visit page, for the children it can be said of."""
        form = self._form(late=not whole)
        names = dict(zip((part.field for part in self.parts), form.children, strict=True))
        if whole and not form.validate():
            raise Incomplete(form.errors, self._again())
        given = {names[part.field]: _theirs(part) for part in parts}
        said = [(names[part.field], part.case, part.step) for part in parts]
        try:
            told = record_visit(spot, form, said, given, None if whole else self._occasion(form))
        except Refused as error:
            raise Incomplete({"": [refusal(error, language())]}, self._again()) from error
        if not whole:
            self._accompany(parts)
        return told

    def _say_bare(self, parts: list[Part], spot: Spot, *, noted: bool) -> None:
        """That the visit was made, and the note; what came of it was said, or waits."""
        form = self._form(late=True)
        form.validate()
        visited = [Visited(part.case, part.step, str((part.verdicts or {})[OUTCOME].mine)) for part in parts]
        occasion = self._occasion(form)
        if noted:  # with the children whose outcome could be recorded, for the whole household
            occasion = replace(occasion, told=occasion.told.of_each_child)
        record_bare_visit(db.session, visited, occasion, by=self.by)
        self._accompany(parts)

    def _accompany(self, parts: list[Part]) -> None:
        for part in parts:
            verdict = (part.verdicts or {}).get("companion")
            if verdict is not None and verdict.fate is Fate.APPLIED and part.case.ended_at is None:
                become_companion(db.session, part.case, by=self.by)

    def _occasion(self, form: VisitForm) -> Occasion:
        """What is the same for all children; a phone whose clock runs ahead was here now."""
        found = occasion_of(form)
        details = {**found.details, **({"checklist": form["checklist"].data} if form["checklist"].data else {})}
        channel = found.channel if found.channel in CHANNELS else "door"
        at, told = min(found.at, clock.now()), self._fitting(form)
        return replace(found, channel=channel, at=at, details=details, companion=False, told=told)

    def _fitting(self, form: VisitForm) -> FamilyTold:
        """What the family told of itself, without what somebody else put differently meanwhile."""
        held_back = {name for part in self.parts for name in conflicts(part.verdicts or {})}
        told = form.told
        contacts = [one for one in told.contacts if f"{CONTACT}{one.contact_id}" not in held_back]
        return replace(told, contacts=contacts, language=None if "language" in held_back else told.language)

    def _put(self, part: Part) -> int:
        found = conflicts(part.verdicts or {})
        if not found:
            return 0
        mine = {name: one.mine for name, one in found.items()}
        if OUTCOME in mine:
            mine |= {"channel": self.draft.first("channel"), "spoken": self.draft.first("language")}
        put_to_owner(
            db.session,
            part.case,
            part.step,
            self.late,
            reason=str(part.reason),
            mine=mine,
            theirs={name: one.theirs for name, one in found.items()},
            by=self.by,
        )
        return 1

    def _keep(self, part: Part) -> None:
        """Everything that was typed about a child one may no longer see, for who has it now."""
        typed = self._read_for_owner(part)
        stands = what_stands(db.session, part.case, part.step)
        theirs = {name: stands.get(name) for name in typed}
        put_to_owner(
            db.session, part.case, part.step, self.late, reason=str(part.reason), mine=typed, theirs=theirs, by=self.by
        )

    def _read_for_owner(self, part: Part) -> dict[str, Any]:
        """The report as facts that can be taken over later, and every field as typed; shown to the owner only."""
        typed: dict[str, Any] = {"typed": grouped(self.fields), OUTCOME: self._outcome(part)}
        child = child_of(db.session, self.by, part.case)
        spot = Spot(self.by, part.case, Scope.REFERENCE, part.step)
        form = form_of(spot, [(part.case, part.step, child)], late=True)
        form.process(MultiDict([*self.fields, (OUTCOME, self._outcome(part))]))
        key = form.key_for(OUTCOME)
        if key not in {outcome.key for outcome in form.offered.outcomes}:
            return typed
        occasion = {name: value for name, value in vars(self._occasion(form)).items() if name not in _APART}
        facts = {name: value for name, value in plain(form.facts(key)).items() if not is_blank(value)}
        more = {VISIT: plain(occasion), "note": form["note"].data, "channel": form["channel"].data}
        return {**typed, **facts, **more, "spoken": form["language"].data}

    def _again(self) -> str:
        part = self.parts[0]
        return url_for("cases.visit", reference=part.case.reference, number=part.step.number)


def _acting(sender: Actor, draft: Draft) -> Actor:
    """For which membership the report is made: the one the visit was taken along with, while that one is valid; always
    for somebody who left, whose report a colleague brings."""
    taken = taken_along(db.session, draft.person_id, draft.step_id)
    membership = find_membership(db.session, taken.membership_id) if taken else None
    if draft.person_id != sender.person_id:
        return actor_for(membership) if membership else absent()
    valid = {one.id for one in memberships_of(db.session, sender.person_id, clock.today())}
    return actor_for(membership) if membership and membership.id in valid else sender


def _theirs(part: Part) -> dict[str, Any]:
    """For facts that two people said differently: what stands, until somebody decides."""
    found = conflicts(part.verdicts or {})
    return {name: one.theirs for name, one in found.items() if name not in ("language", "companion")}
