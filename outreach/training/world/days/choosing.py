"""A day at the Huis van het Kind, the CLB and the city: schools chosen, needs looked at, small questions answered."""

from random import Random
from typing import Any

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.owning import parents_agreed, take_step
from outreach.cases.commands.reporting import report_outcome
from outreach.cases.commands.sides import answer_side_step
from outreach.cases.commands.words import add_note
from outreach.partners.queries import organisations
from outreach.schoolyear import Counter
from outreach.training.world import words
from outreach.training.world.scene import Scene, Task, at_hour, later

SIDES = ("interpreter", "clb_advice", "costs", "transport", "toilet_training", "childcare_handover")
_AGREED = {"parents_know": "yes", "parents_agree": "yes"}
_NOT_ASKED = {"parents_know": "not_asked", "parents_agree": "not_asked"}


def play(scene: Scene) -> None:
    """Everybody who is not at a door and not at a school."""
    for team in scene.teams("worker", "clb"):
        kind = team[0].organisation_kind
        if kind == "huis-van-het-kind":
            with at_hour(10.5):
                _choose(scene, team)
                _ask_parents(scene, team[0])
        elif kind == "clb":
            with at_hour(14):
                _see_needs(scene, team[0])
        elif kind == "municipality":
            with at_hour(15):
                _answer(scene, team[0])


def school_and_day(scene: Scene, task: Task, dice: Random) -> dict[str, Any]:
    """A school of the area, and the first day the child may start after a week or two."""
    schools = organisations(scene.session, area_id=task.case.area_id, kind="school", on=clock.today())
    entry_on = scene.calendar(task).next_entry_on(task.child.born_on, later(dice.randint(5, 14)))
    return {"school": dice.choice(schools).id, "entry_day": entry_on.isoformat()}


def _choose(scene: Scene, team: list[Actor]) -> None:
    tasks = [task for task in scene.tasks(team[0], "school_choice") if _is_due(scene, task)]
    for actor in team:
        dice = scene.chance("choosing", actor.person_id, clock.today())
        mine = [task for task in tasks if task.is_open and task.step.person_id in (None, actor.person_id)]
        for task in mine[: dice.randint(1, 4)]:
            _go_on(scene, actor, task, dice)


def _go_on(scene: Scene, actor: Actor, task: Task, dice: Random) -> None:
    if task.step.person_id is None:
        scene.do(take_step, task.case, task.step, by=actor)
    outcome, facts = _choice(scene, task)
    scene.do(report_outcome, task.case, task.step, outcome=outcome, facts=facts, by=actor)
    if dice.random() < 0.25:
        scene.do(add_note, task.case, text=dice.choice(words.SHARED), shared=True, by=actor)


def _ask_parents(scene: Scene, actor: Actor) -> None:
    """What was handed over without a word from the parents is talked about after some days; not always."""
    for task in scene.unagreed(actor):
        dice = scene.chance("ask", task.step.id)
        if dice.random() < 0.7 and scene.days_open(task) >= dice.randint(2, 6):
            scene.do(parents_agreed, task.case, task.step, by=actor)


def _is_due(scene: Scene, task: Task) -> bool:
    if task.step.planned_on is not None:
        return task.step.planned_on <= clock.today()
    dice = scene.chance("choose", task.case.id)
    if dice.random() < 0.1:  # a family that wants to think it over: it goes late
        return False
    aim = task.step.aim_on
    waits_for_result = task.step.stays > 0 and aim is not None and aim > clock.today()
    return not waits_for_result and scene.days_open(task) >= dice.randint(2, 8)


def _choice(scene: Scene, task: Task) -> tuple[str, dict[str, Any]]:
    dice = scene.chance("choice", task.step.id, task.step.stays)
    agreed = _AGREED if dice.random() < 0.92 else _NOT_ASKED
    said = dice.random()
    if task.step.stays == 0 and said < 0.25:
        result_on = scene.calendar(task).add(clock.today(), dice.randint(5, 12), Counter.WORKING_DAYS).day
        return "registered", {"result_on": result_on.isoformat()}
    if said < 0.33:
        return "refused_or_waiting_list", {"refused_on": clock.today().isoformat(), **_AGREED}
    if said < 0.36:
        return "special_education_wished", dict(_AGREED)
    return "enrolled", {**school_and_day(scene, task, dice), **agreed}


def _see_needs(scene: Scene, actor: Actor) -> None:
    for task in scene.tasks(actor, "special_needs"):
        dice = scene.chance("needs", task.step.id, task.step.stays)
        if scene.days_open(task) < dice.randint(6, 18) + 15 * task.step.stays:
            continue
        if task.step.person_id is None:
            scene.do(take_step, task.case, task.step, by=actor)
        outcome = dice.choices(("ordinary_with_support", "special_education", "waiting_for_place"), (5, 2, 3))[0]
        facts = _AGREED if outcome == "ordinary_with_support" else {}
        scene.do(report_outcome, task.case, task.step, outcome=outcome, facts=facts, by=actor)


def _answer(scene: Scene, actor: Actor) -> None:
    for task in scene.tasks(actor, *SIDES):
        dice = scene.chance("side", task.step.id)
        if dice.random() < 0.8 and scene.days_open(task) >= dice.randint(1, 4):
            scene.do(answer_side_step, task.case, task.step, outcome="done", answer=words.ANSWER, by=actor)
