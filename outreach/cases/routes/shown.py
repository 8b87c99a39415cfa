"""How steps, days and children are written on the pages of this room."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from outreach import clock
from outreach.cases.models import Step, Track
from outreach.cases.queries.standing import Standing
from outreach.cases.words import label, step_label, text
from outreach.cases.workflow import compulsory_from
from outreach.cases.workflow.explaining import explain_dates
from outreach.children.models import Child, Residence, VisitWithTwo
from outreach.schoolyear import Counter, SchoolCalendar, third_birthday
from outreach.web.filters import day, language


def counted(key: str, count: int, counter: Counter) -> str:
    """So many days of a counter, in a sentence: 3 schooldagen te laat."""
    unit = label("unit", f"{counter.value}_{'one' if count == 1 else 'many'}", language())
    return text(f"standing.{key}", language(), count=count, unit=unit)


def standing_text(standing: Standing) -> str:
    """What stands in the badge beside a step."""
    if standing.asleep:
        return text("standing.sleeps", language(), day=standing.day)
    if standing.urgency in ("planned", "paused"):
        key = standing.urgency if standing.day else f"{standing.urgency}_open"
        return (
            text(f"standing.{key}", language(), day=standing.day)
            if standing.day
            else label("standing", key, language())
        )
    if standing.urgency == "late":
        return counted("late", standing.days, standing.counter)
    if standing.days == 0:
        return label("standing", "tight_today" if standing.urgency == "tight" else "today", language())
    return counted("tight" if standing.urgency == "tight" else "left", standing.days, standing.counter)


def dates_shown(step: Step) -> dict[str, Any]:
    """Both dates of a step with why that day."""
    why = explain_dates(step.why, language())
    if step.sleeps_until is not None:
        due_text = _("the school rests; wakes on %(day)s", day=day(step.sleeps_until))
    elif step.planned_on is not None and step.living:
        part = f"{step.planned_at:%H:%M}" if step.planned_at else label("day_part", step.planned_part, language())
        due_text = _("agreed on %(day)s", day=", ".join(one for one in (day(step.planned_on), part) if one))
    elif step.aim_on is not None:
        due_text = _("aim %(day)s", day=day(step.aim_on))
    else:
        due_text = ""
    return {
        "due_text": due_text,
        "why": list(why.aim),
        "too_late_text": _("too late after %(day)s", day=day(step.too_late_on)) if step.too_late_on else "",
        "too_late_why": list(why.too_late),
    }


def due_shown(step: Step) -> tuple[str, list[str]]:
    """The one day a card shows, with why: the day agreed or the aim, else the day it would be too late."""
    shown = dates_shown(step)
    if shown["due_text"]:
        return shown["due_text"], shown["why"] + ([shown["too_late_text"]] if shown["too_late_text"] else [])
    return shown["too_late_text"], shown["too_late_why"]


def step_name(track: Track, step: Step) -> str:
    """The name of a step."""
    return step_label(track.process, step.key, language())


def street(residence: Residence | None) -> str:
    """Street and number, or what there is instead of them."""
    if residence is None:
        return ""
    return residence.line or label("address", residence.kind, language())


def with_two_said(said: VisitWithTwo) -> str:
    """The plain warning before any contact: by two, why, until when."""
    reason = label("with_two", said.reason, language())
    return text("warning.with_two", language(), reason=reason, day=said.until_on)


def place(residence: Residence | None) -> str:
    """Postcode and municipality."""
    return f"{residence.postcode} {residence.municipality}".strip() if residence else ""


def entry_shown(child: Child, calendar: SchoolCalendar, chosen: date | None) -> dict[str, str | None]:
    """When the child may start: a day and the school days left under three, any school day after; never below 0."""
    today = clock.today()
    if chosen is not None and chosen > today:
        return {"label": _("Chosen entry day"), "value": day(chosen), "small": _days_left(calendar, today, chosen)}
    if chosen is not None:
        return {"label": _("Entry day"), "value": day(chosen), "small": None}
    if today >= third_birthday(child.born_on):
        return {"label": _("May start"), "value": _("any school day"), "small": _lost_each_week(calendar, today)}
    entry = calendar.next_entry_on(child.born_on, today)
    return {"label": _("Entry day"), "value": day(entry), "small": _days_left(calendar, today, entry)}


def entry_line(child: Child, calendar: SchoolCalendar, chosen: date | None = None) -> str:
    """The same on one line."""
    shown = entry_shown(child, calendar, chosen)
    if chosen is None and clock.today() >= third_birthday(child.born_on):
        return str(_("may start any school day"))
    return str(_("entry day %(day)s", day=shown["value"]))


def entry_on(child: Child, calendar: SchoolCalendar) -> date:
    """The first day a child may start: today from three years on, else its next entry day."""
    today = clock.today()
    return today if today >= third_birthday(child.born_on) else calendar.next_entry_on(child.born_on, today)


def entry_days(child: Child, calendar: SchoolCalendar, chosen: date | None = None) -> str | None:
    """How many school days until a child may start, or starts; None when that is today or past."""
    entry = chosen or entry_on(child, calendar)
    return _days_left(calendar, clock.today(), entry) if entry > clock.today() else None


def is_compulsory(child: Child | None) -> bool:
    """Whether a child is of compulsory school age today."""
    return child is not None and clock.today() >= compulsory_from(child.born_on)


def _days_left(calendar: SchoolCalendar, today: date, until: date) -> str:
    left = calendar.between(today, until, Counter.SCHOOL_DAYS)
    return counted("left", left, Counter.SCHOOL_DAYS) if left > 0 else label("standing", "today", language())


def _lost_each_week(calendar: SchoolCalendar, today: date) -> str | None:
    monday = date.fromordinal(today.toordinal() - today.weekday())
    count = calendar.half_days_between(monday, date.fromordinal(monday.toordinal() + 6))
    if count == 1:
        return str(_("1 half day missed this week"))
    return str(_("%(count)s half days missed this week", count=count)) if count else None
