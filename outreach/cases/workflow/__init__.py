"""The process as data: steps, outcomes and dates, knowing neither web nor database."""

from outreach.cases.workflow.anchors import Circumstances, compulsory_from
from outreach.cases.workflow.dates import StepDates, combine, derive
from outreach.cases.workflow.loading import Processes, load_processes, processes
from outreach.cases.workflow.model import (
    CLOSURE,
    STAY,
    Anchor,
    Closure,
    DateRule,
    Fact,
    Outcome,
    OwnerRule,
    Process,
    SideRule,
    StepRule,
    TooLate,
    Tries,
)
from outreach.cases.workflow.moving import again, agreed_day, counted_from, paused
from outreach.cases.workflow.owners import Owner, choose_owner
from outreach.cases.workflow.tries import Try, enough, missing

__all__ = [
    "CLOSURE",
    "STAY",
    "Anchor",
    "Circumstances",
    "Closure",
    "DateRule",
    "Fact",
    "Outcome",
    "Owner",
    "OwnerRule",
    "Process",
    "Processes",
    "SideRule",
    "StepDates",
    "StepRule",
    "TooLate",
    "Tries",
    "Try",
    "again",
    "agreed_day",
    "choose_owner",
    "combine",
    "compulsory_from",
    "counted_from",
    "derive",
    "enough",
    "load_processes",
    "missing",
    "paused",
    "processes",
]
