"""Households with their living steps, and what teams carry, as the pages of the area show them."""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.policy import may_assign, place_is_hidden
from outreach.cases.queries.area_list import Waiting
from outreach.cases.queries.assigning import can_be_assigned
from outreach.cases.queries.loads import Load, TeamLoad
from outreach.cases.queries.naming import Names
from outreach.cases.queries.standing import standing
from outreach.cases.routes.shown import due_shown, is_compulsory, place, standing_text, step_name, street
from outreach.cases.words import label
from outreach.cases.workflow import processes
from outreach.partners.calendars import calendar_for
from outreach.partners.models import SCHOOL
from outreach.web.filters import age, day, language

Shown = dict[str, Any]


def households_shown(
    session: Session, actor: Actor, waiting: Sequence[Waiting], known: Names, ticked: Collection[int]
) -> list[Shown]:
    """The households of these steps, in their order."""
    found = []
    for household_id, group in groupby(waiting, key=lambda each: each.child.household_id):
        steps = list(group)
        address, neighbourhood = address_of(actor, steps)
        found.append(
            {
                "key": household_id,
                "address": address,
                "neighbourhood": neighbourhood,
                "size": len({each.child.id for each in steps}),
                "selectable": any(_selectable(actor, each) for each in steps),
                "ticked": household_id in ticked,
                "children": [_line(session, actor, each, known) for each in steps],
            }
        )
    return found


def address_of(actor: Actor, steps: Sequence[Waiting]) -> tuple[str, str]:
    """Street and place of a household; not those of a guarded one, for who may not know."""
    if any(place_is_hidden(actor, each.case, [each.step]) for each in steps):
        return label("warning", "hidden", language()), ""
    homes = [each.residence for each in steps if each.residence is not None]
    return (street(homes[0]), place(homes[0])) if homes else (label("address", "none", language()), "")


def load_shown(loads: dict[int, TeamLoad]) -> list[Shown]:
    """The load of each team, the heaviest bar as long as the most that one of them carries."""
    most = max([load.open + load.planned for load in loads.values()] or [0])
    return [
        {
            **_load(load),
            "max": max(most, 1),
            "people": [_load(person) for person in load.people],
            "weeks": [(day(monday), count) for monday, count in load.weeks.items()],
        }
        for load in loads.values()
    ]


def _load(load: Load) -> Shown:
    return {"name": load.name, "open": load.open, "late": load.late, "planned": load.planned}


def _selectable(actor: Actor, each: Waiting) -> bool:
    process = processes().process(each.track.process, each.track.process_version)
    return may_assign(actor, each.case, each.step) and can_be_assigned(process, each.step.key)


def _line(session: Session, actor: Actor, each: Waiting, known: Names) -> Shown:
    step = each.step
    calendar = calendar_for(session, step.area_id, step.organisation_id)
    stands = standing(step, clock.today(), calendar, each.paused_until)
    return {
        "name": each.child.name,
        "url": url_for("cases.case", reference=each.case.reference),
        "reference": each.case.reference,
        "age": age(each.child.born_on),
        "step": step_name(each.track, step),
        "owner": _owner(actor, each, known),
        "due_text": due_shown(step)[0],
        "urgency": stands.urgency,
        "urgency_text": standing_text(stands),
        "compulsory": is_compulsory(each.child),
    }


def _owner(actor: Actor, each: Waiting, known: Names) -> str:
    step = each.step
    organisation = known.organisations[step.organisation_id]
    name = organisation.name
    if organisation.kind == SCHOOL and place_is_hidden(actor, each.case, [step]):
        name = _("a school")
    person = known.person(step.person_id)
    return f"{person}, {name}" if person else name
