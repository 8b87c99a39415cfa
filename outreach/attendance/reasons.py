"""Why a kleuter is rarely there: the reasons of a case, and two that make work because nobody found one yet."""

from outreach.cases.workflow import processes

NOT_KNOWN, NOT_NOTICED = "not_known", "not_noticed"

OPEN_REASONS = (NOT_KNOWN, NOT_NOTICED)
"""Nobody knows why, or nobody had seen it: somebody still has to find out."""


def reasons() -> tuple[str, ...]:
    """Every reason one can note, the open ones last."""
    return (*(each.key for each in processes().common.absence_reasons), *OPEN_REASONS)
