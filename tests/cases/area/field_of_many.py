"""Many families in one area, to be given to teams."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.cases.commands.waves import Waves, assign_in_waves
from outreach.cases.models import Case, Step
from outreach.cases.queries.area_list import Chosen, Waiting, households, waiting_steps
from outreach.database import seen_by
from tests.ground.field import Field

READ = seen_by("test")


def step_of(session: Session, case: Case) -> Step:
    """The newest step of a case."""
    session.flush()
    statement = select(Step).where(Step.case_id == case.id).order_by(Step.number.desc()).limit(1)
    return session.scalars(statement, execution_options=READ).one()


def in_order(field: Field, *cases: Case) -> list[Waiting]:
    """The living steps of the area (of these cases), in the order of a wave, as the coordinator sees them."""
    field.session.flush()
    urgency = households(field.session, field.coordinator, field.area, Chosen())
    order = sorted(urgency, key=lambda household_id: (urgency[household_id], household_id))
    found = waiting_steps(field.session, field.coordinator, field.area, order)
    return [each for each in found if not cases or each.case in cases]


def give(field: Field, waiting: list[Waiting], *, per_week: int = 12, first_on: date, **more: object) -> Waves:
    """The coordinator gives these families to De Brug."""
    given: dict[str, object] = {"person_id": None, "by": field.coordinator, "schooling_check": "no", **more}
    return assign_in_waves(
        field.session,
        waiting,
        organisation=field.organisations["de-brug"],
        per_week=per_week,
        first_on=first_on,
        **given,  # type: ignore[arg-type]
    )
