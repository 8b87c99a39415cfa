"""A school opens cases for kleuters at risk: they stay inside the school until a visit or a decision is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.attendance.models import SchoolReport
from outreach.attendance.queries.caring import Row
from outreach.attendance.reasons import NOT_KNOWN, NOT_NOTICED
from outreach.attendance.unlawful import for_the_clb
from outreach.attendance.words import WORDS
from outreach.cases.commands.opening import NewCase, NewcomersChild, begin_track, open_cases
from outreach.cases.commands.owning import assign_step
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.sides import ask_side_step
from outreach.cases.models import Case
from outreach.cases.queries.of_children import ATTENDANCE, newest_step, open_cases_of
from outreach.cases.workflow import Anchor, Fact
from outreach.children.commands import NewChild, add_children
from outreach.children.grants import Scope
from outreach.children.matching import children_by_id, children_named
from outreach.children.names import name_key
from outreach.errors import Refused
from outreach.partners.models import Organisation
from outreach.partners.queries import serving

LANGUAGE_OF_NOTES = "nl"
"""What is written between partners is Dutch."""

_REASON_KNOWN = "reason_known"
_SAID = {NOT_KNOWN: "reason_unknown", NOT_NOTICED: "not_noticed"}
"""The outcome of the first step that goes with what the school noted."""


@dataclass(frozen=True)
class Wish:
    """A case somebody wants for a kleuter: its day of birth, and whether the child known by that name is the same."""

    row: Row
    born_on: date
    same: bool | None = None


@dataclass(frozen=True)
class Opened:
    """What came of a wish: a case of the school's own, or a track in one that runs."""

    row: Row
    case: Case
    joined: bool


def known_children(session: Session, wishes: Sequence[Wish]) -> dict[int, list[int]]:
    """For each kleuter of whom nobody knows which child it is, the known children of that name and day of birth."""
    asked = {wish.row.pupil.id: _identity(wish) for wish in wishes if wish.row.pupil.child_id is None}
    found = children_named(session, set(asked.values()))
    return {pupil_id: found[identity] for pupil_id, identity in asked.items() if identity in found}


def open_attendance(session: Session, wishes: Sequence[Wish], *, report: SchoolReport, by: Actor) -> list[Opened]:
    """Open a case, or begin a track in the one that runs, for each of these kleuters; what was noted is said at once.

    Raises Refused when a kleuter has a running attendance track, or when nobody said whether a known child is the same.
    """
    children = _children(session, wishes, by)
    running = open_cases_of(session, [child.id for child in children.values()])
    fresh = [wish for wish in wishes if children[wish.row.pupil.id].id not in running]
    wanted = [
        NewCase(children[wish.row.pupil.id], report.area_id, report.school_id, given=_anchors(wish)) for wish in fresh
    ]
    made = open_cases(session, wanted, origin="report", process_key=ATTENDANCE, by=by) if wanted else []
    opened = [Opened(wish.row, case, joined=False) for wish, case in zip(fresh, made, strict=True)]
    for wish in wishes:
        case = running.get(children[wish.row.pupil.id].id)
        if case is not None:
            _join(session, wish, case, report, by)
            opened.append(Opened(wish.row, case, joined=True))
    clb = clb_of(session, report.area_id)
    for one in opened:
        _say_what_is_noted(session, one, by)
        if clb is not None:
            _ask_clb(session, one, report, clb, by)
    return opened


def clb_of(session: Session, area_id: int) -> Organisation | None:
    """The CLB of an area; None when there is none, or more than one."""
    found = serving(session, area_id, kind="clb", on=clock.today())
    return found[0] if len(found) == 1 else None


def _identity(wish: Wish) -> tuple[date, str]:
    pupil = wish.row.pupil
    return wish.born_on, name_key(pupil.first_name, pupil.last_name)


def _children(session: Session, wishes: Sequence[Wish], by: Actor) -> dict[int, NewcomersChild]:
    """The child of each kleuter, by pupil: recognised before, said to be the same, or new with no address told."""
    candidates = known_children(session, wishes)
    recognised: dict[int, int] = {}
    new: list[Wish] = []
    for wish in wishes:
        pupil, known = wish.row.pupil, candidates.get(wish.row.pupil.id, [])
        if pupil.born_on is None:
            pupil.born_on = wish.born_on
        if known and wish.same is None:
            raise Refused("same_child_unanswered")
        if len(known) > 1 and wish.same:
            raise Refused("several_children_of_that_name")
        child_id = pupil.child_id or (known[0] if known and wish.same else None)
        if child_id is None:
            new.append(wish)
        else:
            recognised[pupil.id] = child_id
    there = children_by_id(session, recognised.values())
    found: dict[int, NewcomersChild] = {pupil_id: there[child_id] for pupil_id, child_id in recognised.items()}
    made = add_children(session, [_new_child(wish) for wish in new], by=by) if new else []
    found |= {wish.row.pupil.id: child for wish, child in zip(new, made, strict=True)}
    for wish in wishes:
        if wish.row.pupil.child_id is None:
            wish.row.pupil.child_id = found[wish.row.pupil.id].id
    session.flush()
    return found


def _new_child(wish: Wish) -> NewChild:
    pupil = wish.row.pupil
    nowhere = {"street": "", "number": "", "box": "", "postcode": "", "municipality": ""}
    return NewChild(pupil.first_name, pupil.last_name, wish.born_on, None, nis=None, **nowhere)


def _anchors(wish: Wish) -> dict[Anchor, date]:
    """Until when the threshold can be reached, as the report says."""
    outlook = wish.row.one.projection.marking
    last = outlook.attainable_until if outlook else None
    return {Anchor.THRESHOLD_LAST_DAY: last} if last else {}


def _join(session: Session, wish: Wish, case: Case, report: SchoolReport, by: Actor) -> None:
    """The school sees of a case that others run what a welcome needs, as of every case it has a step in."""
    begin_track(
        session,
        case,
        process_key=ATTENDANCE,
        organisation_id=report.school_id,
        scope=Scope.WELCOME,
        given=_anchors(wish),
        by=by,
    )


def _ask_clb(session: Session, opened: Opened, report: SchoolReport, clb: Organisation, by: Actor) -> None:
    """From so many unlawful half days the first step is the school with its CLB: asked beside it, without a name."""
    one = opened.row.one
    unlawful = for_the_clb(one.pupil.born_year, report.as_of, one.presence.unlawful)
    if unlawful:
        question = WORDS.text("clb.question", LANGUAGE_OF_NOTES, unlawful=unlawful)
        step = newest_step(session, opened.case)
        ask_side_step(session, opened.case, step, kind="clb_advice", organisation=clb, question=question, by=by)


def _say_what_is_noted(session: Session, opened: Opened, by: Actor) -> None:
    """The reason leads on to the talk with the parents; not known and not noticed give it a nearer day."""
    care = opened.row.care
    step = newest_step(session, opened.case)
    if care is not None and care.reason is not None:
        outcome = _SAID.get(care.reason, _REASON_KNOWN)
        facts = {Fact.REASON.value: care.reason} if outcome == _REASON_KNOWN else {}
        reported = report_outcome(session, opened.case, step, outcome=outcome, facts=facts, by=by)
        step = reported.next_step or step
    if care is not None and care.rings_id is not None and step.person_id != care.rings_id:
        assign_step(session, opened.case, step, person_id=care.rings_id, by=by)
