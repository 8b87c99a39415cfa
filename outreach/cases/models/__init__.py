"""The facts of a case, and what follows from them."""

from outreach.cases.models.case import Case, CaseAnchor, Closure, Placement, Proposal, Track
from outreach.cases.models.deeds import Deed, DeedItem
from outreach.cases.models.invitations import VisitInvitation
from outreach.cases.models.ladder import LadderChange
from outreach.cases.models.letters import LetterText
from outreach.cases.models.links import SignedLink
from outreach.cases.models.offline import ConflictItem, TakenAlong
from outreach.cases.models.record import Attempt, Event, Handover, Note, Report
from outreach.cases.models.search import SearchWords
from outreach.cases.models.step import Assignment, Nudge, Pause, Reminder, Spotted, Step, StepState
from outreach.cases.models.year import SchoolContact, YearDecision

__all__ = [
    "Assignment",
    "Attempt",
    "Case",
    "CaseAnchor",
    "Closure",
    "ConflictItem",
    "Deed",
    "DeedItem",
    "Event",
    "Handover",
    "LadderChange",
    "LetterText",
    "Note",
    "Nudge",
    "Pause",
    "Placement",
    "Proposal",
    "Reminder",
    "Report",
    "SchoolContact",
    "SearchWords",
    "SignedLink",
    "Spotted",
    "Step",
    "StepState",
    "TakenAlong",
    "Track",
    "VisitInvitation",
    "YearDecision",
]
