"""What a process file may say: steps, dates, outcomes and what they ask; nothing else is accepted."""

from enum import StrEnum
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from outreach.cases.workflow.facts import Fact
from outreach.schoolyear import Counter

Word = dict[str, str]
"""A text in every language."""

STAY = "stay"
CLOSURE = "closure"


class Anchor(StrEnum):
    """The days a date may hang on; process.md, "Anchor"."""

    CASE_OPENED = "case_opened"
    STEP_OPENED = "step_opened"
    LAST_ATTEMPT = "last_attempt"
    ENTRY_DAY = "entry_day"
    THIRD_BIRTHDAY_PLUS_2_MONTHS = "third_birthday_plus_2_months"
    COMPULSORY_FROM = "compulsory_from"
    REGISTRATION_CLOSES = "registration_closes"
    TICKET_EXPIRES = "ticket_expires"
    RESULT_DAY = "result_day"
    THRESHOLD_LAST_DAY = "threshold_last_day"
    SCHOOL_YEAR_END = "school_year_end"
    SCHOOL_YEAR_START = "school_year_start"
    NEXT_SCHOOL_YEAR = "next_school_year"
    AUTUMN_ENTRY_DAY = "autumn_entry_day"
    NEXT_REPORT = "next_report"
    REFUSED_ON = "refused_on"


FROM_HERE = frozenset({Anchor.CASE_OPENED, Anchor.STEP_OPENED, Anchor.LAST_ATTEMPT})
"""Anchors of our own making; every other one comes from the world and does not wait for a pause."""


class Strict(BaseModel):
    """Frozen, and a word it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Condition = Literal["compulsory", "not_compulsory"]

Kind = Literal[
    "lop", "kind-en-gezin", "huis-van-het-kind", "inloopteam", "school", "clb", "municipality", "ocmw", "other"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Kinds of organisations, as the partners room knows them."""


class DateRule(Strict):
    """So many days of a counter after (or, negative, before) an anchor; 0 is the anchor's day itself."""

    count: int = 0
    counter: Counter
    anchor: Anchor
    when: Condition | None = None


class TooLate(Strict):
    """The earliest of these; when none has a value, the first of `otherwise` that applies."""

    earliest: tuple[DateRule, ...] = ()
    otherwise: tuple[DateRule, ...] = ()
    tight_until_anchor: bool = False


class OwnerRule(Strict):
    """Who a step belongs to: the lead, or an organisation of one of these kinds. `else_lead`: with none of that kind
    the lead has it as a matter of course, not marked to assign. `beside`: kinds that help, without owning."""

    lead: bool = False
    kinds: tuple[Kind, ...] = ()
    else_lead: bool = False
    beside: tuple[Kind, ...] = ()


class Stay(Strict):
    """How the dates move when a step goes on: the next agreed day, and a new too-late day where one is known.

    `by_channel`: working days until the next try, by the channel of this one. `aim`, `too_late`: counted from the
    day of the report. `again`: both dates are derived again from the day of the report.
    """

    by_channel: dict[str, int] = Field(default_factory=dict)
    aim: DateRule | None = None
    too_late: DateRule | None = None
    again: bool = False


class Transfer(Strict):
    """The case goes to another area: ours until that area accepts, which ends the track with `accepted`; unanswered
    after `within` it comes back as the step `unanswered`, marked."""

    accepted: str
    unanswered: str
    within: DateRule


class Outcome(Strict):
    """One thing an owner may report, and where it leads.

    `to`: a step, `stay` or `closure` (then one of `closures`). `asks` must be answered, `may_ask` may be;
    `asks_if_compulsory` must be for a child of compulsory school age. `at_most` counts per step, or per track.
    `not_beyond`: the day that is named lies on this anchor at the latest. `handover`: the parents are asked.
    `companion`: the next step goes to the person the family trusts. `aim`, `too_late`: instead of the next step's own.
    """

    key: str
    label: Word
    to: str
    asks: tuple[Fact, ...] = ()
    may_ask: tuple[Fact, ...] = ()
    asks_if_compulsory: tuple[Fact, ...] = ()
    closures: tuple[str, ...] = ()
    when: Literal["compulsory", "not_compulsory", "after_1_june"] | None = None
    at_most: int | None = None
    per: Literal["step", "track"] = "step"
    not_beyond: Anchor | None = None
    after_tries: bool = False
    reached: bool = True
    handover: bool = False
    aim: DateRule | None = None
    too_late: DateRule | None = None
    stay: Stay | None = None
    opens: str | None = None
    companion: bool = False
    transfer: Transfer | None = None
    reassigns: bool = False
    stops_everything: bool = False


