"""My work: what is mine to do, in which section, and as cheap for three hundred steps as for three."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.planning import pause_step, plan_visit
from outreach.cases.models import Case, Step
from outreach.children.models import Child
from outreach.extensions import db
from tests.ground.field import Field

from .conftest import READ, Visitor, at_home_visit, at_school_choice, newest

Enter = Callable[[Actor | None], Visitor]


def test_a_stranger_signs_in_first(enter: Enter) -> None:
    assert enter(None).get("/my-work").status_code == 302


def test_home_is_my_work_for_who_works_with_cases(field: Field, enter: Enter) -> None:
    assert enter(field.worker).get("/").location == "/my-work"


def test_home_of_the_flemish_level_says_what_it_sees(field: Field, enter: Enter, session: Session) -> None:
    veerle = field.person("Veerle", "lop-gent", "agodi")
    session.commit()
    visitor = enter(veerle)
    assert "nooit een kind" in visitor.read("/")
    assert visitor.get("/my-work").status_code == 403


def test_a_visit_agreed_for_today_stands_under_today_and_a_late_one_under_late(
    field: Field, enter: Enter, session: Session
) -> None:
    today, late = at_home_visit(field, "Milan"), at_home_visit(field, "Aya", date(2022, 5, 1))
    with clock.at(clock.now() + timedelta(days=60)):
        plan_visit(session, today, newest_in(session, today), on=clock.today(), by=field.worker)
        session.commit()
        page = enter(field.worker).read("/my-work")
    assert page.index("Vandaag</h2>") < page.index("Milan Peeters") < page.index("Te laat</h2>")
    assert page.index("Te laat</h2>") < page.index("Aya Peeters")
    assert "dagen te laat" in page
    assert late.reference in page


def test_a_paused_visit_is_for_later_and_never_late(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    pause_step(
        session,
        case,
        newest_in(session, case),
        reason="illness",
        until_on=date(2027, 3, 1),
        remark=None,
        by=field.worker,
    )
    session.commit()
    page = enter(field.worker).read("/my-work")
    assert "in pauze tot ma 1 mrt 2027" in page
    assert "te laat" not in page.lower()


def test_who_has_no_part_in_a_case_does_not_find_it(field: Field, enter: Enter) -> None:
    at_home_visit(field)
    assert "Milan" not in enter(field.guide).read("/my-work")
    assert "Milan" not in enter(field.school).read("/my-work")


def test_without_the_parents_word_the_card_shows_no_name(field: Field, enter: Enter) -> None:
    case = at_school_choice(field, know="not_asked", agree="not_asked")
    page = enter(field.guide).read("/my-work")
    assert case.reference in page
    assert "Milan" not in page
    assert "Sleepstraat" not in page


def test_the_lead_sees_what_waits_for_others(field: Field, enter: Enter) -> None:
    at_home_visit(field)
    page = enter(field.coordinator).read("/my-work")
    assert page.index("Wacht op anderen</h2>") < page.index("Milan Peeters")


def test_a_team_lead_sees_the_load_of_the_team(field: Field, enter: Enter, session: Session) -> None:
    at_home_visit(field)
    marleen = field.person("Marleen", "de-brug", "team-lead")
    session.commit()
    page = enter(marleen).read("/my-work?whose=team")
    assert "Wim" in page[page.index("team-title") :]
    assert "Milan Peeters" in page


def test_whose_work_one_looks_at_is_remembered(field: Field, enter: Enter, session: Session) -> None:
    at_home_visit(field)
    bert = field.person("Bert", "de-brug", "worker")
    session.commit()
    visitor = enter(bert)
    assert "Milan" not in visitor.read("/my-work")
    assert "Milan" in visitor.read("/my-work?whose=team")
    assert "Milan" in visitor.read("/my-work")


def test_three_hundred_steps_cost_as_many_statements_as_three(
    field: Field, enter: Enter, session: Session, app: Flask
) -> None:
    for number in range(3):
        at_home_visit(field, f"Kind {number}")
    visitor = enter(field.worker)
    visitor.read("/my-work")
    few = statements(app, lambda: visitor.read("/my-work"))
    copy_steps(session, 300)
    many = statements(app, lambda: visitor.read("/my-work"))
    assert len(few) == len(many), many


def statements(app: Flask, work: Callable[[], object]) -> list[str]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return seen


def copy_steps(session: Session, count: int) -> None:
    """Many more visits of the same case; the list does not care that they are of one child."""
    session.rollback()
    step = session.scalars(select(Step).where(Step.key == "home_visit"), execution_options=READ).first()
    assert step is not None
    columns = {c.name: getattr(step, c.name) for c in Step.__table__.columns if c.name not in ("id", "number")}
    session.add_all(Step(**columns, number=100 + n) for n in range(count))
    session.commit()
    assert session.scalars(select(Child.id), execution_options=READ).first()


def newest_in(session: Session, case: Case) -> Step:
    """The newest step, still in this session, to be changed."""
    return session.get_one(Step, newest(session, case).id, execution_options=READ)
