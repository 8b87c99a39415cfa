"""What can be decided about a difference between two lists."""

from enum import StrEnum

from outreach.imports.models import DifferenceKind

LATER = "later"
"""The answer after which a difference is still to decide."""

MOST = 500
"""How many differences one decision is about at most."""


class Answer(StrEnum):
    """What can be decided; what each means depends on the kind of difference."""

    VERIFY = "verify"
    TAKE = "take"
    OFFER = "offer"
    PUT_BACK = "put_back"
    REOPEN = "reopen"
    KEEP = "keep"
    LATER = LATER


ANSWERS: dict[DifferenceKind, tuple[Answer, ...]] = {
    DifferenceKind.GONE: (Answer.VERIFY, Answer.KEEP, Answer.LATER),
    DifferenceKind.MOVED: (Answer.TAKE, Answer.KEEP, Answer.LATER),
    DifferenceKind.RESPELT: (Answer.TAKE, Answer.KEEP, Answer.LATER),
    DifferenceKind.CAPITALS: (Answer.KEEP, Answer.TAKE),
    DifferenceKind.BORN: (Answer.TAKE, Answer.KEEP, Answer.LATER),
    DifferenceKind.RENUMBERED: (Answer.KEEP, Answer.PUT_BACK, Answer.LATER),
    DifferenceKind.OUTSIDE: (Answer.OFFER, Answer.KEEP, Answer.LATER),
    DifferenceKind.AGAIN: (Answer.KEEP, Answer.REOPEN, Answer.LATER),
}
"""What can be decided about each kind, the usual answer first."""
