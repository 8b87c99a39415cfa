"""A day of the outreach workers: doors, calls and letters, family by family."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import Any

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.family import add_contact
from outreach.cases.commands.owning import take_step
from outreach.cases.commands.planning import pause_step, plan_visit, set_new_aim
from outreach.cases.commands.sides import ask_side_step
from outreach.cases.commands.visiting import Occasion, Visited, record_home_visit
from outreach.cases.commands.words import add_note
from outreach.cases.workflow import processes
from outreach.schoolyear import Counter, school_year_of
from outreach.training.world import words
from outreach.training.world.partners import STAD
from outreach.training.world.scene import Scene, Task, at_hour, later

VISITS_A_DAY = 3
KINDS = frozenset({"inloopteam", "kind-en-gezin"})
_NOBODY, _SOMEBODY_ELSE = "nobody_reached", "spoke_with_somebody_else"
_IN_VAIN = {_NOBODY: None, _SOMEBODY_ELSE: "neighbour", "not_reached_after_tries": None, "wrong_address": None}
"""Outcomes without a talk, and with whom one spoke all the same."""
_NOT_ALWAYS = frozenset({"wants_later", "not_reached_after_tries"})
"""What cannot be said of every child at every moment."""

_CHANNELS = ("door", "door", "phone", "letter", "door", "message", "phone", "door")
"""By which channel the next try is made."""


@dataclass(frozen=True)
class Said:
    """What comes of a visit to one family."""

    outcome: str
    facts: Mapping[str, Any]


def play(scene: Scene) -> None:
    """Everybody who visits families goes out."""
    for team in scene.teams("worker"):
        if team[0].organisation_kind in KINDS:
            tasks = scene.tasks(team[0], "home_visit")
            for actor in team:
                _play_one(scene, actor, tasks)
    for actor in scene.people("bridge-person"):
        _play_one(scene, actor, scene.tasks(actor, "home_visit"))


def _play_one(scene: Scene, actor: Actor, tasks: list[Task]) -> None:
    dice = scene.chance("visiting", actor.person_id, clock.today())
    families = [family for family in _families(actor, tasks) if _is_due(scene, family)]
    for number, family in enumerate(families[: dice.randint(1, VISITS_A_DAY)]):
        with at_hour(9.5 + number * 1.75):
            _meet(scene, actor, family, dice)


def _families(actor: Actor, tasks: list[Task]) -> list[list[Task]]:
    """The visits of this worker and of the team's tray that are still to be made, together by household."""
    mine = [task for task in tasks if task.is_open and task.step.person_id in (None, actor.person_id)]
    mine.sort(key=lambda task: (task.household, task.step.id))
    families = [list(family) for _household, family in groupby(mine, key=lambda task: task.household)]
    return sorted(families, key=lambda family: family[0].step.id)


def _is_due(scene: Scene, family: list[Task]) -> bool:
    """Whether it is the day for it: planned for today, or nothing planned and some days old."""
    if scene.fate(family[0].household) == "forgotten":
        return False
    planned_on = max((task.step.planned_on for task in family if task.step.planned_on), default=None)
    if planned_on is not None:
        return planned_on <= clock.today()
    aims = [task.step.aim_on for task in family if task.step.stays and task.step.aim_on]
    if aims:
        return min(aims) <= later(1)
    return scene.days_open(family[0]) >= scene.chance("patience", family[0].household).randint(1, 6)


def _meet(scene: Scene, actor: Actor, family: list[Task], dice: Random) -> None:
    for task in family:
        if task.step.person_id is None:
            scene.do(take_step, task.case, task.step, by=actor)
    tries = max(task.step.stays for task in family)
    if tries == 0 and _arranges_first(scene, actor, family, dice):
        return
    said = _said(scene, family, tries, dice)
    visited = [Visited(task.case, task.step, *_for_one(scene, task, said)) for task in family]
    occasion = _occasion(scene, family[0], said, tries, dice)
    if scene.do(record_home_visit, visited, occasion, by=actor) is not None:
        _afterwards(scene, actor, family[0], said, dice)


def _occasion(scene: Scene, task: Task, said: Said, tries: int, dice: Random) -> Occasion:
    at = clock.now() - timedelta(minutes=20)
    if said.outcome in _IN_VAIN:
        channel = _CHANNELS[tries % len(_CHANNELS)]
        return Occasion(channel, at, spoke_with=_IN_VAIN[said.outcome], advice=dice.choice(words.ADVICE))
    barriers = [choice.key for choice in processes().common.barriers]
    details = {"barriers": dice.sample(barriers, dice.randint(1, 2)), "talked": ["information_right", "obstacles"]}
    return Occasion(
        "door",
        at,
        spoke_with=dice.choice(("mother", "mother", "father", "both_parents")),
        language=scene.language(task.child),
        interpreter=said.outcome == "could_not_talk",
        details=details if said.outcome == "wants_school" else {},
        companion=said.outcome == "wants_school" and dice.random() < 0.6,
    )


