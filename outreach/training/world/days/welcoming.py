"""A day at the schools: settling-in moments, first days, first weeks, and care when a child stays away."""

from random import Random
from typing import Any

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.reporting import report_outcome
from outreach.children.grants import Scope
from outreach.schoolyear import Counter
from outreach.training.world.partners import SCHOOLS
from outreach.training.world.scene import Scene, Task, at_hour, later

_SILENT = SCHOOLS[4].key
"""The school that seldom says anything: its steps go late, and the coordinator hears of it."""


def play(scene: Scene) -> None:
    """Every school on a school day."""
    silent = scene.organisation(_SILENT).id
    for actor in scene.people("school-contact"):
        if actor.organisation_id == silent and clock.today().day % 4:
            continue
        with at_hour(15.5):
            for task in scene.tasks(actor, "warm_welcome", "first_weeks", "school_contact"):
                if not scene.calendar(task).is_school_day(clock.today()):
                    continue
                if task.step.key != "warm_welcome":
                    _follow(scene, actor, task)
                elif task.step.scope != Scope.REFERENCE:
                    _welcome(scene, actor, task)


def _say(scene: Scene, actor: Actor, task: Task, outcome: str, **facts: Any) -> None:
    scene.do(report_outcome, task.case, task.step, outcome=outcome, facts=facts, by=actor)


def _welcome(scene: Scene, actor: Actor, task: Task) -> None:
    entry_on = scene.entry_day(actor, task.case)
    dice = scene.chance("welcome", task.step.id, task.step.stays)
    if entry_on is None:
        return
    if clock.today() < entry_on:
        near = scene.calendar(task).between(clock.today(), entry_on, Counter.SCHOOL_DAYS) <= dice.randint(5, 9)
        if near and task.step.stays == 0 and dice.random() < 0.7:
            _say(scene, actor, task, "settling_in_held")
        return
    if scene.calendar(task).between(entry_on, clock.today(), Counter.SCHOOL_DAYS) >= dice.randint(0, 2):
        _first_day(scene, actor, task, entry_on.isoformat(), dice)


def _first_day(scene: Scene, actor: Actor, task: Task, entry_on: str, dice: Random) -> None:
    outcome = dice.choices(("started", "did_not_come", "postponed"), (8, 1, 1))[0]
    if not scene.can_say(task, outcome):
        outcome = "started"
    facts: dict[str, Any] = {"entry_day": entry_on} if outcome == "started" else {}
    if outcome == "postponed":
        facts["entry_day"] = scene.calendar(task).next_entry_on(task.child.born_on, later(7)).isoformat()
    _say(scene, actor, task, outcome, **facts)


def _follow(scene: Scene, actor: Actor, task: Task) -> None:
    calendar = scene.calendar(task)
    passed = calendar.between(task.step.opened_on, clock.today(), Counter.SCHOOL_DAYS)
    dice = scene.chance("follow", task.step.id)
    if task.step.key == "first_weeks":
        if passed >= dice.randint(18, 26):
            possible = calendar.half_days_between(task.step.opened_on, clock.today())
            share, outcome = (0.9, "present") if dice.random() < 0.85 else (0.35, "rarely_present")
            present = round(possible * share)
            _say(scene, actor, task, outcome, half_days_present=present, half_days_possible=possible)
    elif task.step.key == "school_contact" and passed >= 3:
        _say(scene, actor, task, "agreement_made")
