"""A day of schools with a report: who shares counts, what is noted for kleuters at risk, cases opened, and followed."""

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.attendance.commands.caring import Care, note_care
from outreach.attendance.commands.opening import Wish, open_attendance
from outreach.attendance.commands.sharing import share_counts
from outreach.attendance.models import SchoolReport
from outreach.attendance.queries.area import present_sharing
from outreach.attendance.queries.caring import Row, rows_to_go_through
from outreach.attendance.queries.school import latest_reports
from outreach.attendance.reasons import NOT_KNOWN, NOT_NOTICED
from outreach.cases.commands.reporting import report_outcome
from outreach.schoolyear import Counter, SchoolCalendar
from outreach.training.world.partners import SCHOOLS
from outreach.training.world.scene import Scene, at_hour

_SHARE = {school.key for school in SCHOOLS[:3]}
_GO_THROUGH = {school.key for school in SCHOOLS[:4]}
"""The others leave their report lying."""

_OPENED, _FOLLOWED, _NOTED = 0.3, 0.45, 0.8
"""Of the kleuters at risk: a case is opened, the school follows it itself, a reason is noted, nothing yet."""

_REASONS = {
    "ill": 24,
    "home_situation": 16,
    "over_protective": 10,
    "lives_far": 8,
    "found_too_small": 12,
    "with_grandmother": 8,
    "long_stay_abroad": 6,
    "complex": 4,
    NOT_KNOWN: 8,
    NOT_NOTICED: 4,
}


def play(scene: Scene) -> None:
    """Every school that looks at its report, at the end of a school day."""
    if not SchoolCalendar().is_school_day(clock.today()):
        return
    schools = {scene.organisation(key).id for key in _GO_THROUGH}
    sharing = {scene.organisation(key).id for key in _SHARE}
    for actor in scene.people("school-contact"):
        if actor.organisation_id not in schools:
            continue
        reports = latest_reports(scene.session, actor, actor.organisation_id)
        if not reports:
            continue
        with at_hour(16):
            if actor.organisation_id in sharing and not present_sharing(scene.session, [actor.organisation_id]):
                scene.do(share_counts, actor.organisation_id, shares=True, by=actor)
            _go_through(scene, actor, reports[0])
            _follow_up(scene, actor, reports[0])


def _go_through(scene: Scene, actor: Actor, report: SchoolReport) -> None:
    """Each kleuter has its day within two weeks after the report."""
    passed = SchoolCalendar().between(report.as_of, clock.today(), Counter.SCHOOL_DAYS)
    due = [row for row in rows_to_go_through(scene.session, actor) if _is_due(scene, row, report, passed)]
    for row in due:
        dice = scene.chance("care", row.pupil.id)
        turn = dice.random()
        if turn > _NOTED:
            continue
        reason = dice.choices(list(_REASONS), list(_REASONS.values()))[0]
        care = Care(reason, actor.person_id if dice.random() < 0.5 else None, _OPENED < turn <= _FOLLOWED)
        scene.do(note_care, row.pupil, care, seen_id=None, by=actor)
    chosen = {row.pupil.id for row in due if scene.chance("care", row.pupil.id).random() <= _OPENED}
    wishes = [
        Wish(row, row.pupil.born_on, same=False)
        for row in rows_to_go_through(scene.session, actor, chosen)
        if row.pupil.born_on is not None
    ]
    if wishes:
        scene.do(open_attendance, wishes, report=report, by=actor)


def _is_due(scene: Scene, row: Row, report: SchoolReport, passed: int) -> bool:
    return row.care is None and row.running is None and passed == scene.chance(report.id, row.pupil.id).randint(1, 10)


def _follow_up(scene: Scene, actor: Actor, report: SchoolReport) -> None:
    """After a report that came later than the agreement, most agreements are looked back on."""
    for task in scene.tasks(actor, "follow_up"):
        dice = scene.chance("back", task.step.id)
        passed = SchoolCalendar().between(report.as_of, clock.today(), Counter.SCHOOL_DAYS)
        if task.step.opened_on < report.as_of and passed >= dice.randint(3, 12):
            outcome = "improving" if dice.random() < 0.7 else "not_improving"
            if scene.can_say(task, outcome):
                scene.do(report_outcome, task.case, task.step, outcome=outcome, facts={}, by=actor)
