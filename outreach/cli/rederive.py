"""`outreach rederive`: after a change of calendar or closing days, first what would move, then move it."""

from typing import Any

import click
from flask.cli import with_appcontext

from outreach.accounts.actors import builtin
from outreach.cases.commands.rederiving import Moved, apply_rederivation, preview_rederivation
from outreach.cli import named
from outreach.cli.console import answer, json_option
from outreach.database import transaction
from outreach.extensions import db


@click.command()
@click.option("--area", metavar="KEY", help="The open steps of this area.")
@click.option("--organisation", metavar="KEY", help="The open steps of this organisation.")
@click.option("--apply", "do_apply", is_flag=True, help="Give the steps their new dates; without it nothing changes.")
@json_option
@with_appcontext
def rederive(area: str | None, organisation: str | None, do_apply: bool, as_json: bool) -> None:
    """Derive the dates of open steps again; shows before and after of each that differs."""
    if not area and not organisation:
        raise click.UsageError("Noem een gebied (--area) of een organisatie (--organisation).")
    with transaction(db.session):
        place: dict[str, Any] = {
            "area_id": named.area(db.session, area).id if area else None,
            "organisation_id": named.organisation(db.session, organisation).id if organisation else None,
        }
        if do_apply:
            moved = apply_rederivation(db.session, **place, by=builtin(db.session, "console"))
        else:
            moved = preview_rederivation(db.session, **place)
        steps = [_data(each) for each in moved]
    data = {"applied": do_apply, "moved": len(steps), "steps": steps}
    answer(as_json, data, [*map(_line, steps), summary(len(steps), applied=do_apply)])


def summary(count: int, *, applied: bool) -> str:
    """How many open steps moved or would move."""
    if count == 0:
        return "Geen enkele open stap krijgt andere dagen."
    verb = "kregen" if applied else "zouden krijgen"
    return f"{count} open {'stap' if count == 1 else 'stappen'} {verb} andere dagen."


def _data(each: Moved) -> dict[str, Any]:
    return {
        "case": each.case.reference,
        "step": each.step.key,
        "number": each.step.number,
        "aim": {"before": each.before.aim_on, "after": each.after.aim_on},
        "too_late": {"before": each.before.too_late_on, "after": each.after.too_late_on},
    }


def _line(data: dict[str, Any]) -> str:
    told = [
        f"{name} {data[key]['before']} -> {data[key]['after']}"
        for name, key in (("doel", "aim"), ("te laat", "too_late"))
        if data[key]["before"] != data[key]["after"]
    ]
    return f"{data['case']} {data['step']}: {', '.join(told)}"
