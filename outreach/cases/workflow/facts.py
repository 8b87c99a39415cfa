"""What an outcome may ask: a closed list, so that every form, report and import knows the same facts."""

from enum import StrEnum
from typing import Literal


class Fact(StrEnum):
    """What an outcome may ask."""

    SCHOOL = "school"
    ENTRY_DAY = "entry_day"
    FAMILY_DAY = "family_day"
    PLANNED_ON = "planned_on"
    CHANNEL = "channel"
    RESULT_ON = "result_on"
    TICKET_EXPIRES_ON = "ticket_expires_on"
    REFUSED_ON = "refused_on"
    PROOF = "proof"
    REASON = "reason"
    LEAVE_IN_PEACE_UNTIL = "leave_in_peace_until"
    HALF_DAYS_PRESENT = "half_days_present"
    HALF_DAYS_POSSIBLE = "half_days_possible"
    PARENTS_TOLD = "parents_told"
    ORGANISATION = "organisation"
    DESTINATION = "destination"
    INTERPRETER = "interpreter"
    LANGUAGE = "language"
    SCHOOLING_CHECK = "schooling_check"
    ORIGIN_TOLD = "origin_told"
    ENROLLED_ON = "enrolled_on"


FactKind = Literal["day", "number", "school", "organisation", "choice", "yes_no", "text"]

FACT_KINDS: dict[Fact, FactKind] = {
    Fact.SCHOOL: "school",
    Fact.ENTRY_DAY: "day",
    Fact.FAMILY_DAY: "day",
    Fact.PLANNED_ON: "day",
    Fact.CHANNEL: "choice",
    Fact.RESULT_ON: "day",
    Fact.TICKET_EXPIRES_ON: "day",
    Fact.REFUSED_ON: "day",
    Fact.PROOF: "choice",
    Fact.REASON: "choice",
    Fact.LEAVE_IN_PEACE_UNTIL: "day",
    Fact.HALF_DAYS_PRESENT: "number",
    Fact.HALF_DAYS_POSSIBLE: "number",
    Fact.PARENTS_TOLD: "yes_no",
    Fact.ORGANISATION: "organisation",
    Fact.DESTINATION: "text",
    Fact.INTERPRETER: "yes_no",
    Fact.LANGUAGE: "text",
    Fact.SCHOOLING_CHECK: "yes_no",
    Fact.ORIGIN_TOLD: "yes_no",
    Fact.ENROLLED_ON: "day",
}
"""What kind of answer each fact is: one entry for each."""