class Tries(Strict):
    """How often, over how many channels and how long somebody must have tried before giving up."""

    count: int
    compulsory_count: int
    channels: int
    working_days: int


class Choice(Strict):
    """One answer of a short list."""

    key: str
    label: Word


class AbsenceReason(Choice):
    """Why a child is rarely there; one that may touch `health` is seen by who said it and by the owner of the step.

    `why` it is held to touch health or not (GDPR art. 9).
    """

    why: str
    health: bool = False


class StepRule(Strict):
    """One step of a process.

    `assigns`: passing the case on from here is no hand-over that needs the parents. `coordinated`: where a school
    leads, the lead passes to the area's coordinating organisation once this step opens. `starts`: it opens planned,
    and counts from that day.
    """

    key: str
    label: Word
    help: Word | None = None
    owner: OwnerRule
    report: Literal["general", "visit"] = "general"
    assigns: bool = False
    coordinated: bool = False
    aim: tuple[DateRule, ...]
    too_late: TooLate = TooLate()
    starts: DateRule | None = None
    tries: Tries | None = None
    checklist: tuple[Choice, ...] = ()
    outcomes: tuple[Outcome, ...]

    def find_outcome(self, key: str) -> Outcome | None:
        """The outcome with this key."""
        return next((outcome for outcome in self.outcomes if outcome.key == key), None)

    @property
    def counter(self) -> Counter:
        """The counter the ladder and silence count in: the aim's."""
        return self.aim[0].counter


class Process(Strict):
    """One published version of a process."""

    key: str
    version: int
    label: Word
    first: str
    steps: tuple[StepRule, ...]
    always: tuple[Outcome, ...]

    def find_step(self, key: str) -> StepRule | None:
        """The step with this key."""
        return next((step for step in self.steps if step.key == key), None)

    def outcomes_of(self, step: StepRule) -> tuple[Outcome, ...]:
        """What can be reported at a step: its own outcomes, and those of every step unless they lead back to it."""
        return (*step.outcomes, *(outcome for outcome in self.always if outcome.to != step.key))


class Closure(Strict):
    """A way for a track to end. `enrolled`: proposed when the enrolment came before the case, before the first
    contact, or after it. `at_year_end`: a reason to close several cases at once when the school year ends."""

    key: str
    label: Word
    result: Literal["positive", "neutral", "not_achieved", "unknown", "handed_over", "administrative"]
    leave_in_peace: bool = False
    at_year_end: bool = False
    enrolled: Literal["before_case", "before_contact", "after_contact"] | None = None


class SideRule(Strict):
    """One thing a partner can be asked beside a step; without `kinds` it is opened by Outreach itself, never asked.

    `noticed`: what makes the radar open it for the owner of a step: nothing was heard of the step (`silence`), or its
    last report was one of `left_open_by`, which leaves the reason open (`reason`). It has no ladder of its own: the
    step it stands beside has. `answers`: which short list it is answered from.
    """

    key: str
    label: Word
    kinds: tuple[Kind, ...]
    aim: DateRule
    too_late: DateRule | None = None
    noticed: Literal["silence", "reason"] | None = None
    left_open_by: tuple[str, ...] = ()
    answers: Literal["side_outcomes", "standings", "absence_reasons"] = "side_outcomes"


class Ladder(Strict):
    """When reminders climb, in the step's own counter (`never_sooner_after_told` in working days).

    `round_*`: the stay, the pause and the opening of one step in a track from which a case is going round. The radar
    counts `silence`, and how long a reason may stay open (`reason_open`), in school days.
    """

    before_aim: int
    only_if_aim_after: int
    team_lead_after: int
    coordinator_after: int
    never_sooner_after_told: int
    silence: int
    reason_open: int
    round_stays: int
    round_pauses: int
    round_openings: int


class Common(Strict):
    """What all processes share."""

    closures: tuple[Closure, ...]
    sides: tuple[SideRule, ...]
    side_outcomes: tuple[Choice, ...]
    standings: tuple[Choice, ...]
    pauses: tuple[Choice, ...]
    absence_reasons: tuple[AbsenceReason, ...]
    looks_back: tuple[str, ...]
    """Steps whose outcomes say how it went after what was done before: no action of their own."""
    barriers: tuple[Choice, ...]
    ladder: Ladder
