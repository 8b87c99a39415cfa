"""What one can ask of a database before serving it: is it a training one, is its world made, is it empty."""

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from outreach.accounts.models import Person
from outreach.partners.models import Area
from outreach.training.models import TrainingMark


def is_training_database(session: Session) -> bool:
    """Whether `outreach run` marked this database; also answers on one without tables."""
    there = inspect(session.connection()).has_table(TrainingMark.__tablename__)
    return there and find_mark(session) is not None


def find_mark(session: Session) -> TrainingMark | None:
    """The mark of a training database."""
    return session.get(TrainingMark, 1, populate_existing=True)


def world_is_made(session: Session) -> bool:
    """Whether the world can be walked in."""
    mark = find_mark(session)
    return mark is not None and mark.finished_at is not None


def is_empty(session: Session) -> bool:
    """Whether nobody has put an area or a person in this database yet."""
    areas = select(Area.id).limit(1)
    people = select(Person.id).where(Person.actor_key.is_(None)).limit(1)
    return session.scalar(areas) is None and session.scalar(people) is None
