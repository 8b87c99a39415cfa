"""Work outside the request, as a test does it: somebody asks, and a scheduler process looks for what there is to do."""

from collections.abc import Iterator

from flask import Flask

from outreach.extensions import db
from outreach.imports.noticeboard import board_of
from outreach.scheduler.uploads import work_on_one
from tests.cases.conftest import SignIn, Visitor
from tests.ground.field import Field


def work(app: Flask) -> bool:
    """A scheduler process looks for something to do, and does it."""
    db.session.rollback()
    return work_on_one(app, lambda: False)


def coordinator(sign_in: SignIn, field: Field) -> Iterator[Visitor]:
    """The coordinator of the LOP, signed in; what was said beside the database is gone afterwards."""
    yield sign_in(field.coordinator)
    board = board_of(db.session)
    for job_id in range(1, 10):
        if board is not None:
            board.clear(job_id)
