"""The process as data: steps, outcomes and dates, knowing neither web nor database."""

from outreach.cases.workflow.anchors import Circumstances, compulsory_from, nearest_loss
from outreach.cases.workflow.by_link import General, sayable_by_link
from outreach.cases.workflow.dates import StepDates, combine, derive
from outreach.cases.workflow.explaining import Explained, explain_dates
from outreach.cases.workflow.facts import FACT_KINDS, Fact
from outreach.cases.workflow.ladder import (
    Cutoffs,
    Rung,
    adjusted,
    cutoffs,
    forewarned,
    going_round,
    heard_on,
    highest_rung,
    schools_asleep,
    schools_wake_on,
    silent_rung,
)
from outreach.cases.workflow.ladder_bounds import BOUNDS as LADDER_BOUNDS, check_ladder
from outreach.cases.workflow.loading import Processes, load_processes, processes
from outreach.cases.workflow.model import (
    CLOSURE,
    STAY,
    Anchor,
    Choice,
    Closure,
    DateRule,
    Ladder,
    Outcome,
    OwnerRule,
    Process,
    SideRule,
    Stay,
    StepRule,
    TooLate,
    Transfer,
    Tries,
)
from outreach.cases.workflow.moving import agreed_day, counted_from, stayed
from outreach.cases.workflow.next_visit import PARTS as PARTS_OF_DAY, NextVisit, Sought, next_visit, part_of
from outreach.cases.workflow.offering import Possible, Situation, asked, possible_outcomes, proposed_closure
from outreach.cases.workflow.owners import Owner, choose_owner
from outreach.cases.workflow.pausing import paused, resumed
from outreach.cases.workflow.rederiving import again
from outreach.cases.workflow.sleeping import asleep
from outreach.cases.workflow.tries import Try, enough, missing

__all__ = [
    "CLOSURE",
    "FACT_KINDS",
    "LADDER_BOUNDS",
    "PARTS_OF_DAY",
    "STAY",
    "Anchor",
    "Choice",
    "Circumstances",
    "Closure",
    "Cutoffs",
    "DateRule",
    "Explained",
    "Fact",
    "General",
    "Ladder",
    "NextVisit",
    "Outcome",
    "Owner",
    "OwnerRule",
    "Possible",
    "Process",
    "Processes",
    "Rung",
    "SideRule",
    "Situation",
    "Sought",
    "Stay",
    "StepDates",
    "StepRule",
    "TooLate",
    "Transfer",
    "Tries",
    "Try",
    "adjusted",
    "again",
    "agreed_day",
    "asked",
    "asleep",
    "check_ladder",
    "choose_owner",
    "combine",
    "compulsory_from",
    "counted_from",
    "cutoffs",
    "derive",
    "enough",
    "explain_dates",
    "forewarned",
    "going_round",
    "heard_on",
    "highest_rung",
    "load_processes",
    "missing",
    "nearest_loss",
    "next_visit",
    "part_of",
    "paused",
    "possible_outcomes",
    "processes",
    "proposed_closure",
    "resumed",
    "sayable_by_link",
    "schools_asleep",
    "schools_wake_on",
    "silent_rung",
    "stayed",
]
