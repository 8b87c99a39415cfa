"""A day of the coordinators: new cases checked and assigned in waves, enrolments verified, decisions taken."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import Any

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.queries import members
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.transferring import accept_transfer
from outreach.cases.queries.outcomes import is_compulsory
from outreach.cases.queries.proposals import find_proposal
from outreach.cases.queries.transfers import offers
from outreach.training.world.days.choosing import school_and_day
from outreach.training.world.partners import DE_BRUG, GENT, HET_ANKER, KIND_EN_GEZIN
from outreach.training.world.scene import Scene, Task, at_hour
from outreach.training.world.streets import NEXT_DOOR

FIRST_WAVE, WAVE = 24, 8
"""Households that are visited at once, and those of each week after."""

_CHECKS = {
    "assign": 112,
    "already_enrolled": 9,
    "seems_enrolled": 7,
    "no_address": 2,
    "french_language": 1,
    "home_education": 1,
    "private_or_foreign": 1,
    "moved_abroad": 2,
    "undecided": 6,
}
"""What a first look at so many households gives; `undecided` stays on the pile."""


_RECENT = timedelta(weeks=5)

_ASKED = {"moved_within_flanders": {"destination": "Lokeren"}, "home_education": {"proof": "document"}}
"""What is asked with these."""


def play(scene: Scene) -> None:
    """Each coordinator in turn: what came back first, then the pile of new cases."""
    for actor in scene.people("coordinator"):
        tasks: dict[str, list[Task]] = {key: [] for key in ("intake", "verification", "decision", "mediation")}
        for task in scene.tasks(actor, *tasks):
            tasks[task.step.key].append(task)
        with at_hour(9.25):
            _verify(scene, actor, tasks["verification"])
            _decide(scene, actor, tasks["decision"])
            _mediate(scene, actor, tasks["mediation"])
            _answer_offers(scene, actor)
        with at_hour(11):
            _check_new(scene, actor, tasks["intake"])


def _report(scene: Scene, actor: Actor, task: Task, outcome: str, facts: Mapping[str, Any] | None = None) -> None:
    scene.do(report_outcome, task.case, task.step, outcome=outcome, facts=facts or {}, by=actor)


def _check_new(scene: Scene, actor: Actor, pile: list[Task]) -> None:
    """Two days after a list came in everything on the pile is looked at, most urgent first, and given out in waves."""
    tasks = [task for task in pile if scene.days_open(task) >= 2]
    tasks.sort(key=lambda task: (not is_compulsory(task.child), task.household, task.step.id))
    families = [list(family) for _household, family in groupby(tasks, key=lambda task: task.household)]
    given = 0
    for family in families:
        outcome = _first_look(scene, family[0])
        for task in family:
            _say_first(scene, actor, task, outcome, _wave(scene, given))
        given += outcome == "assign"


def _wave(scene: Scene, given: int) -> int:
    """When a later list comes the teams have their hands full: every other family waits three weeks more."""
    is_later_list = scene.today - clock.today() < _RECENT
    if is_later_list:
        return 3 if given % 2 else 0
    return 0 if given < FIRST_WAVE else 1 + (given - FIRST_WAVE) // WAVE


def _first_look(scene: Scene, task: Task) -> str:
    if task.case.outside:
        known = scene.known(task.child)
        next_door = known is not None and known.street == NEXT_DOOR and task.step.stays == 0
        return "moved_within_flanders" if next_door else "undecided"
    if task.step.number > 1:  # back from a wrong address: sought again, or nobody knows
        return scene.chance("again", task.step.id).choice(("assign", "no_address"))
    return scene.chance("check", task.household).choices(list(_CHECKS), list(_CHECKS.values()))[0]


def _say_first(scene: Scene, actor: Actor, task: Task, outcome: str, wave: int) -> None:
    if outcome == "undecided":
        return
    facts = _given_to(scene, task, wave) if outcome == "assign" else _ASKED.get(outcome)
    _report(scene, actor, task, outcome, facts)


def _given_to(scene: Scene, task: Task, wave: int) -> dict[str, Any]:
    """A team by age and chance, often a person of it, and the Monday its wave starts."""
    facts: dict[str, Any] = {"starts_on": _start_of(wave).isoformat() if wave else None}
    if is_compulsory(task.child):
        facts["schooling_check"] = scene.chance("schooling", task.case.id).choice(("yes", "no", "unknown"))
    dice = scene.chance("team", task.household)
    if task.case.area_id != scene.area(GENT).id:
        return facts
    if dice.random() < 0.06:
        return facts | _to_bridge_person(scene)
    young = clock.today().year - task.child.born_on.year <= 3
    team = scene.organisation(KIND_EN_GEZIN if young else dice.choice((DE_BRUG, DE_BRUG, HET_ANKER)))
    facts["organisation"] = team.id
    if dice.random() < 0.7:
        workers = members(scene.session, team.id, role="worker", on=clock.today())
        facts["person"] = dice.choice(workers).person_id
    return facts


def _to_bridge_person(scene: Scene) -> dict[str, Any]:
    """By name: a bridge person sees nothing through the organisation."""
    actor = next(scene.people("bridge-person"))
    return {"organisation": actor.organisation_id, "person": actor.person_id}


def _start_of(wave: int) -> date:
    monday = clock.today() + timedelta(days=7 - clock.today().weekday())
    return monday + timedelta(weeks=wave - 1)


def _verify(scene: Scene, actor: Actor, tasks: list[Task]) -> None:
    for task in tasks:
        dice = scene.chance("verify", task.step.id)
        if scene.days_open(task) < dice.randint(2, 9):
            continue
        said = dice.random()
        if said < 0.65:
            contacted = task.step.number > 2
            closure = "enrolled_after_outreach" if contacted and dice.random() < 0.4 else "enrolled_meanwhile"
            _report(scene, actor, task, "enrolled_and_seen", {"closure": closure})
        elif said < 0.85:
            _report(scene, actor, task, "not_confirmed")
        else:
            _report(scene, actor, task, "enrolled_never_came", school_and_day(scene, task, dice))


def _decide(scene: Scene, actor: Actor, tasks: list[Task]) -> None:
    for task in tasks:
        dice = scene.chance("decide", task.step.id)
        if scene.days_open(task) >= dice.randint(3, 14):
            outcome, facts = _decision(scene, task, dice)
            _report(scene, actor, task, outcome, facts)


def _decision(scene: Scene, task: Task, dice: Random) -> tuple[str, dict[str, Any]]:
    if dice.random() < 0.3:
        return "try_again", {"organisation": scene.organisation(HET_ANKER).id} if dice.random() < 0.5 else {}
    if is_compulsory(task.child):
        return "handed_to_agodi", {"parents_told": "yes"}
    closing = "refused" if scene.fate(task.household) == "refuses" else "not_reached"
    return (closing, {}) if scene.can_say(task, closing) else ("try_again", {})


def _mediate(scene: Scene, actor: Actor, tasks: list[Task]) -> None:
    for task in tasks:
        dice = scene.chance("mediate", task.step.id)
        if scene.days_open(task) < dice.randint(2, 6):
            continue
        agreed = {"parents_know": "yes", "parents_agree": "yes"}
        if dice.random() < 0.75:
            _report(scene, actor, task, "place_found", {**school_and_day(scene, task, dice), **agreed})
        else:
            _report(scene, actor, task, "no_place", agreed)


def _answer_offers(scene: Scene, actor: Actor) -> None:
    """A family that moved here is taken over after a few days."""
    for offer in offers(scene.session, actor):
        if clock.today() - offer.offered_on >= timedelta(days=3):
            found = find_proposal(scene.session, actor, offer.proposal_id)
            if found is not None:
                proposal, case = found
                scene.do(accept_transfer, case, proposal, by=actor)
