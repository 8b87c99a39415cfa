"""`outreach calendar`: a school year, or the entry day of one child, on the console."""

import json
import re
from contextlib import suppress
from datetime import date
from typing import Any

import click

from outreach import labels
from outreach.schoolyear import (
    ENTRY_KEYS,
    DatedException,
    OutsideCalendar,
    SchoolCalendar,
    SchoolYear,
    dated_exceptions,
    entry_days_of,
    explain_entry_day,
    holiday_label,
    holidays,
    parse_school_year,
    school_year_of,
)
from outreach.schoolyear.explain import WORDS, exception_label, refusal

LANGUAGE = "nl"


@click.command()
@click.argument("year", required=False)
@click.option("--birth", metavar="DATE", help="Birth date of a child: when may it start?")
@click.option("--on", metavar="DATE", help="With --birth: the first entry day on or after this date.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def calendar(year: str | None, birth: str | None, on: str | None, as_json: bool) -> None:
    """A school year (2026-2027): holidays, entry days, half days. Or, with --birth, a child's entry day."""
    if (year is None) == (birth is None):
        raise click.UsageError("Geef een schooljaar (2026-2027) of --birth met een geboortedatum, niet allebei.")
    if on is not None and birth is None:
        raise click.UsageError("--on hoort bij --birth.")
    try:
        if birth is not None:
            data, text = child(_date(birth), _date(on) if on is not None else None), child_text
        else:
            data, text = school_year(parse_school_year(year or "")), school_year_text
    except OutsideCalendar as error:
        raise click.UsageError(refusal(error, LANGUAGE)) from error
    click.echo(json.dumps(data) if as_json else text(data))


def school_year(year: int) -> dict[str, Any]:
    """The legal rule for the school year starting in `year`, the exceptions that were applied beside it."""
    rule = SchoolCalendar(exceptions=False)
    label = SchoolYear(year)
    return {
        "school_year": label.label,
        "entry_days": [day.isoformat() for day in entry_days_of(year, exceptions=False)],
        "holidays": [
            {"key": holiday.key, "start": holiday.start.isoformat(), "end": holiday.end.isoformat()}
            for holiday in holidays(year)
        ],
        "half_days": rule.half_days_between(label.first_on, label.last_on),
        "exceptions": [
            {
                "start": row.start.isoformat(),
                "end": row.end.isoformat(),
                "reason": row.reason,
                "half_days": rule.half_days_between(row.start, row.end),
            }
            for row in _exceptions(year)
            if row.applied
        ],
    }


def child(birth: date, on: date | None) -> dict[str, Any]:
    """When the child may start: by the legal rule, with exceptions applied, and counted from `on`."""
    found = SchoolCalendar()
    return {
        "birth": birth.isoformat(),
        "earliest_entry_on": found.earliest_entry_on(birth).isoformat(),
        "effective_entry_on": found.effective_entry_on(birth).isoformat(),
        "next_entry_on": found.next_entry_on(birth, on).isoformat() if on else None,
    }


def school_year_text(data: dict[str, Any]) -> str:
    """The school year as a table in Dutch."""
    year = parse_school_year(data["school_year"])
    lines = [f"Schooljaar {data['school_year']}", "", "Vakanties"]
    for row in data["holidays"]:
        lines += [_line(holiday_label(row["key"], LANGUAGE), _period(row["start"], row["end"]))]
    lines += ["", "Instapdatums"]
    for key, day in zip(ENTRY_KEYS, data["entry_days"], strict=True):
        lines += [_line(WORDS.text(f"entry.{key}", LANGUAGE), _day(day))]
    lines += ["", f"Halve dagen: {data['half_days']} (bruto)"]
    rows = _exceptions(year)
    taken = {row["start"]: row["half_days"] for row in data["exceptions"]}
    if rows:
        lines += ["", "Uitzonderingen (niet verrekend in de datums hierboven)"]
    for exception in rows:
        cost = f"{taken[exception.start.isoformat()]} halve dagen minder" if exception.applied else "niet toegepast"
        period = _period(exception.start.isoformat(), exception.end.isoformat())
        lines += [f"  {period}: {exception_label(exception.key, LANGUAGE)} ({cost})"]
    return "\n".join(lines)


def child_text(data: dict[str, Any]) -> str:
    """The child's entry day in Dutch sentences."""
    birth = date.fromisoformat(data["birth"])
    effective = date.fromisoformat(data["effective_entry_on"])
    lines = [
        _line("Geboren", _day(data["birth"])),
        _line("Eerste instapdatum volgens de regel", _day(data["earliest_entry_on"])),
        _line("Met uitzonderingen", explain_entry_day(birth, effective, LANGUAGE)),
    ]
    if data["next_entry_on"]:
        following = date.fromisoformat(data["next_entry_on"])
        lines.append(_line("Eerstvolgende", explain_entry_day(birth, following, LANGUAGE)))
    return "\n".join(lines)


def _exceptions(year: int) -> list[DatedException]:
    return [row for row in dated_exceptions() if school_year_of(row.start).start == year]


def _date(text: str) -> date:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise click.UsageError(f"{text} is geen datum; schrijf bijvoorbeeld 2024-03-02.")


def _period(start: str, end: str) -> str:
    return f"{_day(start)} tot en met {_day(end)}"


def _line(name: str, text: str) -> str:
    return f"  {name:<40} {text}"


def _day(text: str) -> str:
    return labels.day(date.fromisoformat(text), LANGUAGE)