def _arranges_first(scene: Scene, actor: Actor, family: list[Task], dice: Random) -> bool:
    """Now and then something is arranged before the first visit: a pause, a day agreed on, a later aim."""
    if scene.fate(family[0].household) == "away":
        until = later(dice.randint(20, 45))
        for task in family:
            details = {"reason": "family_away", "until_on": until, "remark": None, "by": actor}
            scene.do(pause_step, task.case, task.step, **details)
        return True
    first_call = family[0].step.planned_on is None and family[0].step.new_aim_at is None
    if first_call and dice.random() < 0.15:
        on = scene.calendar(family[0]).on_or_after(later(dice.randint(1, 4)), Counter.WORKING_DAYS)
        for task in family:
            scene.do(plan_visit, task.case, task.step, on=on, by=actor)
        return True
    if first_call and dice.random() < 0.05:
        for task in family:
            scene.do(set_new_aim, task.case, task.step, aim_on=later(8), reason="Gezin is op familiebezoek", by=actor)
        return True
    return False


def _said(scene: Scene, family: list[Task], tries: int, dice: Random) -> Said:
    fate = scene.fate(family[0].household)
    if fate == "absent":
        if scene.can_say(family[0], "not_reached_after_tries"):
            return Said("not_reached_after_tries", {})
        return Said(_NOBODY, {})
    if fate == "wrong_address":
        return Said("wrong_address", {})
    if dice.random() < (0.4 if tries == 0 else 0.15):
        return Said(_SOMEBODY_ELSE, {}) if dice.random() < 0.1 else Said(_NOBODY, {})
    if fate == "language" and tries == 0:
        return Said("could_not_talk", {"interpreter": "yes"})
    if fate == "elsewhere":
        return Said("says_goes_to_school", {"origin_told": "yes"})
    if fate == "refuses":
        return Said("refuses", {})
    if fate == "care":
        return Said("care_needs", {**_agreed(dice), "origin_told": "yes"})
    last_day = date(school_year_of(clock.today()).start + 1, 9, 1)
    if fate == "later" and tries < 2 and later(14) < last_day:
        family_day = min(later(dice.randint(30, 70)), last_day)
        return Said("wants_later", {"family_day": family_day.isoformat(), "origin_told": "yes"})
    return Said("wants_school", {**_agreed(dice), "origin_told": "yes"})


def _for_one(scene: Scene, task: Task, said: Said) -> tuple[str, Mapping[str, Any]]:
    """The same for every child of the family, as far as it can be said of this one; a child that is enrolled and
    seldom there gets an agreement."""
    if not scene.can_say(task, said.outcome) and scene.can_say(task, "agreement_made"):
        return "agreement_made", _agreed(Random(task.step.id))
    if said.outcome in _NOT_ALWAYS and not scene.can_say(task, said.outcome):
        return _NOBODY if said.outcome == "not_reached_after_tries" else "wants_school", _agreed(Random(task.step.id))
    return said.outcome, said.facts


def _agreed(dice: Random) -> dict[str, str]:
    """Parents nearly always agree that the next partner hears about them."""
    return {"parents_know": "yes", "parents_agree": "yes" if dice.random() < 0.93 else "not_asked"}


def _afterwards(scene: Scene, actor: Actor, task: Task, said: Said, dice: Random) -> None:
    if said.outcome in _IN_VAIN:
        if dice.random() < 0.3:
            scene.do(add_note, task.case, text=dice.choice(words.AT_A_CLOSED_DOOR), shared=False, by=actor)
        return
    if said.outcome == "could_not_talk":
        city = scene.organisation(STAD)
        details = {"kind": "interpreter", "organisation": city, "question": words.QUESTION, "by": actor}
        scene.do(ask_side_step, task.case, task.step, **details)
    if said.outcome == "wants_school":
        _keep_contact(scene, actor, task, dice)
    if dice.random() < 0.5:
        shared = dice.random() < 0.3
        text = dice.choice(words.SHARED if shared else words.AFTER_A_TALK)
        scene.do(add_note, task.case, text=text, shared=shared, by=actor)


def _keep_contact(scene: Scene, actor: Actor, task: Task, dice: Random) -> None:
    """A number in a range nobody has."""
    relation = dice.choice(("mother", "father"))
    scene.do(
        add_contact,
        task.case,
        name="Mama" if relation == "mother" else "Papa",
        relation=relation,
        phone=f"0400 00 {dice.randint(10, 99)} {dice.randint(10, 99)}",
        email=None,
        language=scene.language(task.child),
        school_may_ring=dice.random() < 0.7,
        by=actor,
    )
