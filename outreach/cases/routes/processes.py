"""How each process goes: a picture of every published version, and the same in words."""

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _

from outreach.cases.routes.blueprint import blueprint
from outreach.cases.workflow import processes
from outreach.cases.workflow.drawing import CARD, Picture, draw
from outreach.cases.workflow.telling import ToldProcess, tell
from outreach.web.access import allowed
from outreach.web.filters import language


@blueprint.get("/processes")
@allowed()
def all_processes() -> str:
    """Every published version, the newest of each first."""
    known = sorted(processes(), key=lambda each: (each.key != "enrolment", each.key, -each.version))
    shown = [
        {
            "label": process.label[language()],
            "version": process.version,
            "current": processes().current(process.key) is process,
            "steps": [step.label for step in tell(processes(), process, language()).steps if step.usual],
            "url": url_for("cases.process", process=process.key, version=process.version),
        }
        for process in known
    ]
    return render_template("cases/processes.html", processes=shown)


@blueprint.get("/processes/<process>/<int:version>")
@allowed()
def process(process: str, version: int) -> str:
    """One version: its steps, whose they are, by when, and where each answer leads."""
    try:
        found = processes().process(process, version)
    except KeyError:
        abort(404)
    told = tell(processes(), found, language())
    here = request.args.get("at")
    return render_template(
        "cases/process.html",
        process=told,
        current=processes().current(process) is found,
        picture=_picture(told),
        card_width=CARD,
        here=here if any(step.key == here for step in told.steps) else None,
    )


def _picture(told: ToldProcess) -> Picture:
    return draw(
        told,
        aim=_("Aim"),
        too_late=_("Too late"),
        stays=_("Stays at this step"),
        ends=_("Ends the track"),
        sometimes=_("Only when needed"),
        always=_("Can be said at every step"),
    )
